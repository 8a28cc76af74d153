//! What is a network of a node? A bridge or a VLAN interface: its table, and what the table does not see.

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Claim, Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use crate::PROVIDER;
use crate::checks::{BRIDGE, INTERFACE, INTERFACE_NAME, VLANS};
use crate::comment::NOTES;

/// A bridge or a VLAN interface of one node.
#[derive(Debug, Clone, Copy)]
pub struct Network;

/// A change may cut guests off, or the node itself.
const fn cutting(field: Field) -> Field {
    field.risk(Risk::MayDisconnect)
}

const SPECS: &[Field] = &[
    Field::new("name", Kind::Checked(&INTERFACE_NAME), "What it is called on its node, in place of `<prefix><resource>`: `vmbr1`, `eno1.20`.")
        .replace()
        .keep_when_unset(),
    cutting(Field::new("kind", Kind::Word(&["bridge", "vlan"]), "Whether it is a Linux bridge or a VLAN of another interface.").required().replace()),
    cutting(Field::new("ports", Kind::Set(&Kind::Checked(&INTERFACE)), "The interfaces that a bridge connects; none when left out.")),
    cutting(Field::new("vlan_aware", Kind::Boolean, "Whether a bridge looks at VLANs.")),
    cutting(Field::new("vids", Kind::Set(&Kind::Checked(&VLANS)), "The VLANs that a VLAN-aware bridge lets through; 2-4094 when left out.")),
    cutting(Field::new("device", Kind::Checked(&INTERFACE), "What a VLAN is of. A name such as `eno1.20` says it too.").replace().keep_when_unset()),
    cutting(
        Field::new("vlan", Kind::Integer { min: 1, max: 4094 }, "Which VLAN. A name such as `eno1.20` or `vlan20` says it too.")
            .replace()
            .keep_when_unset(),
    ),
    cutting(Field::new("address", Kind::Cidr, "The node's address there.")),
    cutting(Field::new("gateway", Kind::Ip, "The node's default gateway. A node has one.")),
    cutting(Field::new("address6", Kind::Cidr, "The node's IPv6 address there.")),
    cutting(Field::new("gateway6", Kind::Ip, "The node's default gateway for IPv6.")),
    cutting(Field::new("mtu", Kind::Integer { min: 1280, max: 65520 }, "The largest packet; 1500 when left out.")),
    Field::new("autostart", Kind::Boolean, "Whether it comes up with its node; it does when left out."),
];

const METADATA: &[Field] = &[
    Field::new("node", Kind::Checked(&BRIDGE), "The node it is on.").required().replace(),
    Field::new("notes", Kind::Checked(&NOTES), "What people should know of it."),
    Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.").write_only().risk(Risk::None),
];

const OF_BRIDGES: [&str; 3] = ["ports", "vlan_aware", "vids"];
const OF_VLANS: [&str; 2] = ["device", "vlan"];

impl ResourceType for Network {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: super::TYPE,
            provider: PROVIDER,
            meaning: "A Linux bridge or a VLAN interface of one node.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::Within("node"),
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mut findings = Vec::new();
        findings.extend(name(resource));
        findings.extend(fields_of_the_other_kind(resource));
        findings.extend(vlan(resource));
        findings.extend(addresses(resource));
        findings
    }

    /// A port is in one bridge, and a node has one default gateway: who gives it up comes before who takes it.
    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let part = |root: &str, name: &str| values.get(root).and_then(|part| part.get(name));
        let Some(node) = part("metadata", "node").and_then(Value::as_str) else { return Vec::new() };
        let ports = part("specs", "ports").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let ports = ports.map(|port| Claim { what: "port", value: format!("{node}/{port}") });
        let gateways = [("gateway", "default gateway"), ("gateway6", "default IPv6 gateway")];
        let gateways = gateways.into_iter().filter(|(field, _)| part("specs", field).is_some());
        ports.chain(gateways.map(|(_, what)| Claim { what, value: node.to_owned() })).collect()
    }

    /// A new bridge may take the card or the gateway by which the node is reached.
    fn least_risk(&self, action: Action, values: &Map<String, Value>) -> Risk {
        let spec = |field: &str| values.get("specs").and_then(|specs| specs.get(field));
        let has_ports = spec("ports").and_then(Value::as_array).is_some_and(|ports| !ports.is_empty());
        let takes_the_way_out = has_ports || ["gateway", "gateway6"].into_iter().any(|field| spec(field).is_some());
        match action {
            Action::Delete | Action::Replace => Risk::MayDisconnect,
            Action::Create if takes_the_way_out => Risk::MayDisconnect,
            _ => Risk::None,
        }
    }
}

