//! How do the changes of one node come true together?
//!
//! A batch stages its steps, applies them in one call, and proves that the node still answers. Proxmox keeps no copy of what
//! was there before, so a batch does: it is put back where the node can still be reached, and told where it cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Order};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::compare::{is_as_before, is_as_wanted};
use super::{Session, parts, staged, unreachable};
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
    pub(super) before: BTreeMap<String, Interface>,
    /// What our interfaces will be.
    pub(super) expected: BTreeMap<String, Expected>,
    /// At which of our endpoints the node itself answered.
    pub(super) ways: BTreeSet<String>,
    pub(super) state: State,
}

/// What a call of ours makes of an interface; `None` where there is none.
pub(super) struct Expected {
    pub(super) wanted: Option<Interface>,
    /// What the call found. It may still be there, where the call was refused or its reply was lost.
    pub(super) was: Option<Interface>,
}

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing of it is in force.
    Staging,
    /// Something of it was applied: by a replacement in the midst of it, or at its end.
    InForce,
    /// Something was applied and the node is lost.
    Lost,
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
        if let Some(batch) = open.get_mut(node).filter(|batch| batch.run_id == task.calls.run_id() && batch.state != State::Lost) {
            return super::stage::stage(task, session, node, batch).await;
        }
        if open.contains_key(node) {
            return Err(error(ErrorKind::Busy, node, "another run is changing it"));
        }
        let mut batch = Batch::begin(session, node, std::slice::from_ref(task.order)).await?;
        let done = match super::stage::stage(task, session, node, &mut batch).await {
            Ok(()) => batch.come_true(session, node).await,
            refused => refused,
        };
        match done {
            Err(first) if batch.state != State::Lost => Err(match batch.throw_away(session, node).await {
                Ok(()) => first,
                Err(second) => error(first.kind, node, format!("{first}; undoing that failed as well: {second}")),
            }),
            done => done,
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
        Ok(Self { run_id, opened, before: network.interfaces, expected: BTreeMap::new(), ways, state: State::Staging })
    }

    /// Notes what a call is about to make of an interface.
    pub(super) fn expect(&mut self, name: &str, wanted: Option<Interface>, was: Option<&Interface>) {
        self.expected.insert(name.to_owned(), Expected { wanted, was: was.cloned() });
    }

    /// What is staged must be what we staged, and nothing else.
    pub(super) fn check_only_ours(&self, node: &str, network: &Network) -> Result<(), EngineError> {
        self.check(node, network, |name, expected| expected.is_there(name, network))
    }

    fn check(&self, node: &str, network: &Network, is_ours: impl Fn(&str, &Expected) -> bool) -> Result<(), EngineError> {
        let Some(changes) = &network.changes else { return Ok(()) };
        let names: BTreeSet<&String> = self.before.keys().chain(network.interfaces.keys()).collect();
        let theirs = names.into_iter().find(|name| match self.expected.get(*name) {
            None => !is_as_before(network.interfaces.get(*name), self.before.get(*name)),
            Some(expected) => !is_ours(name, expected),
        });
        match theirs {
            Some(name) => Err(error(ErrorKind::Conflict, node, format!("`{name}` was changed meanwhile; {}", staged::words(node, changes)))),
            None => Ok(()),
        }
    }

    /// Nothing is staged, and our interfaces are what they were to be.
    pub(super) fn is_settled(&self, network: &Network) -> bool {
        network.changes.is_none() && self.expected.iter().all(|(name, expected)| expected.is_there(name, network))
    }

    /// Throws away what is staged, if all of it is ours, and puts back what was applied. A stopped run may call nothing any more:
    /// what it leaves is told, for the next start of the node puts into force whatever is staged.
    async fn throw_away(mut self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        if self.state == State::Lost {
            return Err(unreachable(node, "it did not come back after its network was applied"));
        }
        if self.expected.is_empty() {
            return Ok(());
        }
        let mut network = session.reader.network(node).await?;
        if session.calls.is_stopped() {
            return self.left(node, &network).map_or(Ok(()), |left| Err(error(ErrorKind::Busy, node, left)));
        }
        // A call that was refused, or whose reply was lost, may have left things as they were.
        let is_ours = |name: &str, expected: &Expected, network: &Network| expected.is_there(name, network) || expected.is_not_yet(name, network);
        self.check(node, &network, |name, expected| is_ours(name, expected, &network))?;
        if network.changes.is_some() {
            session.calls.revert_network(node).await?;
            network = session.reader.network(node).await?;
        }
        if self.state != State::InForce {
            return Ok(());
        }
        match self.expected.iter().find(|(name, expected)| !is_ours(name, expected, &network)) {
            Some((name, _)) => Err(error(ErrorKind::Conflict, node, format!("`{name}` is neither what it was nor what it was to be; plan again"))),
            None => self.take_back(session, node).await,
        }
    }

    /// What stays behind when nothing may be called any more.
    fn left(&self, node: &str, network: &Network) -> Option<String> {
        let names = || self.expected.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if network.changes.is_some() {
            return Some(format!(
                "the run was stopped, and its changes of {} stay staged; the next start of the node would put them into force. Run it again, \
                 or throw them away with `pvesh delete /nodes/{node}/network`",
                names()
            ));
        }
        (self.state == State::InForce).then(|| format!("the run was stopped, and changes of {} are in force; plan again", names()))
    }
}

impl Expected {
    fn is_there(&self, name: &str, network: &Network) -> bool {
        is_as_wanted(name, network.interfaces.get(name), self.wanted.as_ref(), self.was.as_ref())
    }

    fn is_not_yet(&self, name: &str, network: &Network) -> bool {
        is_as_before(network.interfaces.get(name), self.was.as_ref())
    }
}

pub(super) fn error(kind: ErrorKind, node: &str, why: impl Into<String>) -> EngineError {
    EngineError::new(kind, format!("change the network of `{node}`"), why)
}

/// The interface's own name in a step's object.
pub(super) fn own_name(object: &str) -> &str {
    parts(object).map_or(object, |(_, name)| name)
}
