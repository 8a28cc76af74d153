//! What is done once? A new token does it; it is recorded, never drift, and not undone.

use core_model::plan::{FieldChange, Risk, Step};
use core_model::resource_type::Finding;
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use core_model::units::Span;
use serde_json::Value;

use super::compute::finding;
use super::words::{BOOT_DEVICES_ONCE, BOOT_MODES, RESETS};

/// Nothing on the machine remembers it, so the record does.
const fn recorded(field: Field) -> Field {
    field.write_only().keep_when_unset()
}

pub(super) const FIELDS: &[Field] = &[
    recorded(Field::new("token", Kind::Text, "A word of your own. What stands beside it is done when it is new, and never again for it."))
        .required()
        .risk(Risk::Restart),
    recorded(Field::new("boot", Kind::Word(BOOT_DEVICES_ONCE), "What the next start, and only that one, boots from.")),
    recorded(Field::new("mode", Kind::Word(BOOT_MODES), "How that start boots.")),
    recorded(Field::new("reset", Kind::Word(RESETS), "`cycle` takes power away and gives it back, `hard` does not, `nmi` interrupts for a dump."))
        .risk(Risk::Restart),
    recorded(Field::new("clear_events", Kind::Boolean, "`true` empties the log of hardware events.")),
    recorded(Field::new("identify", Kind::Duration, "How long its light blinks, 255s at most.")),
];

const TOKEN: &str = "specs.once.token";
const IDENTIFY_MS_MAX: u64 = 255_000;

/// Whether a change is the one that makes the actions run.
pub(super) fn is_asked_by(change: &FieldChange) -> bool {
    change.path == TOKEN && !change.unset
}

pub(super) fn findings(resource: &DesiredResource) -> Vec<Finding> {
    let Some(once) = resource.spec("once") else { return Vec::new() };
    let mut findings = Vec::new();
    let has = |name: &str| once.get(name).is_some();
    if !["boot", "reset", "clear_events", "identify"].into_iter().any(has) {
        let hint = "add what is to be done: boot, reset, clear_events or identify";
        findings.push(finding("specs.once", "Nothing to do", "The token stands alone: nothing is done for it.", hint));
    }
    if has("mode") && !has("boot") {
        findings.push(finding("specs.once.mode", "Mode without a device", "`mode` says how `boot` boots, and there is none.", "add `boot`"));
    }
    if has("boot") && !has("reset") && resource.spec("boot").is_some_and(|boot| boot.get("device").is_some()) {
        let detail = "A BMC has one place for overrides: until the machine starts, the one for the next start takes that of the lasting one.";
        findings.push(finding("specs.once.boot", "Two overrides at a time", detail, "add `reset: cycle` beside it, or leave one of them out"));
    }
    if has("reset") && resource.spec("power").is_some_and(|power| power == "off") {
        let detail = "`power: off` and a reset contradict each other.";
        findings.push(finding("specs.once.reset", "Reset of a machine that is off", detail, "take one of them out"));
    }
    if once.get("identify").and_then(Value::as_u64).is_some_and(|milliseconds| milliseconds == 0 || milliseconds > IDENTIFY_MS_MAX) {
        findings.push(finding("specs.once.identify", "Time not possible", "A light blinks for 1s to 255s.", "for example 60s"));
    }
    findings
}

/// What will be done for the token, in one sentence.
pub(super) fn remark(step: &Step) -> Option<String> {
    step.changes.iter().find(|change| is_asked_by(change))?;
    let once = step.desired.get("specs")?.get("once")?;
    let text = |name: &str| once.get(name).and_then(Value::as_str);
    let mut done = Vec::new();
    done.extend(text("boot").map(|device| format!("the next start boots from {device}")));
    done.extend(once.get("clear_events").filter(|value| **value == Value::Bool(true)).map(|_| "the event log is emptied".to_owned()));
    let blinks = |milliseconds| format!("its light blinks for {}", Span { milliseconds });
    done.extend(once.get("identify").and_then(Value::as_u64).map(blinks));
    done.extend(text("reset").map(|reset| match reset {
        "cycle" => "power is taken away and given back, without asking the operating system".to_owned(),
        "nmi" => "the operating system is interrupted".to_owned(),
        _ => "it is reset without asking the operating system".to_owned(),
    }));
    Some(format!("once for the token `{}`: {}. A revert does not undo it", text("token").unwrap_or_default(), done.join(", ")))
}
