//! What does a request change, and is it allowed to?

use serde_json::{Value, json};

use super::kit::Etags;
use super::refusal::Refusal;
use super::resources::{ACCOUNTS, LOG, MANAGER, PROTOCOLS, SESSIONS, SYSTEM};
use super::state::World;

/// What was done, for the answer.
pub(super) enum Done {
    /// With this body.
    Changed(Value),
    Made(String, Value),
    Nothing,
}

/// The mark of a resource's state.
pub(super) fn etag(kit: &super::kit::RedfishKit, body: &Value, is_compressed: bool) -> Option<String> {
    if matches!(kit.etags, Etags::None | Etags::RequiredAndUntold) {
        return None;
    }
    let sum = body.to_string().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let suffix = if kit.etags == Etags::ChangedByCompression && is_compressed { "-gzip" } else { "" };
    Some(format!("\"{sum:016x}{suffix}\""))
}

/// Whether a change names the state that the resource has.
fn check_condition(world: &World, body: &Value, if_match: Option<&str>) -> Result<(), Refusal> {
    let failed = || Refusal::new(412, "PreconditionFailed", "The ETag supplied did not match the ETag required to change this resource.");
    let told = etag(&world.kit, body, false);
    let expected = match world.kit.etags {
        Etags::None => return Ok(()),
        Etags::Unquoted => told.map(|etag| etag.trim_matches('"').to_owned()),
        Etags::RequiredAndUntold => None,
        _ => told,
    };
    let must = matches!(world.kit.etags, Etags::Required | Etags::RequiredAndUntold | Etags::Unquoted);
    match if_match {
        None if must => Err(Refusal::new(428, "PreconditionRequired", "A precondition header is required to change this resource.")),
        None | Some("*") => Ok(()),
        Some(named) if expected.as_deref() == Some(named) => Ok(()),
        Some(_) => Err(failed()),
    }
}

pub(super) fn patch(world: &mut World, path: &str, if_match: Option<&str>, body: &Value) -> Result<Done, Refusal> {
    let now = world.resource(path, 0).ok_or_else(|| Refusal::missing(path))?;
    check_condition(world, &now, if_match)?;
    if path == world.settings_path() {
        let time = body.get("@Redfish.SettingsApplyTime").and_then(|time| time.get("ApplyTime"));
        match time {
            Some(_) if !world.kit.tells_settings => return Err(Refusal::unknown("@Redfish.SettingsApplyTime")),
            Some(time) if time != "OnReset" => return Err(Refusal::value("ApplyTime", time)),
            None if world.kit.demands_apply_time => {
                return Err(Refusal::new(400, "PropertyMissing", "The property ApplyTime is a required property and must be included."));
            }
            _ => {}
        }
        super::bios::change(&world.attributes, &mut world.to_come, body)?;
    } else if path == PROTOCOLS {
        protocols(world, body.get("NTP").unwrap_or(&Value::Null))?;
    } else if path == SYSTEM {
        system(world, body)?;
    } else if path == MANAGER {
        console(world, body)?;
    } else if path.ends_with("/Pending") {
        override_boot(world, body.get("Boot").unwrap_or(&Value::Null), true)?;
    } else if let Some(changed) = world.patch_drive(path, body) {
        changed?;
    } else if let Some(changed) = world.patch_interface(path, body) {
        changed?;
    } else if let Some(id) = id_in(path, ACCOUNTS) {
        world.accounts.change(id, body)?;
    } else {
        return Err(Refusal::method());
    }
    Ok(Done::Changed(world.resource(path, 0).unwrap_or_default()))
}

fn console(world: &mut World, body: &Value) -> Result<(), Refusal> {
    let only = body.as_object().filter(|changes| changes.len() == 1).and_then(|changes| changes.get("SerialConsole")?.as_object());
    match only.filter(|console| console.len() == 1).and_then(|console| console.get("ServiceEnabled")?.as_bool()) {
        Some(is_enabled) => world.console = is_enabled,
        None => return Err(Refusal::value("SerialConsole", body)),
    }
    Ok(())
}

fn protocols(world: &mut World, body: &Value) -> Result<(), Refusal> {
    for (name, value) in body.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("ProtocolEnabled", Value::Bool(is_asked)) => world.ntp.0 = *is_asked,
            // Places that are not named stay as they are.
            ("NTPServers", Value::Array(hosts)) if hosts.len() <= world.ntp.1.len() => {
                for (place, host) in world.ntp.1.iter_mut().zip(hosts) {
                    *place = host.as_str().ok_or_else(|| Refusal::value(name, value))?.to_owned();
                }
            }
            ("ProtocolEnabled" | "NTPServers", value) => return Err(Refusal::value(name, value)),
            _ => return Err(Refusal::unknown(name)),
        }
    }
    Ok(())
}

