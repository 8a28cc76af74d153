//! How does a router undo changes by itself? A scheduler runs a script, unless the scheduler is removed in time.
//!
//! Both are called after the run, and nobody touches those of another run that may be at work. The scheduler comes first and is
//! disabled until the script is there: a script without a scheduler is left over for certain, and a disabled scheduler guards nothing
//! yet. The script says by its first lines that it has begun, so that a confirmation which comes at the same moment notices it.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Gate};
use tokio::time::Instant;

use super::stop::{pause, unless_stopped};
use super::{Armed, reach};
use crate::form::write_duration;
use crate::wire::{Command, Connection, Dialer, Row};
use crate::writer::{GATE_MARGIN, Writer};

/// What the names of all schedulers and scripts of ours begin with.
const PREFIX: &str = "ipr-undo";
const SCHEDULERS: &str = "/system/scheduler";
const SCRIPTS: &str = "/system/script";
/// The pause between two looks whether the router is back as it was.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long after its time the router may still be at it.
const MARGIN: Duration = Duration::from_secs(60);
/// So near to its time, a tenth of it at most, nobody may get in the way of the switch any more.
const NEAR: Duration = Duration::from_secs(15);

/// What the scheduler and the script of a run are called.
pub(super) fn name_of(run_id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    format!("{PREFIX}-{}", run_id.chars().map(plain).collect::<String>())
}

/// What the script makes of the comment of its scheduler, and of its own, before it undoes anything.
pub(super) fn begun_comment(run_id: &str) -> String {
    format!("ipr run {run_id}, undoing")
}

/// Whether the switch may act at any moment, or does already.
fn is_near(armed: &Armed, dialer: &Dialer) -> bool {
    let within = dialer.options().timeouts.switch;
    armed.since.elapsed() + NEAR.min(within / 10) >= within
}

/// Puts the script on the router and starts its time, if nobody else has a batch open there.
pub(super) async fn arm(writer: &mut Writer<'_>, source: &str, policy: &str, within: Duration) -> Result<(), EngineError> {
    let name = name_of(writer.gate.run_id);
    if !rows(writer.connection, SCHEDULERS).await?.is_empty() {
        return Err(another_batch());
    }
    for script in named(rows(writer.connection, SCRIPTS).await?, &name) {
        writer.remove_script(id(&script)).await?;
    }
    let within = write_duration(u64::try_from(within.as_millis()).unwrap_or(u64::MAX));
    writer.add_scheduler(&name, &within, policy).await?;
    writer.add_script(&name, source, policy).await?;
    // Another daemon may have looked at the same moment. Both see each other now, and both give way.
    let (ours, others): (Vec<Row>, Vec<Row>) = rows(writer.connection, SCHEDULERS).await?.into_iter().partition(|row| is_named(row, &name));
    let Some(scheduler) = ours.first().filter(|_| others.is_empty()) else { return Err(another_batch()) };
    writer.start_scheduler(id(scheduler)).await
}

fn another_batch() -> EngineError {
    EngineError::new(ErrorKind::Busy, "guard the changes", "another run has a batch open on the router")
}

/// Confirms. A scheduler that is gone has run: the changes are undone, and nothing is confirmed.
pub(super) async fn disarm(writer: &mut Writer<'_>, armed: &Armed, dialer: &Dialer) -> Result<(), EngineError> {
    let run_id = writer.gate.run_id;
    let too_late =
        |why: &str| Err(EngineError::new(ErrorKind::Busy, "make the changes lasting", format!("{why}, because the confirmation came too late")));
    if is_near(armed, dialer) {
        return too_late("the router is about to undo them");
    }
    let schedulers = named(rows(writer.connection, SCHEDULERS).await?, &name_of(run_id));
    match schedulers.first() {
        None => return too_late("the router has undone them already"),
        Some(scheduler) if has_begun(scheduler, run_id) => return too_late("the router is undoing them"),
        Some(scheduler) => writer.remove_scheduler(id(scheduler)).await?,
    }
    // The changes are lasting now, unless the script began before its scheduler was gone.
    let scripts = rows(writer.connection, SCRIPTS).await.map_err(|error| lasting_but(&error))?;
    let scripts = named(scripts, &name_of(run_id));
    if scripts.first().is_none_or(|script| has_begun(script, run_id)) {
        return too_late("the router has undone them at the same moment");
    }
    for script in &scripts {
        writer.remove_script(id(script)).await.map_err(|error| lasting_but(&error))?;
    }
    Ok(())
}

