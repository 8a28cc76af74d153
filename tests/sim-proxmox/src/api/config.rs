//! How is a guest's configuration read and changed?
//!
//! Source: qemu-server `src/PVE/API2/Qemu.pm` `update_vm_api`, pve-container `src/PVE/API2/LXC/Config.pm`.

mod update;

use serde_json::{Map, Value, json};

use super::guest::{check_digest, check_lock};
use super::{Call, Outcome, Reply};
use crate::job::{Job, Phase};
use crate::methods::Method;
use crate::world::{Guest, GuestKind};

pub(super) use update::{Update, apply_pending, normalised};

/// A value as the API shows it: integers and booleans as numbers, all else as the text of the file, fractions too.
/// Source: `QemuServer.pm:1817` `check_type`.
pub(super) fn shown(kind: GuestKind, option: &str, value: &str) -> Value {
    let path = format!("/nodes/x/{}", kind.word());
    let field = Method::find("POST", &path).and_then(|(method, _)| method.parameter(option));
    match field.map(|field| field.kind.as_str()) {
        Some("integer" | "boolean") => value.parse::<i64>().map_or_else(|_| json!(value), Value::from),
        _ if option == "cipassword" => json!("**********"),
        _ => json!(value),
    }
}

/// `GET config`: with pending values laid over, unless `current` asks for what is in effect.
pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let mut config = guest.config.clone();
    if let Some(snapshot) = call.text("snapshot") {
        let missing = || crate::refusal::Refusal::failed(format!("snapshot '{snapshot}' does not exist"));
        config = guest.snapshots.get(snapshot).ok_or_else(missing)?.config.clone();
    } else if !call.flag("current").unwrap_or(false) {
        config.extend(guest.pending.clone());
        config.retain(|option, _| !guest.pending_delete.contains_key(option));
    }
    let mut answer: Map<String, Value> = config.iter().map(|(option, value)| (option.clone(), shown(guest.kind, option, value))).collect();
    answer.insert("digest".to_owned(), json!(guest.digest()));
    Ok(Reply::Data(Value::Object(answer)))
}

/// `GET pending`: every option with its value, what waits, and whether its removal waits (2: with its volume).
pub(super) fn pending(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let mut options: Vec<&String> = guest.config.keys().chain(guest.pending.keys()).collect();
    options.sort();
    options.dedup();
    let row = |option: &String| {
        let mut row = json!({ "key": option });
        if let Some(value) = guest.config.get(option) {
            row["value"] = shown(guest.kind, option, value);
        }
        if let Some(value) = guest.pending.get(option) {
            row["pending"] = shown(guest.kind, option, value);
        }
        if let Some(force) = guest.pending_delete.get(option) {
            row["delete"] = json!(if *force { 2 } else { 1 });
        }
        row
    };
    let mut rows: Vec<Value> = options.into_iter().map(row).collect();
    rows.push(json!({ "key": "digest", "value": guest.digest() }));
    Ok(Reply::Data(Value::Array(rows)))
}

/// The checks made before anything is locked or started.
fn early_checks(guest: &Guest, call: &Call<'_>) -> Result<(), crate::refusal::Refusal> {
    check_digest(guest, call.text("digest"))?;
    if !call.flag("skiplock").unwrap_or(false) {
        check_lock(guest)?;
    }
    Ok(())
}

fn job(call: &Call<'_>) -> Result<Job, crate::refusal::Refusal> {
    let update = Update::of(call)?;
    let guest = call.guest()?;
    early_checks(guest, call)?;
    let lock = guest.lock_key(call.vmid()?);
    let config_ms = call.world.timing.config_ms;
    Ok(Job::new([Phase::lock(lock), Phase::run(move |world, progress| update.run(world, progress)), Phase::Work(config_ms)]))
}

/// `PUT config`: answers when the change is made.
pub(super) fn update_waiting(call: &mut Call<'_>) -> Outcome {
    let job = job(call)?;
    call.wait(job)
}

/// `POST config`: answers the task that makes the change.
pub(super) fn update_task(call: &mut Call<'_>) -> Outcome {
    let job = job(call)?;
    let vmid = call.vmid()?.to_string();
    call.task("qmconfig", &vmid, job)
}
