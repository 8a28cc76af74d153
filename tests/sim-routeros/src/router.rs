//! How is a simulated router started, reached, changed and stopped?

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::calls::Via;
use crate::clock::{Clock, ClockSource};
use crate::commands::{self, Answer, Caller, Request};
use crate::door::{Door, tls};
use crate::error::RouterError;
use crate::fault::{Fault, FaultMatch};
use crate::shared::Shared;
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
}

impl Default for RouterOptions {
    fn default() -> Self {
        Self {
            version: Version::V7_20,
            clock: ClockSource::default(),
            user: "admin".to_owned(),
            password: "password".to_owned(),
            latency: Duration::ZERO,
        }
    }
}

/// A simulated router on 127.0.0.1. Clones are handles to the same router; it stops with the last one.
///
/// It comes with five Ethernet ports, one user, a certificate, and the address 192.168.88.1/24 on `ether1`, by which the
/// doors of this handle reach it.
#[derive(Clone)]
pub struct Router {
    running: Arc<Running>,
}

pub(crate) struct Running {
    pub(crate) shared: Shared,
    version: Version,
    user: String,
    password: String,
    addresses: Vec<(u16, SocketAddr)>,
    certificate: tls::Identity,
    stop: watch::Sender<bool>,
    doors: Mutex<Vec<JoinHandle<()>>>,
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

/// The ports of the router that have a door from the start: the API, the API over TLS, REST, and REST over TLS.
const PORTS: [u16; 4] = [8728, 8729, 80, 443];

impl Router {
    /// Starts a router on free ports of 127.0.0.1.
    pub async fn start(options: RouterOptions) -> Result<Self, RouterError> {
        let certificate = tls::make()?;
        let world = World::new(options.version, Clock::new(options.clock));
        let shared = Shared::new(world, options.latency);
        let (stop, stopped) = watch::channel(false);
        let mut addresses = Vec::new();
        let mut doors = Vec::new();
        for port in PORTS {
            let opened = Door::open(port).await;
            let door = opened.map_err(|source| RouterError::Start { attempt: "listen on 127.0.0.1", source: Box::new(source) })?;
            addresses.push((door.port, door.address));
            doors.push(tokio::spawn(door.serve(shared.clone(), certificate.configuration.clone(), stopped.clone())));
        }
        let running = Running {
            shared,
            version: options.version,
            user: options.user,
            password: options.password,
            addresses,
            certificate,
            stop,
            doors: Mutex::new(doors),
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
        self.running.shared.lock().history.clear();
        Ok(())
    }

    pub fn version(&self) -> Version {
        self.running.version
    }

    /// The binary API without TLS.
    pub fn api_address(&self) -> SocketAddr {
        self.address_of(8728)
    }

    /// The binary API over TLS.
    pub fn api_tls_address(&self) -> SocketAddr {
        self.address_of(8729)
    }

    /// REST over TLS, below `/rest`.
    pub fn rest_address(&self) -> SocketAddr {
        self.address_of(443)
    }

    /// REST without TLS.
    pub fn rest_plain_address(&self) -> SocketAddr {
        self.address_of(80)
    }

    fn address_of(&self, port: u16) -> SocketAddr {
        let found = self.running.addresses.iter().find(|(known, _)| *known == port);
        found.map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), |(_, address)| *address)
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

    /// Moves an entry before another one, both by `.id` or name.
    pub fn move_before(&self, menu: &str, entry: &str, destination: &str) -> Result<(), RouterError> {
        self.perform(menu, "move", &[("numbers", entry), ("destination", destination)]).map(drop)
    }

    fn perform(&self, menu: &str, command: &str, arguments: &[(&str, &str)]) -> Result<Answer, RouterError> {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = Request::new(&format!("{menu}/{command}"), arguments);
        let mut world = self.shared().lock();
        let done = commands::carry_out(&mut world, &everything(), &request);
        world.settle();
        done.map_err(|trap| RouterError::Refused { command: request.path(), message: trap.message })
    }

    /// Lets the next `times` requests of this kind go wrong.
    pub fn fault(&self, matching: FaultMatch, fault: Fault, times: u32) {
        self.shared().lock().faults.plan(matching, fault, times);
    }

    /// Moves a simulated clock. What is due on the way happens, in order.
    pub fn advance_s(&self, seconds: u32) {
        let mut world = self.shared().lock();
        world.clock.advance_s(i64::from(seconds));
        world.settle();
    }

    /// Stops, after the answers that are being given.
    pub async fn stop(self) {
        self.running.stop.send_replace(true);
        let doors = std::mem::take(&mut *self.running.doors.lock().unwrap_or_else(PoisonError::into_inner));
        for mut door in doors {
            if tokio::time::timeout(STOP_TIMEOUT, &mut door).await.is_err() {
                door.abort();
            }
        }
    }
}

/// A test, which may do all that can be done.
pub(crate) fn everything() -> Caller {
    Caller { user: "test".to_owned(), policies: POLICIES.iter().map(|policy| (*policy).to_owned()).collect(), via: Via::Script, connection: None }
}