/// Never of a kind that says "undone": at the next try nothing is left to do but to put the script away.
fn lasting_but(error: &EngineError) -> EngineError {
    let why = format!("the changes are lasting, but the undoing script is left on the router, where it does nothing: {error}");
    EngineError::new(ErrorKind::Timeout, "put the undoing script away", why)
}

/// Scripts without a scheduler do nothing. One that cannot be removed is found again by the next batch.
async fn remove_scripts(writer: &mut Writer<'_>, scripts: &[Row]) {
    for script in scripts {
        if let Err(error) = writer.remove_script(id(script)).await {
            tracing::warn!(%error, "an undoing script that does nothing any more is left on the router");
        }
    }
}

/// Removes scripts whose schedulers are gone. Scripts are looked for first: one that is there has had its scheduler before it.
pub(super) async fn remove_leftovers(connection: &mut Connection, dialer: &Dialer, gate: &Gate<'_>) -> Result<(), EngineError> {
    let mut scripts = rows(connection, SCRIPTS).await?;
    let schedulers = rows(connection, SCHEDULERS).await?;
    scripts.retain(|script| !schedulers.iter().any(|scheduler| scheduler.get("name") == script.get("name")));
    remove_scripts(&mut Writer { connection, gate, answer: dialer.options().timeouts.answer }, &scripts).await;
    Ok(())
}

/// Deals with a batch that is neither confirmed nor undone. `true`: there was one, and it will be gone.
///
/// One of this very run was left behind by a daemon that ended, and is undone now. One of another run may be at work, from another
/// daemon: it is confirmed or undone within its time.
pub(super) async fn undo_stale(connection: &mut Connection, dialer: &Dialer, gate: &Gate<'_>) -> Result<bool, EngineError> {
    remove_leftovers(connection, dialer, gate).await?;
    let schedulers = rows(connection, SCHEDULERS).await?;
    if schedulers.is_empty() {
        return Ok(false);
    }
    let ours = named(schedulers, &name_of(gate.run_id));
    match ours.first() {
        Some(scheduler) => {
            tracing::warn!("a batch of this run was neither confirmed nor undone; it is undone now");
            undo(connection, dialer, gate, scheduler).await?;
        }
        None => tracing::warn!("a batch of another run is open on the router; waiting until it is confirmed or undone"),
    }
    Ok(true)
}

/// Who undid the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undone {
    AtOurWord,
    /// It was out of reach until then.
    ByTheRouter,
}

/// Undoes everything now, or waits until the router has done so: it may be out of reach until then.
pub(super) async fn undo_now(dialer: &Dialer, serial: &str, armed: &Armed, gate: &Gate<'_>) -> Result<Undone, EngineError> {
    let name = name_of(gate.run_id);
    let mut undone = Undone::ByTheRouter;
    if let Ok(mut connection) = reach::fresh(dialer, serial).await {
        undone = Undone::AtOurWord;
        match named(rows(&mut connection, SCHEDULERS).await?, &name).first() {
            None => return remove_leftovers(&mut connection, dialer, gate).await.map(|()| undone),
            Some(_) if is_near(armed, dialer) => tracing::warn!("the router is about to undo the changes by itself"),
            // Whether it worked shows below: the call may itself cut the connection that it came by.
            Some(scheduler) => _ = undo(&mut connection, dialer, gate, scheduler).await,
        }
    }
    until_gone(dialer, serial, gate, Some(&name)).await.map(|_| undone)
}

