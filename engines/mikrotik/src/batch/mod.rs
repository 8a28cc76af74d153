//! How do changes of a router stay provisional until it is proved that it still answers?
//!
//! A batch is opened, its steps are applied, and it is confirmed or abandoned. Two ways undo what was not confirmed:
//!
//! - **Safe mode** (7.18 and newer): the router itself takes everything back when the connection that holds safe mode ends. It
//!   remembers about a hundred actions; with more it would silently keep everything. So it is used for at most
//!   [`SAFE_MODE_ACTIONS_MAX`], and not for changes that may cut our own way: a cut connection is noticed by the router late.
//! - **The switch**: a scheduler on the router runs a script that undoes everything, unless it is removed in time. It works on every
//!   version, whatever is cut, also when the daemon is killed or the router restarted. Removing it is what confirms.

mod find;
mod foresee;
mod ourselves;
mod reach;
mod stop;
mod switch;
pub(crate) mod turn;
mod undo;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use core_model::Hash;
use core_model::plan::Risk;
use engine_api::{EngineError, ErrorKind, Gate, Order};
use tokio::time::Instant;

use crate::change::Change;
use crate::identity::{Identity, Version};
use crate::snapshot::Snapshot;
use crate::wire::{Command, Connection, Dialer};
use crate::writer::Writer;

pub(crate) use foresee::error;
pub(crate) use ourselves::{Ourselves, own_account};
use switch::Undone;
pub(crate) use turn::Turn;

/// The most actions in safe mode. RouterOS remembers about a hundred, and ends safe mode without a word when there are more.
const SAFE_MODE_ACTIONS_MAX: usize = 90;
/// No batch takes this long: the router has undone it.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(1_800);
/// The first pause between two looks whether somebody else's safe mode has ended. Each further one is twice as long.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
const LOOK_AGAIN_MAX: Duration = Duration::from_secs(1);

/// What undoes the changes if they are not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Guard {
    SafeMode,
    /// The source of the undoing script, and what it may do.
    Switch {
        source: String,
        policy: String,
    },
}

/// A guard that holds.
#[derive(Debug, Clone, Copy)]
struct Armed {
    since: Instant,
}

/// An open batch on one router.
pub(crate) struct Batch {
    run_id: String,
    opened: Instant,
    connection: Connection,
    identity: Identity,
    guard: Guard,
    ourselves: Ourselves,
    /// Since when the guard holds. `None`: nothing was changed yet.
    armed: Option<Armed>,
    /// Why it could not be proved in time that everything still answers.
    unproved: Option<String>,
    foreseen: Vec<Change>,
    made: usize,
    handles: BTreeMap<String, String>,
    probes: BTreeSet<String>,
    steps: Vec<Hash>,
}

/// A batch that was undone.
pub(crate) struct Abandoned {
    pub(crate) steps: Vec<Hash>,
    /// How it was noticed that its changes cut us off, or what `reach` names, where they did.
    pub(crate) cut_off: Option<String>,
}

