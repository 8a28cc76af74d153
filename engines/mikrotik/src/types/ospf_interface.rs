//! On which interfaces does the router speak OSPF, and how?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Finding, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, secret};
use crate::shape::{Argument, Part, Parted, Rows, place_of};

const KINDS: &[&str] = &["broadcast", "nbma", "ptmp", "ptmp-broadcast", "ptp", "ptp-unnumbered"];
const PROOFS: &[&str] = &["md5", "sha1", "sha256", "sha384", "sha512", "simple"];

const SPECS: &[Field] = &[
    cutting(Field::new("area", Kind::Text, "The area that its networks are in.").required()),
    cutting(Field::new(
        "interfaces",
        Kind::Set(&Kind::Text),
        "The interfaces, or lists of them; every one when neither these nor `networks` are given.",
    )),
    cutting(Field::new("networks", Kind::Set(&Kind::Cidr), "The networks whose interfaces are meant.")),
    cutting(Field::new("kind", Kind::Word(KINDS), "How neighbours are found; `broadcast` when left out.")),
    cutting(Field::new("cost", Kind::Integer { min: 0, max: 65_535 }, "The smaller, the better; 1 when left out.")),
    cutting(Field::new("priority", Kind::Integer { min: 0, max: 255 }, "Who speaks for the network: the largest does; 128 when left out.")),
    cutting(Field::new("hello", Kind::Duration, "How often a sign of life is sent; 10s when left out. Neighbours must agree.")),
    cutting(Field::new("dead", Kind::Duration, "After how long a silent neighbour is given up; 40s when left out. Neighbours must agree.")),
    cutting(Field::new("auth", Kind::Word(PROOFS), "How neighbours prove who they are; not at all when left out.")),
    cutting(Field::new("auth_id", Kind::Integer { min: 0, max: 255 }, "The number of the key.")),
    cutting(secret("auth_key", "The key. It is never read back.")),
    cutting(Field::new("bfd", Kind::Boolean, "Whether neighbours are watched by BFD.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("ospf-interface", "Interfaces on which the router speaks OSPF (an interface template).", SPECS);

/// An interface template.
#[derive(Debug, Clone, Copy)]
pub(super) struct OspfInterface;

impl Parted for OspfInterface {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/routing/ospf/interface-template",
            Rows::Marked(&["area", "interfaces", "networks"]),
            &[
                Argument::new("area", "area"),
                Argument::new("interfaces", "interfaces"),
                Argument::new("networks", "networks"),
                Argument::new("kind", "type").or("broadcast"),
                Argument::new("cost", "cost").or("1"),
                Argument::new("priority", "priority").or("128"),
                Argument::new("hello", "hello-interval").or("10s"),
                Argument::new("dead", "dead-interval").or("40s"),
                Argument::new("auth", "auth"),
                Argument::new("auth_id", "auth-id"),
                Argument::new("auth_key", "auth-key"),
                Argument::new("bfd", "use-bfd"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for OspfInterface {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let is_set = |field: &str| resource.spec(field).is_some();
        let lacking = ["auth_id", "auth_key"].into_iter().find(|field| is_set(field) && !is_set("auth"));
        let finding = |field: &str| Finding {
            path: format!("specs.{field}"),
            summary: "Fields do not fit",
            detail: format!("`{field}` means nothing without `auth`."),
            hint: Some("add `auth`, for example `auth: sha256`".to_owned()),
        };
        lacking.map(finding).into_iter().collect()
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        place_of(self, values)
    }

    /// What a new neighbour tells can be better than the way by which the daemon comes.
    fn least_risk(&self, _action: Action, _values: &Map<String, Value>) -> Risk {
        Risk::MayDisconnect
    }
}
