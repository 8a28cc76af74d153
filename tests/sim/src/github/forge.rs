//! How is a simulated GitHub started, reached and stopped?

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::clock::{Clock, ClockSource};
use super::contract::Judge;
use super::error::ForgeError;
use super::fault::{Fault, FaultMatch, Faults};
use super::git::{Git, GitError};
use super::json::FORGE_LOGIN;
use super::serve::router;
use super::tls::{self, Cut};
use super::webhook::{Outbox, send_deliveries};
use super::world::World;

/// Connections that are still busy after this long are dropped at the end.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How a forge behaves.
#[derive(Clone, Copy, Debug)]
pub struct ForgeOptions {
    pub clock: ClockSource,
    /// Hold every exchange and payload to GitHub's description, where its data is at hand.
    pub contract: bool,
    /// The first look at a pull request answers `mergeable: null`, as GitHub's often does.
    pub mergeable_is_slow: bool,
}

impl Default for ForgeOptions {
    fn default() -> Self {
        Self { clock: ClockSource::default(), contract: true, mergeable_is_slow: false }
    }
}

/// The state that requests and tests share.
#[derive(Clone)]
pub(crate) struct Shared {
    world: Arc<Mutex<World>>,
    outbox: Arc<Outbox>,
    /// Holds the repositories; removed with the last user.
    _folder: Arc<tempfile::TempDir>,
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        // A test that panicked while it held the lock must not hide its message behind poison.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        self.outbox.clone()
    }

    /// Runs a change that may call git, away from the async threads.
    pub(crate) async fn change<T: Send + 'static>(&self, change: impl FnOnce(&mut World) -> T + Send + 'static) -> Result<T, ForgeError> {
        let shared = self.clone();
        let changed = tokio::task::spawn_blocking(move || change(&mut shared.lock())).await;
        changed.map_err(|_| ForgeError::Panicked)
    }

    /// Runs git away from the async threads, without the forge's lock.
    pub(crate) async fn read_git<T: Send + 'static>(&self, read: impl FnOnce() -> T + Send + 'static) -> Result<T, ForgeError> {
        tokio::task::spawn_blocking(read).await.map_err(|_| ForgeError::Panicked)
    }
}

/// A simulated GitHub on 127.0.0.1. Clones are handles to the same forge; it stops with the last one.
#[derive(Clone)]
pub struct Forge {
    running: Arc<Running>,
}

struct Running {
    shared: Shared,
    web_url: String,
    certificate: String,
    stop: watch::Sender<bool>,
    server: Mutex<Option<JoinHandle<()>>>,
    sender: JoinHandle<()>,
}

impl fmt::Debug for Forge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Forge").field("web_url", &self.running.web_url).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.sender.abort();
    }
}

