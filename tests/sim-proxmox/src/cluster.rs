//! How does a test start a cluster, look into it and make it fail?

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::clock::{Clock, ClockSource};
use crate::fault::{Fault, FaultMatch, Faults};
use crate::http;
use crate::tls::{Certificate, Cut};
use crate::world::{Token, World};

/// So many requests are remembered; a test has fewer.
const REQUESTS_MAX: usize = 100_000;

/// What a cluster is started with.
#[derive(Clone, Debug)]
pub struct ClusterOptions {
    /// The nodes; each is an entry point with an address of its own. The first is the one `Cluster::url` names.
    pub nodes: Vec<String>,
    pub clock: ClockSource,
    /// Of the first node; 0 takes a free one. The others take free ones.
    pub port: u16,
}

impl Default for ClusterOptions {
    /// `pve1`, `pve2` and `pve3`.
    fn default() -> Self {
        let nodes = ["pve1", "pve2", "pve3"].map(str::to_owned).to_vec();
        Self { nodes, clock: ClockSource::default(), port: 0 }
    }
}

/// The simulator could not start.
#[derive(Debug, thiserror::Error)]
#[error("could not {attempt}")]
pub struct StartError {
    pub(crate) attempt: &'static str,
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}

/// A request that came in, and what it was answered.
#[derive(Clone, Debug)]
pub struct RequestRecord {
    pub method: String,
    /// Below `/api2/json`, without the query.
    pub path: String,
    /// The parameters of query and body, as they came. A password is replaced by stars.
    pub parameters: BTreeMap<String, String>,
    /// The user or token, where it was known.
    pub actor: Option<String>,
    pub status: u16,
    /// The answer's body; null where it is large.
    pub answer: serde_json::Value,
    /// When it came, on the simulated clock.
    pub at_ms: u64,
}

impl RequestRecord {
    pub fn is_write(&self) -> bool {
        self.method != "GET" && self.path != "/access/ticket"
    }
}

/// What is shared by the handle and the connections.
#[derive(Debug)]
pub(crate) struct Sim {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) requests: VecDeque<RequestRecord>,
    pub(crate) latency: Duration,
    pub(crate) in_flight: usize,
    pub(crate) in_flight_max: usize,
    /// How many requests wait for the clock.
    pub(crate) waiting: usize,
}

impl Sim {
    /// Keeps the record of a request; the oldest goes where there are too many.
    pub(crate) fn keep(&mut self, record: RequestRecord) {
        if self.requests.len() >= REQUESTS_MAX {
            self.requests.pop_front();
        }
        self.requests.push_back(record);
    }
}

#[derive(Debug)]
pub(crate) struct Shared {
    sim: Mutex<Sim>,
    /// Told when a test moves the clock or changes the world.
    pub(crate) moved: Notify,
    /// Told when a request begins to wait.
    pub(crate) waits: Notify,
}

impl Shared {
    /// The world as of now. A panic in a test's closure leaves it usable for the test's own report.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Sim> {
        let mut sim = self.sim.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = sim.clock.now_ms();
        sim.world.catch_up(now_ms);
        sim
    }
}