impl Batch {
    /// Undoes what an earlier daemon left behind, waits for somebody else's safe mode, and foresees the calls. Changes nothing else.
    pub(crate) async fn open(dialer: &Dialer, orders: &[Order], gate: &Gate<'_>) -> Result<Self, EngineError> {
        let mut connection = dialer.connect().await?;
        let identity = Identity::read(&mut connection).await?;
        if switch::undo_stale(&mut connection, dialer, gate).await? {
            connection = switch::until_gone(dialer, &identity.serial, gate, None).await?;
        }
        if identity.version >= Version::WITH_SAFE_MODE {
            until_free(&mut connection, dialer, gate).await?;
        }
        let mut menus = BTreeSet::new();
        for order in orders.iter().filter(|order| order.step.action.mutates()) {
            menus.extend(foresee::menus(order)?);
        }
        let before = Snapshot::read(&mut connection, &menus).await?;
        let foreseen = foresee::all(orders, &before)?;
        let ourselves = Ourselves::read(&mut connection, &dialer.options().user).await?;
        if let Some(why) = foreseen.iter().find_map(|change| ourselves.refuses(change)) {
            return Err(EngineError::new(ErrorKind::Rejected, "begin the changes", why));
        }
        let may_disconnect = orders.iter().any(|order| order.step.risk >= Risk::MayDisconnect);
        let fits = foreseen.len() <= SAFE_MODE_ACTIONS_MAX && identity.version >= Version::WITH_SAFE_MODE;
        let guard = if fits && !may_disconnect {
            Guard::SafeMode
        } else {
            let arguments = undo::arguments(&mut connection, &foreseen).await?;
            Guard::Switch { source: undo::script(gate.run_id, &foreseen, orders, &before, &arguments), policy: ourselves.policy() }
        };
        let (run_id, opened) = (gate.run_id.to_owned(), Instant::now());
        Ok(Self {
            run_id,
            opened,
            connection,
            identity,
            guard,
            ourselves,
            armed: None,
            unproved: None,
            foreseen,
            made: 0,
            handles: BTreeMap::new(),
            probes: reach::probes(orders),
            steps: turn::digests(orders),
        })
    }

    pub(crate) fn run_id(&self) -> &str {
        &self.run_id
    }

    /// Whether the run may take the batch's place: it is its own, or was forgotten long ago, because its run was cut off.
    pub(crate) fn is_over_for(&self, run_id: &str) -> bool {
        self.run_id == run_id || self.opened.elapsed() >= FORGOTTEN_AFTER
    }

    /// Carries out one order: a fresh read, and then only the calls that are still needed.
    pub(crate) async fn apply(&mut self, dialer: &Dialer, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        if !order.step.action.mutates() {
            return Ok(());
        }
        let snapshot = Snapshot::read(&mut self.connection, &foresee::menus(order)?).await?;
        for change in foresee::changes(order, &snapshot)? {
            self.permit(dialer, order, &change)?;
            self.arm(dialer, gate).await?;
            let mut writer = Writer { connection: &mut self.connection, gate, answer: dialer.options().timeouts.answer };
            writer.carry_out(&change, &mut self.handles).await?;
            self.made += 1;
        }
        Ok(())
    }

    /// Refuses what the guard would not undo.
    fn permit(&self, dialer: &Dialer, order: &Order, change: &Change) -> Result<(), EngineError> {
        let refuse = |kind, why: &str| Err(error(order, kind, why));
        if let Some(why) = self.ourselves.refuses(change) {
            return refuse(ErrorKind::Rejected, &why);
        }
        match &self.guard {
            Guard::SafeMode if self.made >= SAFE_MODE_ACTIONS_MAX => refuse(ErrorKind::Busy, "more calls are needed than safe mode can undo"),
            Guard::Switch { .. } if !self.foreseen.iter().any(|foreseen| undo::is_undone_with(foreseen, change)) => {
                refuse(ErrorKind::Conflict, "the router changed after the batch was opened")
            }
            Guard::Switch { .. } if self.armed.is_some_and(|armed| armed.since.elapsed() > dialer.options().timeouts.switch * 3 / 4) => {
                refuse(ErrorKind::Busy, "the changes take longer than the router waits before it undoes them")
            }
            _ => Ok(()),
        }
    }

    /// Before the first change: from now on the router undoes what is not confirmed.
    async fn arm(&mut self, dialer: &Dialer, gate: &Gate<'_>) -> Result<(), EngineError> {
        if self.armed.is_some() {
            return Ok(());
        }
        let mut writer = Writer { connection: &mut self.connection, gate, answer: dialer.options().timeouts.answer };
        self.armed = Some(Armed { since: Instant::now() });
        match &self.guard {
            Guard::SafeMode => writer.take_safe_mode().await,
            Guard::Switch { source, policy } => switch::arm(&mut writer, source, policy, dialer.options().timeouts.switch).await,
        }
    }

