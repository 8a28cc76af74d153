//! What can a person beside the machine, or a bad network, do? And what does a test see of it?

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::kit::RedfishKit;
use super::refusal::Refusal;
use super::server::{Papers, certificate, locked, serve};
use super::state::{Boot, Fault, LocalAccount, Misbehaviour, RedfishRequest, World};

/// A BMC that speaks Redfish on a port of this machine. It ends when it is dropped.
pub struct SimRedfish {
    world: Arc<Mutex<World>>,
    address: SocketAddr,
    papers: Papers,
    server: JoinHandle<()>,
}

impl Drop for SimRedfish {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl SimRedfish {
    pub async fn start() -> Self {
        Self::made_of(RedfishKit::default()).await
    }

    pub async fn made_of(kit: RedfishKit) -> Self {
        Self::made_at((Ipv4Addr::LOCALHOST, 0).into(), kit).await.expect("a free port")
    }

    /// At an address of the loopback, which has many. The BMCs of a rack have one port, and the second may find it taken.
    pub async fn made_at(place: SocketAddr, kit: RedfishKit) -> std::io::Result<Self> {
        let listener = TcpListener::bind(place).await?;
        let address = listener.local_addr().expect("it listens");
        let (acceptor, papers) = certificate();
        let world = Arc::new(Mutex::new(World::new(kit)));
        let server = tokio::spawn(serve(listener, acceptor, world.clone(), address));
        Ok(Self { world, address, papers, server })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its certificate, in DER form.
    pub fn certificate(&self) -> &[u8] {
        &self.papers.certificate
    }

    /// Who signed it, in PEM form.
    pub fn authority(&self) -> &str {
        &self.papers.authority
    }

    /// As new; or another machine in its place.
    pub fn rebuild(&self, kit: Option<RedfishKit>) {
        let mut world = locked(&self.world);
        let kit = kit.unwrap_or_else(|| world.kit.clone());
        *world = World::new(kit);
    }

    pub(super) fn see<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&locked(&self.world))
    }

    pub(super) fn act(&self, act: impl FnOnce(&mut World)) {
        act(&mut locked(&self.world));
    }

    pub fn is_on(&self) -> bool {
        self.see(|world| world.on)
    }

    /// Presses the button.
    pub fn press(&self, on: bool) {
        self.act(|world| match on {
            true => world.start(),
            false => world.on = false,
        });
    }

    pub fn boot(&self) -> Boot {
        self.see(|world| world.boot.clone())
    }

    pub fn set_boot(&self, boot: Boot) {
        self.act(|world| world.boot = boot);
    }

    /// What the firmware found at each start.
    pub fn boots(&self) -> Vec<Boot> {
        self.see(|world| world.boots.clone())
    }

    /// Every way in which it was switched or reset, in order.
    pub fn resets(&self) -> Vec<String> {
        self.see(|world| world.resets.clone())
    }

    pub fn restore_policy(&self) -> String {
        self.see(|world| world.restore_policy.clone())
    }

    pub fn set_restore_policy(&self, policy: &str) {
        self.act(|world| policy.clone_into(&mut world.restore_policy));
    }

    /// Whom it asks for the time, if it asks anybody.
    pub fn time_servers(&self) -> Vec<String> {
        self.see(|world| world.ntp.1.iter().filter(|host| world.ntp.0 && !host.is_empty()).cloned().collect())
    }

    pub fn set_time_servers(&self, hosts: [&str; 3]) {
        self.act(|world| world.ntp = (true, hosts.map(str::to_owned)));
    }

    pub fn attribute(&self, name: &str) -> Value {
        self.see(|world| world.attributes.get(name).cloned().unwrap_or_default())
    }

    /// What an attribute becomes at the next start.
    pub fn attribute_to_come(&self, name: &str) -> Option<Value> {
        self.see(|world| world.to_come.get(name).cloned())
    }

