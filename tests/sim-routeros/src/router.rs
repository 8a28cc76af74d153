//! How is a simulated router started, reached, changed and stopped?

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::behaviour::Behaviour;
use crate::calls::Via;
use crate::clock::{Clock, ClockSource};
use crate::commands::{self, Answer, Caller, Request};
use crate::door::{Doors, Frame, Keys, tls};
use crate::error::RouterError;
use crate::fault::{Fault, FaultMatch};
use crate::network::ClientPath;
use crate::script;
use crate::shared::{Shared, keep_time};
use crate::ssh;
use crate::values::POLICIES;
use crate::version::Version;
use crate::world::World;

/// Connections that are still busy after this long are dropped at the end.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How a router is made.
#[derive(Clone, Debug)]
pub struct RouterOptions {
    pub version: Version,
    pub clock: ClockSource,
    /// The one user, of the group `full`.
    pub user: String,
    pub password: String,
    /// Each answer leaves this long after its request came. Requests that came together are answered together.
    pub latency: Duration,
    pub behaviour: Behaviour,
}

impl Default for RouterOptions {
    fn default() -> Self {
        Self {
            version: Version::V7_20,
            clock: ClockSource::default(),
            user: "admin".to_owned(),
            password: "password".to_owned(),
            latency: Duration::ZERO,
            behaviour: Behaviour::default(),
        }
    }
}

/// A simulated router on 127.0.0.1. Clones are handles to the same router; it stops with the last one.
///
/// It comes with five Ethernet ports, one user, a certificate, and the address 192.168.88.1/24 on `ether1`. Its own doors are
/// those of a client at 192.168.88.10 on that network, see [`ClientPath::default`].
#[derive(Clone)]
pub struct Router {
    running: Arc<Running>,
}