    /// Makes the changes lasting, if a fresh connection and all probes prove that everything answers.
    pub(crate) async fn confirm(mut self, dialer: &Dialer, gate: &Gate<'_>) -> Result<(), Unconfirmed> {
        let result = self.try_confirm(dialer, gate).await;
        result.map_err(|error| Unconfirmed { batch: Box::new(self), error })
    }

    async fn try_confirm(&mut self, dialer: &Dialer, gate: &Gate<'_>) -> Result<(), EngineError> {
        if self.armed.is_none() && self.probes.is_empty() {
            return Ok(());
        }
        let proved = reach::prove(dialer, &self.identity.serial, &self.probes, gate).await;
        let mut fresh = proved.inspect_err(|error| self.unproved = Some(format!("could not {}: {}", error.attempted, error.message)))?;
        let answer = dialer.options().timeouts.answer;
        match (&self.guard, self.armed) {
            (_, None) => Ok(()),
            (Guard::SafeMode, _) => Writer { connection: &mut self.connection, gate, answer }.release_safe_mode().await,
            (Guard::Switch { .. }, Some(armed)) => {
                let disarmed = switch::disarm(&mut Writer { connection: &mut fresh, gate, answer }, &armed, dialer).await;
                disarmed.inspect_err(|error| self.unproved = (error.kind == ErrorKind::Busy).then(|| error.message.clone()))
            }
        }
    }

    /// Undoes everything. A stopped run may call nothing any more: then the router does it by itself.
    pub(crate) async fn abandon(self, dialer: &Dialer, gate: &Gate<'_>) -> Result<Abandoned, EngineError> {
        let Self { armed, guard, mut connection, identity, unproved, steps, .. } = self;
        let Some(armed) = armed.filter(|_| !gate.cancellation.is_cancelled() && gate.lease.lost().is_none()) else {
            return Ok(Abandoned { steps, cut_off: unproved });
        };
        if guard == Guard::SafeMode {
            let mut writer = Writer { connection: &mut connection, gate, answer: dialer.options().timeouts.answer };
            if let Err(error) = writer.unroll_safe_mode().await {
                tracing::warn!(%error, "safe mode was not unrolled; the end of the connection does the same");
            }
            return Ok(Abandoned { steps, cut_off: unproved });
        }
        drop(connection);
        let undone = switch::undo_now(dialer, &identity.serial, &armed, gate).await?;
        let silent = || "the router did not answer any more, until it had undone them by itself".to_owned();
        Ok(Abandoned { steps, cut_off: unproved.or_else(|| (undone == Undone::ByTheRouter).then(silent)) })
    }
}

/// A batch that could not be confirmed, and why.
pub(crate) struct Unconfirmed {
    pub(crate) batch: Box<Batch>,
    pub(crate) error: EngineError,
}

/// Waits until nobody holds safe mode: what is done meanwhile would be undone with somebody else's changes.
async fn until_free(connection: &mut Connection, dialer: &Dialer, gate: &Gate<'_>) -> Result<(), EngineError> {
    let attempt = "look whether somebody holds the router's safe mode";
    let until = Instant::now() + dialer.options().timeouts.busy;
    let mut length = LOOK_AGAIN;
    loop {
        let answer = connection.read(Command::new("/safe-mode/get").argument("value-name", "enabled")).await;
        let answer = answer.map_err(|failure| failure.into_error(attempt))?;
        if answer.done.get("ret").is_none_or(|enabled| matches!(enabled.as_str(), "false" | "no")) {
            return Ok(());
        }
        if Instant::now() + length > until {
            return Err(EngineError::new(ErrorKind::Busy, attempt, "another session holds it; its changes and ours would be undone together"));
        }
        stop::pause(gate, attempt, length).await?;
        length = LOOK_AGAIN_MAX.min(length * 2);
    }
}
