//! How is a router changed? Every mutating call there is, each through the gate.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_api::{EngineError, Gate, Mutation, Repeat};

use crate::change::Change;
use crate::wire::{Command, Connection, Row};

/// The gate waits a little longer than the connection, so that the connection's own words are heard.
pub(crate) const GATE_MARGIN: Duration = Duration::from_secs(5);

/// The writing client of one router, for one step.
pub(crate) struct Writer<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) gate: &'a Gate<'a>,
    pub(crate) answer: Duration,
}

/// One mutating call, in words.
struct Call {
    attempt: String,
    operation: &'static str,
    key: String,
    repeat: Repeat,
}

impl Writer<'_> {
    /// Carries out one change. `handles` learns the ids of new rows, and tells those of earlier ones.
    pub(crate) async fn carry_out(&mut self, change: &Change, handles: &mut BTreeMap<String, String>) -> Result<(), EngineError> {
        let menu = change.menu();
        let call = |operation, verb: &str, key: &str, repeat| Call {
            attempt: format!("{verb} in `{menu}`"),
            operation,
            key: format!("{menu} {key}"),
            repeat,
        };
        let known = |id: &String| handles.get(id).unwrap_or(id).clone();
        match change {
            Change::Add { handle, values, before, .. } => {
                let key = values.get("comment").or_else(|| values.get("name")).map_or("", String::as_str);
                let call = call("Add", &format!("add the entry `{key}`"), key, Repeat::Check);
                let command = with(Command::new(format!("{menu}/add")), values);
                let command = before.as_ref().map(known).iter().fold(command, |command, id| command.argument("place-before", id));
                let done = self.send(call, command).await?;
                handles.extend(done.get("ret").map(|id| (handle.clone(), id.clone())));
            }
            Change::Set { row, values, .. } => {
                let key = if row.id.is_empty() { "settings" } else { row.get("name") };
                let call = call("Set", &format!("change `{key}` ({})", row.id), &row.id, Repeat::Safe);
                self.send(call, with(numbered(&format!("{menu}/set"), &row.id), values)).await?;
            }
            Change::Unset { row, argument, .. } => {
                let call = call("Unset", &format!("take `{argument}` away"), &row.id, Repeat::Safe);
                self.send(call, numbered(&format!("{menu}/unset"), &row.id).argument("value-name", argument)).await?;
            }
            Change::Remove { row, .. } => {
                let call = call("Remove", &format!("remove an entry ({})", row.get("comment")), &row.id, Repeat::Check);
                self.send(call, numbered(&format!("{menu}/remove"), &known(&row.id))).await?;
            }
            Change::Move { row, before, .. } => {
                let call = call("Move", &format!("move an entry ({})", row.get("comment")), &row.id, Repeat::Safe);
                let command = numbered(&format!("{menu}/move"), &row.id);
                let command = before.as_ref().map(known).iter().fold(command, |command, id| command.argument("destination", id));
                self.send(call, command).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn take_safe_mode(&mut self) -> Result<(), EngineError> {
        self.whole("TakeSafeMode", "take the router's safe mode", Command::new("/safe-mode/take")).await
    }

    pub(crate) async fn release_safe_mode(&mut self) -> Result<(), EngineError> {
        self.whole("ReleaseSafeMode", "make the changes lasting", Command::new("/safe-mode/release")).await
    }

    pub(crate) async fn unroll_safe_mode(&mut self) -> Result<(), EngineError> {
        self.whole("UnrollSafeMode", "undo the changes of safe mode", Command::new("/safe-mode/unroll")).await
    }

    /// Puts the script that undoes everything on the router.
    pub(crate) async fn add_script(&mut self, name: &str, source: &str, policy: &str) -> Result<(), EngineError> {
        let command = Command::new("/system/script/add").argument("name", name).argument("source", source).argument("policy", policy);
        self.whole("AddScript", "put the undoing script on the router", command).await
    }

    /// Disabled: nothing happens until it is started.
    pub(crate) async fn add_scheduler(&mut self, name: &str, interval: &str, policy: &str) -> Result<(), EngineError> {
        let command = Command::new("/system/scheduler/add").argument("name", name).argument("interval", interval);
        let command = command.argument("comment", &run_comment(self.gate)).argument("disabled", "yes");
        let command = command.argument("on-event", name).argument("policy", policy);
        self.whole("PutScheduler", "put the scheduler of the undoing script on the router", command).await
    }

    /// From now on the router undoes everything by itself, unless it is told otherwise.
    pub(crate) async fn start_scheduler(&mut self, id: &str) -> Result<(), EngineError> {
        let command = numbered("/system/scheduler/set", id).argument("disabled", "no");
        self.whole("ArmSwitch", "let the router undo the changes by itself", command).await
    }

    pub(crate) async fn remove_scheduler(&mut self, id: &str) -> Result<(), EngineError> {
        self.whole("DisarmSwitch", "make the changes lasting", numbered("/system/scheduler/remove", id)).await
    }

    pub(crate) async fn remove_script(&mut self, id: &str) -> Result<(), EngineError> {
        self.whole("RemoveScript", "remove the undoing script", numbered("/system/script/remove", id)).await
    }

    pub(crate) async fn run_script(&mut self, id: &str) -> Result<(), EngineError> {
        self.whole("RunScript", "undo the changes", Command::new("/system/script/run").argument("number", id)).await
    }

    async fn whole(&mut self, operation: &'static str, attempt: &str, command: Command) -> Result<(), EngineError> {
        let call = Call { attempt: attempt.to_owned(), operation, key: "router".to_owned(), repeat: Repeat::Safe };
        self.send(call, command).await.map(drop)
    }

    async fn send(&mut self, call: Call, command: Command) -> Result<Row, EngineError> {
        let deadline = self.answer + GATE_MARGIN;
        let mutation = Mutation { attempt: call.attempt.clone(), operation: call.operation, key: call.key, repeat: call.repeat, deadline };
        let connection = &mut *self.connection;
        let attempt = call.attempt;
        self.gate
            .mutate(mutation, |permit| async move {
                let answer = connection.send_change(permit, command).await;
                answer.map(|answer| answer.done).map_err(|failure| failure.into_error(attempt))
            })
            .await
    }
}

/// Says on the router whose batch is open.
pub(crate) fn run_comment(gate: &Gate<'_>) -> String {
    format!("ipr run {}", gate.run_id)
}

fn with(command: Command, values: &Row) -> Command {
    values.iter().fold(command, |command, (name, text)| command.argument(name, text))
}

/// A command on one row; the settings of a menu have no id.
fn numbered(path: &str, id: &str) -> Command {
    let command = Command::new(path);
    if id.is_empty() { command } else { command.argument(".id", id) }
}
