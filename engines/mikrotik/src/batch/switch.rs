//! How does a router undo changes by itself? A scheduler runs a script, unless the scheduler is removed in time.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Gate};
use tokio::time::Instant;

use super::reach;
use crate::form::write_duration;
use crate::wire::{Command, Connection, Dialer, Row};
use crate::writer::{Writer, run_comment};

/// What scheduler and script are called. One batch at a time is open on a router.
pub(super) const NAME: &str = "ipr-undo";
/// What the script may do. With less it would fail without a word when it runs; the daemon's user must hold all of it.
const POLICY: &str = "read,write,policy,test,password,sensitive";
/// The pause between two looks whether the router is back as it was.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long after its time the router may still be at it.
const MARGIN: Duration = Duration::from_secs(60);

/// Puts the script on the router and starts its time. The scheduler is last: before it nothing runs.
pub(super) async fn arm(writer: &mut Writer<'_>, source: &str, within: Duration) -> Result<(), EngineError> {
    for id in ids(writer.connection, "/system/script").await? {
        writer.remove_script(&id).await?;
    }
    writer.add_script(NAME, source, POLICY).await?;
    let within = write_duration(u64::try_from(within.as_millis()).unwrap_or(u64::MAX));
    writer.add_scheduler(NAME, &within, POLICY).await
}

/// Confirms. A scheduler that is gone has run: the changes are undone, and nothing is confirmed.
pub(super) async fn disarm(writer: &mut Writer<'_>) -> Result<(), EngineError> {
    let schedulers = ids(writer.connection, "/system/scheduler").await?;
    if schedulers.is_empty() {
        let why = "the router has undone them already, because the confirmation came too late";
        return Err(EngineError::new(ErrorKind::Busy, "make the changes lasting", why));
    }
    for id in schedulers {
        writer.remove_scheduler(&id).await?;
    }
    for id in ids(writer.connection, "/system/script").await? {
        writer.remove_script(&id).await?;
    }
    Ok(())
}

/// Deals with a batch that is neither confirmed nor undone. `true`: there was one, and it will be gone.
///
/// One of this very run was left behind by a daemon that ended, and is undone now. One of another run may be at work, from another
/// daemon: it is confirmed or undone within its time.
pub(super) async fn undo_stale(connection: &mut Connection, dialer: &Dialer, gate: &Gate<'_>) -> Result<bool, EngineError> {
    let schedulers = rows(connection, "/system/scheduler").await?;
    if schedulers.is_empty() {
        return Ok(false);
    }
    let ours = run_comment(gate);
    if schedulers.iter().any(|row| row.get("comment") == Some(&ours)) {
        tracing::warn!("a batch of this run was neither confirmed nor undone; it is undone now");
        run(connection, dialer, gate).await?;
    } else {
        tracing::warn!("a batch of another run is open on the router; waiting until it is confirmed or undone");
    }
    Ok(true)
}

/// Undoes everything now, or waits until the router has done so: it may be out of reach until then.
pub(super) async fn undo_now(dialer: &Dialer, serial: &str, gate: &Gate<'_>) -> Result<(), EngineError> {
    if let Ok(mut connection) = reach::fresh(dialer, serial).await
        && !ids(&mut connection, "/system/scheduler").await?.is_empty()
    {
        // Whether it worked shows below: the call may itself cut the connection that it came by.
        let _ = run(&mut connection, dialer, gate).await;
    }
    until_gone(dialer, serial).await.map(drop)
}

async fn run(connection: &mut Connection, dialer: &Dialer, gate: &Gate<'_>) -> Result<(), EngineError> {
    let scripts = ids(connection, "/system/script").await?;
    let missing = || EngineError::new(ErrorKind::Conflict, "undo an earlier batch", format!("the script `{NAME}` is gone, its scheduler is not"));
    let id = scripts.first().ok_or_else(missing)?;
    Writer { connection, gate, answer: dialer.options().timeouts.answer }.run_script(id).await
}

/// Waits until the scheduler is gone, which the script removes last.
pub(super) async fn until_gone(dialer: &Dialer, serial: &str) -> Result<Connection, EngineError> {
    let until = Instant::now() + dialer.options().timeouts.switch + MARGIN;
    loop {
        let seen = look(dialer, serial).await;
        match seen {
            Ok(Some(connection)) => return Ok(connection),
            Err(error) if !error.kind.is_transient() => return Err(error),
            _ if Instant::now() + LOOK_AGAIN > until => {
                let why = "it should have undone the changes by itself by now, and does not answer so";
                return Err(EngineError::new(ErrorKind::Unreachable, "see the router as it was before the changes", why));
            }
            _ => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

/// A fresh connection, if the scheduler is gone.
async fn look(dialer: &Dialer, serial: &str) -> Result<Option<Connection>, EngineError> {
    let mut connection = reach::fresh(dialer, serial).await?;
    let is_gone = ids(&mut connection, "/system/scheduler").await?.is_empty();
    Ok(is_gone.then_some(connection))
}

async fn ids(connection: &mut Connection, menu: &str) -> Result<Vec<String>, EngineError> {
    Ok(rows(connection, menu).await?.into_iter().filter_map(|mut row| row.remove(".id")).collect())
}

async fn rows(connection: &mut Connection, menu: &str) -> Result<Vec<Row>, EngineError> {
    let answer = connection.read(Command::print(menu).only(&[".id", "name", "comment"]).query("name", NAME)).await;
    let answer = answer.map_err(|failure| failure.into_error(format!("look for what undoes changes, in `{menu}`")))?;
    Ok(answer.rows.into_iter().filter(|row| row.get("name").is_some_and(|name| name == NAME)).collect())
}
