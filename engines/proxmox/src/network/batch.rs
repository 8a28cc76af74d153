//! How do the changes of one node come true together, and what if the node does not come back?
//!
//! A batch stages its steps, applies them in one call, and proves that the node still answers. Proxmox keeps no copy of what
//! was there before, so a batch does: it is put back where the node can still be reached, and told where it cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Order};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::reach::{Reach, prove};
use super::{Session, form, parts, staged, unreachable};
use crate::apply::Task;
use crate::reader::{Interface, Network};

/// No run takes this long: a batch that old was cut off.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(1_800);

/// The open batches of a cluster, by node.
#[derive(Default)]
pub(crate) struct Batches(Mutex<BTreeMap<String, Batch>>);

/// What a run has staged on one node.
pub(super) struct Batch {
    run_id: String,
    opened: Instant,
    /// What was there when the batch was opened.
    before: BTreeMap<String, Interface>,
    /// What our interfaces will be; `None` are those that go.
    pub(super) expected: BTreeMap<String, Option<Interface>>,
    /// At which of our endpoints the node itself answered.
    ways: BTreeSet<String>,
    /// Something was applied and the node is lost.
    is_lost: bool,
}

impl Batches {
    /// Throws away what an earlier attempt of the same steps left staged; somebody else's is a conflict.
    pub(crate) async fn open(&self, session: Session<'_>, node: &str, orders: &[Order]) -> Result<(), EngineError> {
        let mut open = self.0.lock().await;
        let is_of_another = |batch: &Batch| batch.run_id != session.calls.run_id() && batch.opened.elapsed() < FORGOTTEN_AFTER;
        if open.get(node).is_some_and(is_of_another) {
            return Err(error(ErrorKind::Busy, node, "another run is changing it"));
        }
        open.insert(node.to_owned(), Batch::begin(session, node, orders).await?);
        Ok(())
    }

    /// Stages one step. Without an open batch, as when a failed run is undone, the step is a batch of its own.
    pub(super) async fn apply(&self, task: &Task<'_>, node: &str) -> Result<(), EngineError> {
        let session = Session { reader: task.reader, calls: &task.calls, options: task.options };
        let mut open = self.0.lock().await;
        if let Some(batch) = open.get_mut(node).filter(|batch| batch.run_id == task.calls.run_id() && !batch.is_lost) {
            return super::stage::stage(task, session, node, batch).await;
        }
        if open.contains_key(node) {
            return Err(error(ErrorKind::Busy, node, "another run is changing it"));
        }
        let mut batch = Batch::begin(session, node, std::slice::from_ref(task.order)).await?;
        match super::stage::stage(task, session, node, &mut batch).await {
            Ok(()) => batch.come_true(session, node).await,
            Err(error) => batch.throw_away(session, node).await.and(Err(error)),
        }
    }

    pub(crate) async fn confirm(&self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        let mut open = self.0.lock().await;
        let Some(batch) = open.get_mut(node) else { return Ok(()) };
        batch.come_true(session, node).await?;
        open.remove(node);
        Ok(())
    }

    pub(crate) async fn abandon(&self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        match self.0.lock().await.remove(node) {
            Some(batch) => batch.throw_away(session, node).await,
            None => Ok(()),
        }
    }
}

impl Batch {
    async fn begin(session: Session<'_>, node: &str, orders: &[Order]) -> Result<Self, EngineError> {
        let mut network = session.reader.network(node).await?;
        if let Some(changes) = &network.changes {
            if !staged::is_only_of(changes, orders.iter().map(|order| &order.step)) {
                return Err(error(ErrorKind::Conflict, node, staged::words(node, changes)));
            }
            session.calls.revert_network(node).await?;
            network = session.reader.network(node).await?;
        }
        let ways = session.reader.ways_to(node).await;
        let (run_id, opened) = (session.calls.run_id().to_owned(), Instant::now());
        Ok(Self { run_id, opened, before: network.interfaces, expected: BTreeMap::new(), ways, is_lost: false })
    }

    /// What is staged must be what we staged, and nothing else.
    pub(super) fn check_only_ours(&self, node: &str, network: &Network) -> Result<(), EngineError> {
        let Some(changes) = &network.changes else { return Ok(()) };
        let names: BTreeSet<&String> = self.before.keys().chain(network.interfaces.keys()).collect();
        let was = |name: &str| self.before.get(name).map(comparable);
        let is = |name: &str| network.interfaces.get(name).map(comparable);
        let theirs = names.into_iter().find(|name| match self.expected.get(*name) {
            None => was(name) != is(name),
            Some(wanted) => !is_as_expected(name, network.interfaces.get(*name), wanted.as_ref()),
        });
        match theirs {
            Some(name) => Err(error(ErrorKind::Conflict, node, format!("`{name}` was changed meanwhile; {}", staged::words(node, changes)))),
            None => Ok(()),
        }
    }

    fn is_settled(&self, network: &Network) -> bool {
        network.changes.is_none() && self.expected.iter().all(|(name, wanted)| is_as_expected(name, network.interfaces.get(name), wanted.as_ref()))
    }

