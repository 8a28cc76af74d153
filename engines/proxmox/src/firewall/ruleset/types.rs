//! What is the firewall of a scope? Its rules, in order and all of them, and its options.

use core_model::diff::Sides;
use core_model::plan::{FieldChange, Inverse, Risk, Step};
use core_model::resource_type::{Claim, DependencyEffect, Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::lockout;
use crate::PROVIDER;
use crate::checks::BRIDGE;
use crate::firewall::rule::RULE;
use crate::firewall::scope::{CLUSTER, GUEST, NODE, Scope};
use crate::firewall::{options, rule_findings};

const OPTIONS: usize = options::FIELDS.len();

const fn specs() -> [Field; OPTIONS + 3] {
    let rules = Field::new("rules", Kind::List(&Kind::Object(RULE)), "All rules, in order. Rules that are not here are removed.").keep_when_unset();
    let mut fields = [rules; OPTIONS + 3];
    fields[0] = Field::new("node", Kind::Checked(&BRIDGE), "The node whose firewall it is. Without `node` and `guest` it is the cluster's.")
        .replace()
        .risk(Risk::InPlace);
    fields[1] = Field::new("guest", Kind::Link(&["compute", "container"]), "The guest whose firewall it is.").replace().risk(Risk::InPlace);
    let mut index = 0;
    while index < OPTIONS {
        fields[index + 2] = options::FIELDS[index];
        index += 1;
    }
    fields
}

const ALL: [Field; OPTIONS + 3] = specs();
const METADATA: &[Field] = &[crate::firewall::OWNER];

/// The firewall of the cluster, of a node or of a guest.
#[derive(Debug, Clone, Copy)]
pub struct Firewall;

impl ResourceType for Firewall {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "firewall",
            provider: PROVIDER,
            meaning: "The firewall of the cluster, of a node or of a guest: all its rules, in order, and its options.",
            specs: &ALL,
            metadata: METADATA,
            ownership: Ownership::Singleton,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let scope = Scope::of(&resource.values);
        let mut findings = rule_findings::of(resource, Some(&scope));
        if resource.spec("node").is_some() && resource.spec("guest").is_some() {
            findings.push(finding(
                "specs.guest",
                "Two scopes",
                "A firewall is a node's or a guest's, and here it is both.".to_owned(),
                "leave one out",
            ));
        }
        let fields = resource.values.get("specs").and_then(Value::as_object).into_iter().flatten();
        for (field, _) in fields.filter(|(field, _)| options::has(field, scope.bit()) == Some(false)) {
            let holders = [("the cluster", CLUSTER), ("a node", NODE), ("a guest", GUEST)];
            let others: Vec<&str> = holders.iter().filter(|(_, bit)| options::has(field, *bit) == Some(true)).map(|(name, _)| *name).collect();
            let detail = format!("`{field}` is an option of {}, and this is the firewall of {}.", others.join(" and of "), scope.words());
            findings.push(finding(&format!("specs.{field}"), "Option not possible here", detail, "leave it out"));
        }
        findings
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        vec![Claim { what: "firewall", value: Scope::of(values).text() }]
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        Some(Scope::of(values).text())
    }

    fn weigh(&self, changes: &mut [FieldChange], sides: &Sides<'_>) {
        lockout::weigh(changes, sides);
    }

    /// A guest that is made anew has none of its rules.
    fn replaced_dependency(&self, dependency_type: &str) -> DependencyEffect {
        if matches!(dependency_type, "compute" | "container") { DependencyEffect::Reattach } else { DependencyEffect::Nothing }
    }

    fn remarks(&self, step: &Step) -> Vec<String> {
        let is_cutting = step.changes.iter().any(|change| change.risk == Risk::MayDisconnect);
        let remark = "no rule lets in TCP 8006 and 22 from anywhere, so that only the local network and the IP set `management` reach the nodes";
        is_cutting.then(|| remark.to_owned()).into_iter().collect()
    }

    fn inverse_of_change(&self, effect: Effect) -> Inverse {
        match effect {
            Effect::Replace => Inverse::None { why: "the firewall of another scope was taken over".to_owned() },
            Effect::InPlace | Effect::Restart => Inverse::Exact,
        }
    }
}

fn finding(path: &str, summary: &'static str, detail: String, hint: &str) -> Finding {
    Finding { path: path.to_owned(), summary, detail, hint: Some(hint.to_owned()) }
}