fn id_in(path: &str, folder: &str) -> Option<usize> {
    path.strip_prefix(folder)?.strip_prefix('/')?.parse().ok()
}

fn system(world: &mut World, body: &Value) -> Result<(), Refusal> {
    for (name, value) in body.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("PowerRestorePolicy", Value::String(policy)) if ["AlwaysOn", "AlwaysOff", "LastState"].contains(&policy.as_str()) => {
                world.restore_policy.clone_from(policy);
            }
            ("LocationIndicatorActive", Value::Bool(is_on)) => {
                world.blinks += usize::from(*is_on && !world.light);
                world.light = *is_on;
            }
            ("Boot", _) if world.kit.boot_by_settings => {
                return Err(Refusal::new(400, "PropertyNotWritable", "The property Boot is a read-only property and cannot be assigned a value."));
            }
            ("Boot", boot) => override_boot(world, boot, false)?,
            ("PowerRestorePolicy" | "LocationIndicatorActive", value) => return Err(Refusal::value(name, value)),
            _ => return Err(Refusal::unknown(name)),
        }
    }
    Ok(())
}

fn override_boot(world: &mut World, body: &Value, waits: bool) -> Result<(), Refusal> {
    let mut boot = world.boot.clone();
    if world.kit.forgets_mode && body.get("BootSourceOverrideTarget").is_some() {
        boot.mode = "Legacy".to_owned();
    }
    for (name, value) in body.as_object().into_iter().flatten() {
        if name == "BootOrder" && world.kit.has_boot_order {
            world.change_order(value, waits)?;
            continue;
        }
        let text = value.as_str().unwrap_or_default();
        let (place, allowed): (&mut String, &[&str]) = match name.as_str() {
            "BootSourceOverrideEnabled" => (&mut boot.enabled, world.kit.overrides),
            "BootSourceOverrideTarget" => (&mut boot.target, &["None", "Pxe", "Hdd", "Cd", "Usb", "BiosSetup"]),
            "BootSourceOverrideMode" => (&mut boot.mode, &["UEFI", "Legacy"]),
            _ => return Err(Refusal::unknown(name)),
        };
        if !allowed.contains(&text) {
            return Err(Refusal::value(name, value));
        }
        text.clone_into(place);
    }
    if world.kit.once_becomes_lasting && boot.enabled == "Once" {
        boot.enabled = "Continuous".to_owned();
    }
    world.boot = boot;
    Ok(())
}

pub(super) fn post(world: &mut World, path: &str, if_match: Option<&str>, body: &Value) -> Result<Done, Refusal> {
    if if_match.is_some() {
        return Err(Refusal::new(412, "PreconditionFailed", "An action has no ETag."));
    }
    if let Some(action) = path.strip_prefix(SYSTEM).and_then(|rest| rest.strip_prefix("/Actions/")) {
        let kind = body.get("ResetType").and_then(Value::as_str).unwrap_or_default();
        return match action {
            "ComputerSystem.Reset" => world.reset(kind).map(|()| Done::Nothing),
            _ => Err(Refusal::missing(path)),
        };
    }
    if let Some(done) = world.act_on_drive(path, body) {
        return done.map(|()| Done::Nothing);
    }
    if path == ACCOUNTS {
        let id = world.accounts.make(body)?;
        return Ok(Done::Made(format!("{ACCOUNTS}/{id}"), world.accounts.told(id).unwrap_or_default()));
    }
    if path.strip_prefix(LOG) == Some("/Actions/LogService.ClearLog") {
        world.events.clear();
        return Ok(Done::Nothing);
    }
    Err(if world.resource(path, 0).is_some() { Refusal::method() } else { Refusal::missing(path) })
}

pub(super) fn delete(world: &mut World, path: &str) -> Result<Done, Refusal> {
    if let Some(id) = id_in(path, ACCOUNTS) {
        return world.accounts.delete(id).map(|()| Done::Nothing);
    }
    match id_in(path, SESSIONS).and_then(|id| world.sessions.open.remove(&id)) {
        Some(_) => {
            world.kit.crowd.iter().for_each(|crowd| crowd.leave());
            Ok(Done::Nothing)
        }
        None => Err(Refusal::missing(path)),
    }
}

/// What a task says when it is looked at.
pub(super) fn task(world: &mut World, number: usize) -> Option<(u16, Value)> {
    let task = world.tasks.get_mut(number)?;
    if task.looks_left > 0 {
        task.looks_left -= 1;
        return Some((202, json!({"TaskState": "Running"})));
    }
    Some(match &task.failure {
        Some(words) => {
            (200, json!({"TaskState": "Exception", "TaskStatus": "Critical", "Messages": [{"MessageId": "SimCo.1.0.Failed", "Message": words}]}))
        }
        None => (200, json!({"TaskState": "Completed", "TaskStatus": "OK"})),
    })
}
