//! What became of a task?

use serde_json::{Value, json};

use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::Task;

const LOG_LINES_DEFAULT: u64 = 50;
const LIST_DEFAULT: u64 = 50;

fn find<'call>(call: &'call Call<'_>) -> Result<&'call Task, Refusal> {
    let upid = call.required("upid")?;
    let node = call.node()?;
    if upid.split(':').count() != 9 || !upid.starts_with("UPID:") {
        return Err(Refusal::parameter("upid", "unable to parse worker upid"));
    }
    let task = call.world.tasks.iter().find(|task| task.upid == upid && task.node == node);
    let task = task.ok_or_else(|| Refusal::parameter("upid", "no such task"))?;
    let is_own = task.user.split('!').next() == call.actor.split('!').next();
    if !is_own && !call.has_privilege(&format!("/nodes/{node}"), "Sys.Audit") {
        return Err(Refusal::forbidden(&format!("/nodes/{node}"), "Sys.Audit"));
    }
    Ok(task)
}

fn row(task: &Task) -> Value {
    let mut row = json!({
        "upid": task.upid, "node": task.node, "type": task.kind, "id": task.id, "user": task.user,
        "pid": task.pid, "pstart": task.pstart, "starttime": task.started_ms / 1000,
    });
    if let (Some(ended_ms), Some(status)) = (task.ended_ms, &task.exit_status) {
        row["endtime"] = json!(ended_ms / 1000);
        row["status"] = json!(status);
    }
    row
}

pub(super) fn status(call: &mut Call<'_>) -> Outcome {
    let task = find(call)?;
    let mut answer = json!({
        "upid": task.upid, "node": task.node, "type": task.kind, "id": task.id, "user": task.user,
        "pid": task.pid, "pstart": task.pstart, "starttime": task.started_ms / 1000,
        "status": if task.is_running() { "running" } else { "stopped" },
    });
    if let Some((user, token)) = task.user.split_once('!') {
        answer["user"] = json!(user);
        answer["tokenid"] = json!(token);
    }
    if let Some(exit_status) = &task.exit_status {
        answer["exitstatus"] = json!(exit_status);
    }
    Ok(Reply::Data(answer))
}

pub(super) fn log(call: &mut Call<'_>) -> Outcome {
    let task = find(call)?;
    let start = call.number("start").unwrap_or(0);
    let limit = call.number("limit").unwrap_or(LOG_LINES_DEFAULT);
    let lines = (1_u64..).zip(&task.log).skip(usize::try_from(start).unwrap_or(usize::MAX));
    let limit = if limit == 0 { u64::MAX } else { limit };
    let shown: Vec<Value> =
        lines.take(usize::try_from(limit).unwrap_or(usize::MAX)).map(|(number, line)| json!({ "n": number, "t": line })).collect();
    // An empty log is told in its first line.
    let shown = if task.log.is_empty() && start == 0 { vec![json!({ "n": 1, "t": "no content" })] } else { shown };
    Ok(Reply::Data(Value::Array(shown)))
}

pub(super) fn stop(call: &mut Call<'_>) -> Outcome {
    let job = find(call)?.job;
    call.world.interrupt(job);
    Ok(Reply::NOTHING)
}

/// Newest first; finished ones unless `source` asks for others.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let node = call.node()?;
    let source = call.text("source").unwrap_or("archive");
    let vmid = call.text("vmid");
    let kind = call.text("typefilter");
    let only_errors = call.flag("errors").unwrap_or(false);
    let fits = |task: &&Task| {
        let by_source = source == "all" || task.is_running() == (source == "active");
        let by_error = !only_errors || task.exit_status.as_deref().is_some_and(|status| status != "OK");
        task.node == node && by_source && by_error && vmid.is_none_or(|vmid| task.id == vmid) && kind.is_none_or(|kind| task.kind == kind)
    };
    let start = usize::try_from(call.number("start").unwrap_or(0)).unwrap_or(usize::MAX);
    let limit = usize::try_from(call.number("limit").unwrap_or(LIST_DEFAULT)).unwrap_or(usize::MAX);
    let tasks = call.world.tasks.iter().rev().filter(fits).skip(start).take(limit);
    Ok(Reply::Data(tasks.map(row).collect()))
}

pub(super) fn cluster_list(call: &mut Call<'_>) -> Outcome {
    let may_see_all = call.has_privilege("/", "Sys.Audit");
    let is_own = |task: &Task| task.user.split('!').next() == call.actor.split('!').next();
    let tasks = call.world.tasks.iter().rev().filter(|task| may_see_all || is_own(task));
    Ok(Reply::Data(tasks.take(25).map(row).collect()))
}