impl Forge {
    /// Starts a forge without repositories on a free port of 127.0.0.1.
    pub async fn start(options: ForgeOptions) -> Result<Self, ForgeError> {
        let failed = |attempt: &'static str| move |source: std::io::Error| ForgeError::Start { attempt, source: Box::new(source) };
        let folder = tempfile::Builder::new().prefix("forge-").tempdir().map_err(failed("make a folder for repositories"))?;
        let (listener, certificate) = tls::listen().await?;
        let address = axum::serve::Listener::local_addr(&listener).map_err(failed("read the port"))?;
        let web_url = format!("https://{address}");
        let outbox = Arc::new(Outbox::new());
        let mut world = World {
            clock: Clock::new(options.clock),
            web_url: web_url.clone(),
            root: folder.path().to_owned(),
            users: BTreeMap::new(),
            tokens: BTreeMap::new(),
            teams: BTreeMap::new(),
            repositories: BTreeMap::new(),
            // Larger than 32 bits, as GitHub's ids are by now.
            last_id: 5_000_000_000,
            mergeable_is_slow: options.mergeable_is_slow,
            latency: Duration::ZERO,
            unnoticed: None,
            rate_used: BTreeMap::new(),
            faults: Faults::default(),
            requests: VecDeque::new(),
            judge: Judge::new(options.contract),
            outbox: outbox.clone(),
        };
        world.add_user(FORGE_LOGIN, "User");
        let shared = Shared { world: Arc::new(Mutex::new(world)), outbox: outbox.clone(), _folder: Arc::new(folder) };
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.map_err(|source| ForgeError::Start { attempt: "make an HTTP client", source: Box::new(source) })?;
        let (stop, mut stopped) = watch::channel(false);
        let service = router(shared.clone()).into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move {
            let serve = axum::serve(listener, service).with_graceful_shutdown(async move {
                // An error means that the forge is gone, which is a reason to stop as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            });
            // Serving ends by the signal only; it has no other error to report.
            let _ = serve.await;
        });
        let sender = tokio::spawn(send_deliveries(outbox, client));
        let running = Running { shared, web_url, certificate, stop, server: Mutex::new(Some(server)), sender };
        Ok(Self { running: Arc::new(running) })
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.running.shared
    }

    /// The base of the REST API, in the form of GitHub Enterprise Server.
    pub fn api_url(&self) -> String {
        format!("{}/api/v3", self.running.web_url)
    }

    /// The base of pages and git repositories.
    pub fn web_url(&self) -> &str {
        &self.running.web_url
    }

    /// The address to clone a repository from; give the token as Basic password for the user `x-access-token`.
    pub fn git_url(&self, full_name: &str) -> String {
        format!("{}/{full_name}.git", self.running.web_url)
    }

    /// The self-signed certificate that clients must trust.
    pub fn certificate_pem(&self) -> &str {
        &self.running.certificate
    }

    /// Stops serving and waits until open requests were answered.
    pub async fn stop(&self) {
        self.running.stop.send_replace(true);
        let server = self.running.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut server) = server
            && tokio::time::timeout(STOP_TIMEOUT, &mut server).await.is_err()
        {
            server.abort();
        }
        self.running.sender.abort();
    }

    /// Moves a simulated clock forward.
    pub fn advance(&self, seconds: i64) {
        self.shared().lock().clock.advance(seconds);
    }

    /// What time it is on the forge.
    pub fn now(&self) -> jiff::Timestamp {
        self.shared().lock().clock.now()
    }

    /// From now on every answer takes so long on its way.
    pub fn set_latency(&self, latency: Duration) {
        self.shared().lock().latency = latency;
    }

    /// From now on GitHub does not notice that a push merged a pull request, until [`Forge::notice_pushes`].
    pub fn overlook_pushes(&self) {
        self.shared().lock().unnoticed.get_or_insert_default();
    }

    /// GitHub notices what pushes merged meanwhile.
    pub fn notice_pushes(&self) {
        let mut world = self.shared().lock();
        for push in world.unnoticed.take().into_iter().flatten() {
            let moved = (push.before.as_str(), push.after.as_str());
            world.merged_by_push(&push.repository, push.number, &push.by, moved).expect("the pull request is there");
        }
    }

    /// Lets the next matching request fail.
    pub fn fail_next(&self, matching: FaultMatch, fault: Fault) {
        self.fail_times(matching, fault, 1);
    }

    /// Lets the next `times` matching requests fail.
    pub fn fail_times(&self, matching: FaultMatch, fault: Fault, times: u32) {
        self.shared().lock().faults.plan(matching, fault, times);
    }

    pub(crate) async fn with_git<T: Send + 'static>(
        &self,
        full_name: &str,
        read: impl FnOnce(&Git) -> Result<T, GitError> + Send + 'static,
    ) -> Result<T, ForgeError> {
        let unknown = || ForgeError::UnknownRepository(full_name.to_owned());
        let git = self.shared().lock().repositories.get(full_name).map(|found| found.git.clone()).ok_or_else(unknown)?;
        Ok(self.shared().read_git(move || read(&git)).await??)
    }
}
