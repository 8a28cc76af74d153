//! What is a bare machine? It always exists; a blueprint sets what is given, and leaving it releases the machine.

use std::time::Duration;

use core_model::plan::{FieldChange, Inverse, Risk, Step};
use core_model::resource_type::{Claim, Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use core_model::units::Span;
use serde_json::{Map, Value};

use super::words::{BIT_RATES, BOOT_DEVICE_NONE, BOOT_DEVICES, BOOT_MODES, GUID, HOST, POWER_RESTORES, ROLES, USER_NAME};
use super::{bmc, media, once};
use crate::PROVIDER;

/// How long an operating system may take to end by itself, unless the blueprint says otherwise.
pub(crate) const DEFAULT_SHUT_DOWN_WITHIN: Duration = Duration::from_secs(300);

/// A field that says how something is done. The machine keeps no such thing, and nothing has to be done when it changes.
const fn manner(field: Field) -> Field {
    field.write_only().keep_when_unset().risk(Risk::None)
}

const IDENTITY: &[Field] = &[
    Field::new("serial", Kind::Text, "The serial number of the product, or else of the chassis.").keep_when_unset().risk(Risk::None),
    Field::new("guid", Kind::Checked(&GUID), "The system's GUID (Redfish and dmidecode call it UUID).").keep_when_unset().risk(Risk::None),
];

const POWER_OFF: &[Field] = &[
    manner(Field::new("within", Kind::Duration, "How long the operating system may take to end; 5m when left out, 0s to cut power at once.")),
    manner(Field::new("force", Kind::Boolean, "Whether power is cut when it takes longer; otherwise the step fails.")),
];

const BOOT: &[Field] = &[
    Field::new("device", Kind::Word(BOOT_DEVICES), "What it boots from at every start, in place of the firmware's own order; `none` when left out."),
    Field::new("mode", Kind::Word(BOOT_MODES), "How it boots.").keep_when_unset(),
    Field::new(
        "order",
        Kind::List(&Kind::Text),
        "The firmware's own order, whole: what the BMC calls its boot options, the first one first; Redfish only. It holds from the next start on.",
    )
    .keep_when_unset(),
];

const USER: &[Field] = &[
    Field::new("name", Kind::Checked(&USER_NAME), "What the account is called.").required(),
    Field::new("role", Kind::Word(ROLES), "What it may do.").keep_when_unset(),
    Field::new("enabled", Kind::Boolean, "Whether it may log in; a new account may.").keep_when_unset(),
    Field::new("password", Kind::Text, "Its password. The BMC never tells it, so it is compared with the record.")
        .sensitive()
        .accepts_secret()
        .write_only()
        .keep_when_unset(),
];

const CONSOLE: &[Field] = &[
    Field::new("enabled", Kind::Boolean, "Whether it can be opened over the network.").keep_when_unset(),
    Field::new("role", Kind::Word(ROLES), "The least that an account has to be to open it; IPMI only.").keep_when_unset(),
    Field::new("bit_rate", Kind::Word(BIT_RATES), "Bits per second between BMC and machine, now and after a restart of the BMC; IPMI only.")
        .keep_when_unset(),
];

const READY: &[Field] = &[
    manner(Field::new("address", Kind::Ip, "The address of the installed host.")).required(),
    manner(Field::new("port", Kind::Integer { min: 1, max: 65_535 }, "The TCP port that it answers on.")).required(),
    manner(Field::new("within", Kind::Duration, "How long that may take; 15m when left out.")),
];

const SPECS: &[Field] = &[
    Field::new("identity", Kind::Object(IDENTITY), "Which machine it has to be. Another one in its place is refused."),
    Field::new("power", Kind::Word(&["on", "off"]), "Whether it is on. Left alone when left out.").keep_when_unset().risk(Risk::Restart),
    Field::new("power_off", Kind::Object(POWER_OFF), "How it is switched off."),
    Field::new("after_power_loss", Kind::Word(POWER_RESTORES), "What it does when mains power comes back.").keep_when_unset(),
    Field::new("boot", Kind::Object(BOOT), "What it boots from."),
    Field::new("users", Kind::Set(&Kind::Object(USER)), "Accounts of the BMC. Others are left alone.").named_items().told_when_empty(),
    Field::new("bios", Kind::Map(&Kind::Text), "Settings of the firmware, by its own names; Redfish only. They hold from the next start on.")
        .keep_when_unset()
        .risk(Risk::Restart),
    Field::new("ntp", Kind::List(&Kind::Checked(&HOST)), "The hosts that the BMC gets its time from, the best one first; Redfish only.")
        .keep_when_unset()
        .risk(Risk::InPlace),
    Field::new("bmc", Kind::Object(bmc::FIELDS), "The BMC's own network."),
    Field::new("console", Kind::Object(CONSOLE), "The machine's serial console, over the network (serial over LAN)."),
    Field::new(
        "media",
        Kind::Map(&Kind::Object(media::FIELDS)),
        "Images in virtual drives, by the BMC's name of the drive, or `cd`, `usb` or `floppy` for the first such one; Redfish only.",
    )
    .told_when_empty(),
    Field::new("once", Kind::Object(once::FIELDS), "What is done once for each token. A revert does not undo it."),
    Field::new("ready", Kind::Object(READY), "What is waited for after a step: the installed host answers."),
];

const METADATA: &[Field] = &[
    note("rack", "The rack it stands in."),
    note("unit", "Its place in the rack."),
    note("owner", "Whose it is. The BMC is not told."),
    note("tags", "Words to find it by. The BMC is not told."),
    note("notes", "Anything worth knowing. The BMC is not told."),
];

const fn note(name: &'static str, meaning: &'static str) -> Field {
    Field::new(name, Kind::Any, meaning).write_only().risk(Risk::None)
}

pub(super) struct Compute;

impl ResourceType for Compute {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "compute",
            provider: PROVIDER,
            meaning: "A bare machine, reached through its BMC.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Singleton,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mut findings = once::findings(resource);
        findings.extend(boot_finding(resource));
        findings.extend(order_finding(resource));
        findings.extend(name_server_finding(resource));
        findings.extend(user_findings(resource));
        findings.extend(bmc::findings(resource));
        findings
    }

    /// A BMC has one machine: two resources cannot be the same one.
    fn claims(&self, _values: &Map<String, Value>) -> Vec<Claim> {
        vec![Claim { what: "machine", value: "the one behind this BMC".to_owned() }]
    }

    fn remarks(&self, step: &Step) -> Vec<String> {
        let mut remarks: Vec<String> = power_off_remark(step).into_iter().collect();
        if step.changes.iter().any(|change| change.path.starts_with("specs.bios.")) {
            remarks.push("settings of the firmware hold from the next start on; no start is made for them".to_owned());
        }
        if step.changes.iter().any(|change| change.path == "specs.boot.order") {
            remarks.push("the firmware's boot order holds from the next start on; no start is made for it".to_owned());
        }
        remarks.extend(bmc::remark(step));
        remarks.extend(once::remark(step));
        remarks
    }

    fn inverse_of(&self, changes: &[FieldChange]) -> Inverse {
        if changes.iter().any(once::is_asked_by) {
            return Inverse::None { why: "what was done once cannot be undone".to_owned() };
        }
        if changes.iter().any(bmc::is_of_the_way) {
            return Inverse::None { why: "a BMC that was given another address may not be reached at its old one".to_owned() };
        }
        Inverse::Exact
    }
}