    pub fn set_attribute(&self, name: &str, value: Value) {
        self.act(|world| {
            world.to_come.remove(name);
            world.attributes.insert(name.to_owned(), value);
        });
    }

    /// Those with a name.
    pub fn accounts(&self) -> Vec<LocalAccount> {
        self.see(|world| world.accounts.by_id.values().filter(|account| !account.name.is_empty()).cloned().collect())
    }

    pub fn account(&self, name: &str) -> Option<LocalAccount> {
        self.accounts().into_iter().find(|account| account.name == name)
    }

    pub fn set_account(&self, wanted: LocalAccount) {
        self.act(|world| {
            for account in world.accounts.by_id.values_mut().filter(|account| account.name == wanted.name) {
                account.clone_from(&wanted);
            }
        });
    }

    pub fn is_lit(&self) -> bool {
        self.see(|world| world.light)
    }

    /// How often its light was put on.
    pub fn blinks(&self) -> usize {
        self.see(|world| world.blinks)
    }

    pub fn log_event(&self, severity: &str, words: &str, created: &str) {
        self.act(|world| {
            world.events.push(json!({"Id": world.events.len().to_string(), "EntryType": "SEL", "Severity": severity, "MessageId": "SimCo.1.0.Event", "Message": words, "Created": created}))
        });
    }

    pub fn events(&self) -> usize {
        self.see(|world| world.events.len())
    }

    /// `system`, or the name of a part.
    pub fn set_health(&self, part: &str, health: &str) {
        self.act(|world| _ = world.health.insert(part.to_owned(), health.to_owned()));
    }

    pub fn ignore_shutdown(&self) {
        self.act(|world| world.ignores_shutdown = true);
    }

    /// The firmware never comes to the point where it looks for something to boot from.
    pub fn hang_before_boot(&self) {
        self.act(|world| world.hangs_before_boot = true);
    }

    /// It does not answer any more.
    pub fn fall_silent(&self) {
        self.act(|world| world.silent = true);
    }

    /// All sessions end, as after an hour, or when the BMC starts anew.
    pub fn forget_sessions(&self) {
        self.act(|world| world.sessions.open.clear());
    }

    pub fn sessions_open(&self) -> usize {
        self.see(|world| world.sessions.open.len())
    }

    pub fn sessions_opened(&self) -> usize {
        self.see(|world| world.sessions.opened)
    }

    pub fn sessions_most(&self) -> usize {
        self.see(|world| world.sessions.most)
    }

    /// How often somebody gave a wrong password.
    pub fn logins_failed(&self) -> usize {
        self.see(|world| world.sessions.failures)
    }

    pub fn requests(&self) -> Vec<RedfishRequest> {
        self.see(|world| world.requests.clone())
    }

    pub fn forget_requests(&self) {
        self.act(|world| world.requests.clear());
    }

    fn strike(&self, method: &str, path: &str, what: Misbehaviour, times: usize) {
        self.act(|world| world.faults.push(Fault { method: method.to_owned(), path: path.to_owned(), what, times }));
    }

    /// Requests whose path ends like this are refused.
    pub fn refuse(&self, method: &str, path: &str, status: u16, id: &str, times: usize) {
        self.strike(method, path, Misbehaviour::Refuse(Refusal::new(status, id, "It is not to be.")), times);
    }

    /// They are carried out, and the connection breaks before the answer.
    pub fn lose_replies(&self, method: &str, path: &str, times: usize) {
        self.strike(method, path, Misbehaviour::LoseReply, times);
    }

    pub fn garble(&self, method: &str, path: &str, times: usize) {
        self.strike(method, path, Misbehaviour::Garble, times);
    }

    /// This is answered, whatever the truth.
    pub fn say(&self, method: &str, path: &str, body: Value, times: usize) {
        self.strike(method, path, Misbehaviour::Say(body), times);
    }

    /// The next change is accepted as a task, which comes to nothing.
    pub fn fail_next_task(&self, words: &str) {
        self.act(|world| world.next_task_fails = Some(words.to_owned()));
    }
}