/// Runs the script, unless it runs already: two at the same time would make rules twice. What was never armed is put away.
async fn undo(connection: &mut Connection, dialer: &Dialer, gate: &Gate<'_>, scheduler: &Row) -> Result<(), EngineError> {
    let scripts = named(rows(connection, SCRIPTS).await?, scheduler.get("name").map_or("", String::as_str));
    let mut writer = Writer { connection, gate, answer: dialer.options().timeouts.answer };
    if !is_armed(scheduler) {
        writer.remove_scheduler(id(scheduler)).await?;
        remove_scripts(&mut writer, &scripts).await;
        return Ok(());
    }
    if has_begun(scheduler, gate.run_id) {
        return Ok(());
    }
    let missing = || EngineError::new(ErrorKind::Conflict, "undo an earlier batch", "its script is gone from the router, its scheduler is not");
    writer.run_script(id(scripts.first().ok_or_else(missing)?)).await
}

/// Waits until the scheduler is gone, which the script removes last: the run's own, or those of all runs.
pub(super) async fn until_gone(dialer: &Dialer, serial: &str, gate: &Gate<'_>, only: Option<&str>) -> Result<Connection, EngineError> {
    let attempt = "see the router as it was before the changes";
    let timeouts = dialer.options().timeouts;
    let begun = Instant::now();
    loop {
        let seen = unless_stopped(gate, attempt, look(dialer, serial, only)).await;
        match seen {
            Ok((connection, left)) if left.is_empty() => return Ok(connection),
            // Whoever wanted to arm it would have done so by now. If it still tries, it finds no scheduler, and changes nothing.
            Ok((mut connection, left)) if begun.elapsed() > (timeouts.answer + GATE_MARGIN) * 3 && !left.iter().any(is_armed) => {
                let mut writer = Writer { connection: &mut connection, gate, answer: timeouts.answer };
                for scheduler in &left {
                    writer.remove_scheduler(id(scheduler)).await?;
                }
            }
            Err(error) if !error.kind.is_transient() || gate.cancellation.is_cancelled() => return Err(error),
            _ if begun.elapsed() + LOOK_AGAIN > timeouts.switch + MARGIN => {
                let why = "it should have undone the changes by itself by now, and does not answer so";
                return Err(EngineError::new(ErrorKind::Unreachable, attempt, why));
            }
            _ => pause(gate, attempt, LOOK_AGAIN).await?,
        }
    }
}

/// A fresh connection, and the schedulers that are left.
async fn look(dialer: &Dialer, serial: &str, only: Option<&str>) -> Result<(Connection, Vec<Row>), EngineError> {
    let mut connection = reach::fresh(dialer, serial).await?;
    let mut left = rows(&mut connection, SCHEDULERS).await?;
    left.retain(|row| only.is_none_or(|name| is_named(row, name)));
    Ok((connection, left))
}

fn id(row: &Row) -> &str {
    row.get(".id").map_or("", String::as_str)
}

fn is_named(row: &Row, name: &str) -> bool {
    row.get("name").is_some_and(|found| found == name)
}

fn named(rows: Vec<Row>, name: &str) -> Vec<Row> {
    rows.into_iter().filter(|row| is_named(row, name)).collect()
}

fn is_armed(scheduler: &Row) -> bool {
    scheduler.get("disabled").is_none_or(|disabled| !matches!(disabled.as_str(), "true" | "yes"))
}

fn has_begun(row: &Row, run_id: &str) -> bool {
    row.get("comment").is_some_and(|comment| *comment == begun_comment(run_id))
}

/// The rows of ours, of all runs.
async fn rows(connection: &mut Connection, menu: &str) -> Result<Vec<Row>, EngineError> {
    let answer = connection.read(Command::print(menu).only(&[".id", "name", "comment", "disabled"])).await;
    let answer = answer.map_err(|failure| failure.into_error(format!("look for what undoes changes, in `{menu}`")))?;
    let is_ours =
        |row: &Row| row.get("name").is_some_and(|name| name == PREFIX || name.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('-')));
    Ok(answer.rows.into_iter().filter(is_ours).collect())
}