/// A running simulated cluster. It ends when the handle is dropped.
#[derive(Debug)]
pub struct Cluster {
    shared: Arc<Shared>,
    addresses: BTreeMap<String, SocketAddr>,
    first: String,
    certificate_pem: String,
    fingerprint: [u8; 32],
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Cluster {
    /// The token every cluster starts with: `root@pam!ci`, not separated from its user.
    pub const TOKEN_ID: &'static str = "root@pam!ci";
    pub const TOKEN_SECRET: &'static str = "11111111-2222-3333-4444-555555555555";

    /// Starts a cluster that listens on loopback.
    pub async fn start(options: ClusterOptions) -> Result<Self, StartError> {
        let mut world = World::new(&options.nodes);
        let token = Token { secret: Self::TOKEN_SECRET.to_owned(), separate: false };
        world.tokens.insert(Self::TOKEN_ID.to_owned(), token);
        let clock = Clock::new(options.clock);
        let sim = Sim {
            world,
            clock,
            faults: Faults::default(),
            requests: VecDeque::new(),
            latency: Duration::ZERO,
            in_flight: 0,
            in_flight_max: 0,
            waiting: 0,
        };
        let shared = Arc::new(Shared { sim: Mutex::new(sim), moved: Notify::new(), waits: Notify::new() });
        let certificate = Certificate::new()?;
        let (stop, _) = watch::channel(false);
        let mut addresses = BTreeMap::new();
        let mut servers = Vec::new();
        for (index, node) in options.nodes.iter().enumerate() {
            let (listener, address) = certificate.listen(if index == 0 { options.port } else { 0 }).await?;
            let mut stopped = stop.subscribe();
            let router = http::router(Arc::clone(&shared), node.clone());
            servers.push(tokio::spawn(async move {
                let end = async move { _ = stopped.wait_for(|stopped| *stopped).await };
                let serving = axum::serve(listener, router.into_make_service_with_connect_info::<Cut>());
                tokio::select! {
                    // A listener on loopback ends with the process only.
                    _ = serving => {}
                    () = end => {}
                }
            }));
            addresses.insert(node.clone(), address);
        }
        let first = options.nodes.first().cloned().unwrap_or_default();
        Ok(Self { shared, addresses, first, certificate_pem: certificate.pem, fingerprint: certificate.fingerprint, stop, servers })
    }

    /// The first node's address without a path: `https://127.0.0.1:8006`.
    pub fn url(&self) -> String {
        self.url_of(&self.first)
    }

    /// The address of one node. Panics for a node that the cluster was not started with.
    pub fn url_of(&self, node: &str) -> String {
        format!("https://{}", self.addresses[node])
    }

    /// The certificate of every node, as PEM: its own authority.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// SHA-256 of the certificate, as Proxmox VE's own fingerprints are.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// `PVEAPIToken=root@pam!ci=...`: the value of the `Authorization` header.
    pub fn authorization(&self) -> String {
        format!("PVEAPIToken={}={}", Self::TOKEN_ID, Self::TOKEN_SECRET)
    }

    /// Looks at the world as of now.
    pub fn inspect<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.shared.lock().world)
    }

    /// Changes the world behind the API's back: seeds it, or plays the person at the other keyboard.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let answer = change(&mut self.shared.lock().world);
        self.shared.moved.notify_waiters();
        answer
    }

    /// Moves the clock; what is due by then happens in its order.
    pub fn advance(&self, by: Duration) {
        {
            let mut sim = self.shared.lock();
            sim.clock.advance(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
        }
        drop(self.shared.lock());
        self.shared.moved.notify_waiters();
    }

    /// Moves the clock until no task runs and no request waits, at most an hour. Tells whether that was reached.
    pub fn settle(&self) -> bool {
        let mut sim = self.shared.lock();
        let end_ms = sim.clock.now_ms() + 3_600_000;
        while let Some(next_ms) = sim.world.next_event_ms().filter(|next_ms| *next_ms <= end_ms) {
            let by_ms = next_ms.saturating_sub(sim.clock.now_ms());
            sim.clock.advance(by_ms);
            sim.world.catch_up(next_ms);
        }
        let is_settled = sim.world.next_event_ms().is_none();
        drop(sim);
        self.shared.moved.notify_waiters();
        is_settled
    }

    /// Returns when at least so many requests wait for the clock, as a write that waits for a lock does. For `ClockSource::Manual`.
    pub async fn until_waiting(&self, requests: usize) {
        loop {
            let changed = self.shared.waits.notified();
            if self.shared.lock().waiting >= requests {
                return;
            }
            changed.await;
        }
    }

    /// The next `times` matching requests go wrong.
    pub fn fail(&self, matching: FaultMatch, fault: Fault, times: u32) {
        self.fail_after(0, matching, fault, times);
    }

    /// As `fail`, after letting `skip` matching requests pass.
    pub fn fail_after(&self, skip: u32, matching: FaultMatch, fault: Fault, times: u32) {
        self.shared.lock().faults.plan(matching, fault, skip, times);
    }

    /// Nothing goes wrong any more that no request has met yet.
    pub fn forget_faults(&self) {
        self.shared.lock().faults.forget();
    }

    /// How many planned faults no request has met yet.
    pub fn faults_left(&self) -> u32 {
        self.shared.lock().faults.left()
    }

    /// Every request takes this much longer, on the machine's clock.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.lock().latency = latency;
    }

    /// Every request, of the last 100,000, since the start or the last `forget_requests`.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.lock().requests.iter().cloned().collect()
    }

    pub fn forget_requests(&self) {
        self.shared.lock().requests.clear();
    }

    /// Requests that asked for something the simulator does not serve, as `GET /path`. A test asserts that it is empty.
    pub fn unserved(&self) -> Vec<String> {
        let requests = self.requests();
        requests.into_iter().filter(|request| request.status == 501).map(|request| format!("{} {}", request.method, request.path)).collect()
    }

    /// The most requests that were answered at the same time.
    pub fn requests_in_flight_max(&self) -> usize {
        self.shared.lock().in_flight_max
    }

    /// Ends the servers and cuts their connections.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for server in self.servers.drain(..) {
            // A server that panicked has shown so already.
            _ = server.await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for server in &self.servers {
            server.abort();
        }
    }
}