/// Graceful or not, and until when: the reviewer sees it before anybody loses work.
fn power_off_remark(step: &Step) -> Option<String> {
    step.changes.iter().find(|change| change.path == "specs.power" && change.after == "off")?;
    let manner = step.desired.get("specs").and_then(|specs| specs.get("power_off"));
    let within = manner.and_then(|manner| manner.get("within")).and_then(Value::as_u64);
    let within = within.unwrap_or(DEFAULT_SHUT_DOWN_WITHIN.as_millis() as u64);
    let is_forced = manner.and_then(|manner| manner.get("force")).and_then(Value::as_bool).unwrap_or(false);
    let span = Span { milliseconds: within };
    Some(match (within, is_forced) {
        (0, true) => "power is cut at once; the operating system is not asked to shut down".to_owned(),
        (_, true) => format!("the operating system is asked to shut down; power is cut if that takes longer than {span}"),
        (_, false) => format!("the operating system is asked to shut down; the step fails if that takes longer than {span}, power is never cut"),
    })
}

pub(super) fn finding(path: impl Into<String>, summary: &'static str, detail: impl Into<String>, hint: &str) -> Finding {
    Finding { path: path.into(), summary, detail: detail.into(), hint: Some(hint.to_owned()) }
}

fn boot_finding(resource: &DesiredResource) -> Option<Finding> {
    let boot = resource.spec("boot")?;
    let is_none = boot.get("device").is_none_or(|device| device == BOOT_DEVICE_NONE);
    (is_none && boot.get("mode").is_some()).then(|| {
        let detail = "Without an override there is no mode: the firmware boots by its own order, in its own way.";
        finding("specs.boot.mode", "Mode without a device", detail, "leave `mode` out, or name a device")
    })
}

fn order_finding(resource: &DesiredResource) -> Option<Finding> {
    let order = resource.spec("boot")?.get("order")?.as_array()?;
    let doubled = (1..order.len()).find(|index| order[..*index].contains(&order[*index]));
    if let Some(index) = doubled {
        let detail = format!("`{}` stands in the order twice.", order[index].as_str().unwrap_or_default());
        return Some(finding(format!("specs.boot.order[{index}]"), "Boot option twice", detail, "take one of them out"));
    }
    order.is_empty().then(|| {
        let detail = "A machine that boots from nothing is of no use.";
        finding("specs.boot.order", "Order of nothing", detail, "name the boot options, or leave `order` out")
    })
}

fn name_server_finding(resource: &DesiredResource) -> Option<Finding> {
    let servers = resource.spec("bmc")?.get("dns")?.as_array()?;
    servers.is_empty().then(|| {
        let detail = "A BMC that asks no name server can be told addresses only.";
        finding("specs.bmc.dns", "No name servers", detail, "name the servers, or leave `dns` out")
    })
}

fn user_findings(resource: &DesiredResource) -> Vec<Finding> {
    let users = resource.spec("users").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let name = |user: &Value| user.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_doubled = |index: usize| users[..index].iter().any(|other| name(other) == name(&users[index]));
    let doubled = (0..users.len()).filter(|index| is_doubled(*index));
    doubled
        .map(|index| {
            let detail = format!("Two accounts are called `{}`.", name(&users[index]));
            finding(format!("specs.users[{index}].name"), "Name twice", detail, "a BMC knows accounts by their names")
        })
        .collect()
}