    /// Applies what is staged, and looks whether the node comes back.
    pub(super) async fn come_true(&mut self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        if self.expected.is_empty() {
            return Ok(());
        }
        let network = session.reader.network(node).await?;
        self.check_only_ours(node, &network)?;
        if network.changes.is_none() && !self.is_settled(&network) {
            return Err(error(ErrorKind::Conflict, node, "somebody threw away what was staged; plan again"));
        }
        let applied = if network.changes.is_some() { session.calls.apply_network(node).await } else { Ok(()) };
        match applied {
            Err(error) if !matches!(error.kind, ErrorKind::Timeout | ErrorKind::Unreachable | ErrorKind::Rejected) => return Err(error),
            // Nobody heard how it ended, or it ended badly: what is there tells.
            _ => {}
        }
        match prove(session, node, &self.ways).await {
            Reach::Answers => self.judge(session, node, applied).await,
            Reach::OnlyThroughOthers(lost) => {
                let lost: Vec<String> = lost.into_iter().collect();
                let why = format!("after its network was applied, `{node}` answered no more at {}", lost.join(", "));
                Err(self.put_back(session, node, &why).await)
            }
            Reach::Gone(why) => {
                self.is_lost = true;
                Err(unreachable(node, &format!("its network was applied, and it did not come back: {why}. {}", self.way_back_in(node))))
            }
        }
    }

    /// The node answers. Is what was staged there?
    async fn judge(&mut self, session: Session<'_>, node: &str, applied: Result<(), EngineError>) -> Result<(), EngineError> {
        let network = session.reader.network(node).await?;
        match applied {
            Err(error) if network.changes.is_some() => Err(error),
            // The file is in place, and reloading it failed.
            Err(error) if error.kind == ErrorKind::Rejected => Err(self.put_back(session, node, &error.to_string()).await),
            _ if self.is_settled(&network) => Ok(()),
            _ => Err(error(ErrorKind::Conflict, node, "it was applied, and something else is there; plan again")),
        }
    }

    /// Stages and applies what was there before. The error says what came of it.
    async fn put_back(&mut self, session: Session<'_>, node: &str, why: &str) -> EngineError {
        let result = self.try_to_put_back(session, node).await;
        match result {
            Ok(()) => error(ErrorKind::Rejected, node, format!("{why}; what was there before was put back")),
            Err(second) => {
                self.is_lost = true;
                unreachable(node, &format!("{why}; to put back what was there before failed: {second}. {}", self.way_back_in(node)))
            }
        }
    }

    async fn try_to_put_back(&self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        let network = session.reader.network(node).await?;
        for name in self.expected.keys() {
            let now = network.interfaces.get(name);
            let Some(before) = self.before.get(name) else {
                session.calls.stage_gone(node, name).await?;
                continue;
            };
            let mark = crate::comment::mark(before.get("comments"), &format!("{node}/{name}"));
            let parameters = form::parameters(name, before, now, mark.as_ref());
            match now {
                Some(_) => session.calls.stage_changed(node, name, parameters).await?,
                None => session.calls.stage_new(node, name, parameters).await?,
            }
        }
        session.calls.apply_network(node).await?;
        match prove(session, node, &self.ways).await {
            Reach::Answers => Ok(()),
            Reach::OnlyThroughOthers(_) => Err(unreachable(node, "it still does not answer at its own address")),
            Reach::Gone(why) => Err(unreachable(node, &why)),
        }
    }

    /// What a person at the console does.
    fn way_back_in(&self, node: &str) -> String {
        let stanzas = self.expected.keys().map(|name| match self.before.get(name) {
            Some(before) => form::stanza(name, before),
            None => format!("(no stanza of {name})"),
        });
        let stanzas: Vec<String> = stanzas.collect();
        format!(
            "To get back in: log in as root on the console of `{node}` (its screen, or its BMC), keep a copy with `cp \
             /etc/network/interfaces /etc/network/interfaces.broken`, edit /etc/network/interfaces so that these stanzas are as before, and run \
             `ifreload -a`:\n{}",
            stanzas.join("\n\n")
        )
    }

    /// Throws away what is staged, if all of it is ours. A stopped run may call nothing any more: what it staged is not in
    /// force, and the run that goes on knows it.
    async fn throw_away(self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        if self.is_lost {
            return Err(unreachable(node, "it did not come back after its network was applied"));
        }
        if self.expected.is_empty() || session.calls.is_stopped() {
            return Ok(());
        }
        let network = session.reader.network(node).await?;
        self.check_only_ours(node, &network)?;
        if network.changes.is_some() { session.calls.revert_network(node).await } else { Ok(()) }
    }
}

/// Writing the file makes cards of bonds start with the node.
fn comparable(interface: &Interface) -> BTreeMap<String, String> {
    let mut options = form::plain(interface);
    if !interface.get("type").is_some_and(|kind| form::KINDS.contains(&kind)) {
        options.remove("autostart");
    }
    options.extend(interface.get("slaves").map(|slaves| ("slaves".to_owned(), slaves.to_owned())));
    options
}

fn is_as_expected(name: &str, found: Option<&Interface>, wanted: Option<&Interface>) -> bool {
    match (found, wanted) {
        (Some(found), Some(wanted)) => form::is_so(name, found, wanted),
        (found, wanted) => found.is_none() && wanted.is_none(),
    }
}

pub(super) fn error(kind: ErrorKind, node: &str, why: impl Into<String>) -> EngineError {
    EngineError::new(kind, format!("change the network of `{node}`"), why)
}

/// The interface's own name in a step's object.
pub(super) fn own_name(object: &str) -> &str {
    parts(object).map_or(object, |(_, name)| name)
}