fn finding(path: &str, summary: &'static str, detail: String, hint: &str) -> Finding {
    Finding { path: path.to_owned(), summary, detail, hint: Some(hint.to_owned()) }
}

fn name(resource: &DesiredResource) -> Option<Finding> {
    let (_, name) = super::parts(&resource.object)?;
    let why = (INTERFACE_NAME.parse)(name).err()?;
    Some(finding("specs.name", "Not an interface's name", format!("`{name}` {why}."), "say `name: vmbr1` or the like in `specs`"))
}

fn fields_of_the_other_kind(resource: &DesiredResource) -> Vec<Finding> {
    let (kind, others): (_, &[&str]) =
        if resource.spec("kind").and_then(Value::as_str) == Some("vlan") { ("vlan", &OF_BRIDGES) } else { ("bridge", &OF_VLANS) };
    let wrong = others.iter().filter(|field| resource.spec(field).is_some());
    let wrong = wrong.map(|field| finding(&format!("specs.{field}"), "Field of another kind", format!("A {kind} has no `{field}`."), "leave it out"));
    let unseen = resource.spec("vids").filter(|_| kind == "bridge" && resource.spec("vlan_aware") != Some(&Value::Bool(true)));
    let unseen =
        unseen.map(|_| finding("specs.vids", "VLANs without effect", "Only a VLAN-aware bridge has `vids`.".to_owned(), "set `vlan_aware: true`"));
    wrong.chain(unseen).collect()
}

/// What the name of a VLAN says: `eno1.20` its device and its number, `vlan20` its number.
pub(super) fn told_by(name: &str) -> (Option<&str>, Option<u64>) {
    match name.rsplit_once('.') {
        Some((device, number)) => (Some(device), number.parse().ok()),
        None => (None, name.strip_prefix("vlan").and_then(|number| number.parse().ok())),
    }
}

fn vlan(resource: &DesiredResource) -> Vec<Finding> {
    let Some((_, name)) = super::parts(&resource.object).filter(|_| resource.spec("kind").and_then(Value::as_str) == Some("vlan")) else {
        return Vec::new();
    };
    let (device, number) = told_by(name);
    let said = (resource.spec("device").and_then(Value::as_str), resource.spec("vlan").and_then(Value::as_u64));
    let mut findings = Vec::new();
    let mut judge = |field: &str, told: Option<String>, said: Option<String>| match (told, said) {
        (Some(told), Some(said)) if told != said => {
            let detail = format!("The name `{name}` says {told}, and `{field}` says {said}.");
            findings.push(finding(&format!("specs.{field}"), "Two answers", detail, "leave the field out, or choose another name"));
        }
        (None, None) => findings.push(finding("specs.kind", "VLAN without device or number", format!("`{name}` needs `{field}`."), "set it")),
        _ => {}
    };
    judge("device", device.map(str::to_owned), said.0.map(str::to_owned));
    judge("vlan", number.map(|number| number.to_string()), said.1.map(|number| number.to_string()));
    findings
}

fn addresses(resource: &DesiredResource) -> Vec<Finding> {
    let text = |field: &str| resource.spec(field).and_then(Value::as_str);
    let mut findings = Vec::new();
    for (address, gateway, is_six) in [("address", "gateway", false), ("address6", "gateway6", true)] {
        for field in [address, gateway] {
            if text(field).is_some_and(|value| value.contains(':') != is_six) {
                let detail = format!("`{field}` is for IPv{}.", if is_six { 6 } else { 4 });
                findings.push(finding(&format!("specs.{field}"), "Address of the other family", detail, "write it in the other field"));
            }
        }
        if text(gateway).is_some() && text(address).is_none() {
            let detail = format!("`{gateway}` is given without `{address}`.");
            findings.push(finding(&format!("specs.{gateway}"), "Gateway without address", detail, "give the node's own address too"));
        }
        if text(address).is_some_and(|value| !value.contains('/')) {
            findings.push(finding(
                &format!("specs.{address}"),
                "Address without length",
                format!("`{address}` needs the length of its network."),
                "write 10.0.20.1/24",
            ));
        }
    }
    findings
}