struct Running {
    shared: Shared,
    version: Version,
    user: String,
    password: String,
    /// The doors of the way that every router has.
    doors: Doors,
    certificate: tls::Identity,
    ssh: ssh::Identity,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl fmt::Debug for Router {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Router").field("api", &self.api_address()).field("version", &self.running.version).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Router {
    /// Starts a router on free ports of 127.0.0.1.
    pub async fn start(options: RouterOptions) -> Result<Self, RouterError> {
        let certificate = tls::make()?;
        let ssh = ssh::make()?;
        let world = World::new(options.version, Clock::new(options.clock), options.behaviour);
        let shared = Shared::new(world, options.latency);
        let (stop, stopped) = watch::channel(false);
        let keys = Keys { tls: certificate.configuration.clone(), ssh: ssh.configuration.clone() };
        let frame = Frame { shared: shared.clone(), keys, stop: stopped.clone() };
        let (doors, mut tasks) = frame.open(&ClientPath::default()).await?;
        tasks.push(tokio::spawn(keep_time(shared.clone(), stopped)));
        let running = Running {
            shared,
            version: options.version,
            user: options.user,
            password: options.password,
            doors,
            certificate,
            ssh,
            stop,
            tasks: Mutex::new(tasks),
        };
        let router = Self { running: Arc::new(running) };
        router.furnish()?;
        Ok(router)
    }

    /// What a router needs before anybody can come in.
    fn furnish(&self) -> Result<(), RouterError> {
        let (user, password) = (self.running.user.clone(), self.running.password.clone());
        self.add("/user", &[("name", &user), ("password", &password), ("group", "full")])?;
        self.add("/certificate", &[("name", "router"), ("common-name", "router"), ("trusted", "yes")])?;
        self.add("/ip/address", &[("address", "192.168.88.1/24"), ("interface", "ether1")])?;
        self.shared().lock().history.clear();
        Ok(())
    }

    pub fn version(&self) -> Version {
        self.running.version
    }

    /// The binary API without TLS.
    pub fn api_address(&self) -> SocketAddr {
        self.running.doors.api_address()
    }

    /// The binary API over TLS.
    pub fn api_tls_address(&self) -> SocketAddr {
        self.running.doors.api_tls_address()
    }

    /// REST over TLS, below `/rest`.
    pub fn rest_address(&self) -> SocketAddr {
        self.running.doors.rest_address()
    }

    /// SSH, one command a channel.
    pub fn ssh_address(&self) -> SocketAddr {
        self.running.doors.ssh_address()
    }

    /// All doors of the way that every router has.
    pub fn doors(&self) -> &Doors {
        &self.running.doors
    }

    /// Doors for a client that stands somewhere else, or comes another way.
    pub async fn doors_for(&self, path: &ClientPath) -> Result<Doors, RouterError> {
        let running = &self.running;
        let keys = Keys { tls: running.certificate.configuration.clone(), ssh: running.ssh.configuration.clone() };
        let frame = Frame { shared: running.shared.clone(), keys, stop: running.stop.subscribe() };
        let (doors, tasks) = frame.open(path).await?;
        self.tasks().extend(tasks);
        Ok(doors)
    }

    /// Puts a host behind the router, and answers where a client of this machine finds it: a connection is accepted there
    /// exactly while the router would forward it, and refused otherwise.
    pub fn host_behind(&self, path: &ClientPath, host: Ipv4Addr, port: u16) -> Result<SocketAddr, RouterError> {
        let added = self.shared().lock().add_host(path.clone(), host, port);
        added.map_err(|source| RouterError::Start { attempt: "listen on 127.0.0.1", source: Box::new(source) })
    }

    pub fn user(&self) -> &str {
        &self.running.user
    }

    pub fn password(&self) -> &str {
        &self.running.password
    }

    /// The certificate of the API and of REST over TLS; self-signed, so that it is its own authority.
    pub fn certificate_pem(&self) -> &str {
        &self.running.certificate.pem
    }

    /// SHA-256 of that certificate.
    pub fn certificate_fingerprint(&self) -> [u8; 32] {
        self.running.certificate.fingerprint
    }

    /// The fingerprint of the host key of SSH, as `ssh-keygen -l` shows it.
    pub fn ssh_fingerprint(&self) -> &str {
        &self.running.ssh.fingerprint
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.running.shared
    }

    /// Adds an entry as somebody with all rights would, and answers its `.id`. It counts as no call.
    pub fn add(&self, menu: &str, values: &[(&str, &str)]) -> Result<String, RouterError> {
        self.perform(menu, "add", values).map(|answer| answer.ret.unwrap_or_default())
    }

    /// Changes an entry, by `.id` or name; the values of a menu without entries if that is empty.
    pub fn set(&self, menu: &str, entry: &str, values: &[(&str, &str)]) -> Result<(), RouterError> {
        let named = [("numbers", entry)];
        let named = if entry.is_empty() { &[][..] } else { &named[..] };
        self.perform(menu, "set", &[named, values].concat()).map(drop)
    }

    /// Removes an entry, by `.id` or name.
    pub fn remove(&self, menu: &str, entry: &str) -> Result<(), RouterError> {
        self.perform(menu, "remove", &[("numbers", entry)]).map(drop)
    }

    /// Runs a script as somebody with all rights would: commands as in a terminal or in an export.
    pub fn run(&self, text: &str) -> Result<(), RouterError> {
        let mut world = self.shared().lock();
        let done = script::run(&mut world, &everything(), text);
        world.run_due();
        done.map_err(|trap| RouterError::Refused { command: text.to_owned(), message: trap.message })
    }

    fn perform(&self, menu: &str, command: &str, arguments: &[(&str, &str)]) -> Result<Answer, RouterError> {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = Request::new(&format!("{menu}/{command}"), arguments);
        let mut world = self.shared().lock();
        let done = commands::carry_out(&mut world, &everything(), &request);
        world.run_due();
        done.map_err(|trap| RouterError::Refused { command: request.path(), message: trap.message })
    }

    /// Lets the next `times` requests of this kind go wrong.
    pub fn fault(&self, matching: FaultMatch, fault: Fault, times: u32) {
        self.shared().lock().faults.plan(matching, fault, times);
    }

    /// Moves a simulated clock. What is due on the way happens, in order.
    pub fn advance_s(&self, seconds: u32) {
        let mut world = self.shared().lock();
        let moment_s = world.clock.now_s() + i64::from(seconds);
        world.advance_to(moment_s);
    }

    /// The router loses power and starts again.
    pub fn power_cut(&self) {
        let mut world = self.shared().lock();
        world.reboot();
        world.run_due();
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.running.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops, and waits until nothing of it runs any more.
    pub async fn stop(self) {
        self.running.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks());
        for mut task in tasks {
            if tokio::time::timeout(STOP_TIMEOUT, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

/// A test, which may do all that can be done.
pub(crate) fn everything() -> Caller {
    let policies = POLICIES.iter().map(|policy| (*policy).to_owned()).collect();
    Caller { user: "test".to_owned(), policies, via: Via::Script, connection: None }
}
