//! What is a network of a router? A VLAN on an interface, or a bridge of its own, with the router's address in it.

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Claim, Finding, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows, When, place_of, specs};
use crate::snapshot::{SeenRow, Snapshot};

const SPECS: &[Field] = &[
    cutting(name("What the interface is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("vlan", Kind::Integer { min: 1, max: 4_094 }, "The VLAN's number. Without it the network is a bridge of its own.")),
    cutting(Field::new("interface", Kind::Text, "The bridge or port that carries the VLAN.")),
    cutting(Field::new("address", Kind::Cidr, "The router's address in the network.")),
    cutting(Field::new("mtu", Kind::Integer { min: 68, max: 65_535 }, "The largest packet; 1500 for a VLAN, `auto` for a bridge when left out.")),
    cutting(Field::new("tagged", Kind::Set(&Kind::Text), "The ports that carry the VLAN with its tag, on a bridge that filters VLANs.")),
    cutting(Field::new("untagged", Kind::Set(&Kind::Text), "The ports that carry the VLAN without a tag.")),
    cutting(Field::new("ports", Kind::Set(&Kind::Text), "The ports of a bridge: all of them.")),
    cutting(Field::new("filtering", Kind::Boolean, "Whether a bridge lets only the VLANs of its table pass; `false` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("network", "A VLAN, or a bridge, with the router's address in it.", SPECS);

/// A VLAN or a bridge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Network;

fn any(_: &str) -> bool {
    true
}

impl Parted for Network {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new(
                "/interface/vlan",
                Rows::Named("name"),
                &[Argument::new("vlan", "vlan-id"), Argument::new("interface", "interface"), Argument::new("mtu", "mtu").or("1500")],
            )
            .when(When::Set(&["vlan"])),
            Part::new(
                "/interface/bridge",
                Rows::Named("name"),
                &[Argument::new("mtu", "mtu").or("auto"), Argument::new("filtering", "vlan-filtering").or("no")],
            )
            .when(When::NotSet("vlan")),
            Part::new("/interface/bridge/port", Rows::Each { field: "ports", argument: "interface", owner: "bridge", only: any }, &[]),
            Part::new(
                "/interface/bridge/vlan",
                Rows::Keyed { arguments: &[("bridge", "interface"), ("vlan-ids", "vlan")], slot: "vlan" },
                &[Argument::new("tagged", "tagged").or(""), Argument::new("untagged", "untagged").or("")],
            )
            .when(When::Set(&["tagged", "untagged"])),
            Part::new("/ip/address", Rows::Attached { argument: "interface", slot: "address" }, &[Argument::new("address", "address")])
                .when(When::Set(&["address"])),
        ];
        PARTS
    }

    fn place_beside(&self, row: &SeenRow, _snapshot: &Snapshot) -> Option<String> {
        Some(format!("{}|{}", row.get("interface"), row.get("vlan-id"))).filter(|place| place != "|")
    }
}

impl ResourceType for Network {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let is_set = |field: &str| resource.spec(field).is_some();
        let finding = |path: &str, detail: &str, hint: &str| Finding {
            path: format!("specs.{path}"),
            summary: "Fields do not fit",
            detail: detail.to_owned(),
            hint: Some(hint.to_owned()),
        };
        let mut findings = Vec::new();
        if is_set("vlan") && !is_set("interface") {
            findings.push(finding("vlan", "A VLAN needs the interface that carries it.", "add `interface`, for example `interface: bridge`"));
        }
        for field in ["interface", "tagged", "untagged"].into_iter().filter(|field| is_set(field) && !is_set("vlan")) {
            findings.push(finding(field, &format!("`{field}` belongs to a VLAN."), "add `vlan`, or leave it out to make a bridge"));
        }
        for field in ["ports", "filtering"].into_iter().filter(|field| is_set(field) && is_set("vlan")) {
            findings.push(finding(field, &format!("`{field}` belongs to a bridge, and this is a VLAN."), "set it on the bridge's own resource"));
        }
        findings
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let Some(specs) = specs(values) else { return Vec::new() };
        let text = |field: &str| specs.get(field).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let vlan = text("vlan").zip(text("interface")).map(|(vlan, interface)| Claim { what: "VLAN", value: format!("{vlan} on {interface}") });
        let address = text("address").map(|value| Claim { what: "address", value });
        vlan.into_iter().chain(address).collect()
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        place_of(self, values)
    }

    /// A new VLAN cuts nothing; what goes, and a table of VLANs, can.
    fn least_risk(&self, action: Action, values: &Map<String, Value>) -> Risk {
        let sets = |field: &str| specs(values).is_some_and(|specs| specs.contains_key(field));
        match action {
            Action::Delete | Action::Replace => Risk::MayDisconnect,
            Action::Create if ["tagged", "untagged", "ports", "filtering"].into_iter().any(sets) => Risk::MayDisconnect,
            _ => Risk::None,
        }
    }
}
