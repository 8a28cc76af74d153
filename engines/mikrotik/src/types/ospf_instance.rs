//! Who is the router in OSPF?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    cutting(name("What the instance is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("version", Kind::Integer { min: 2, max: 3 }, "2 for IPv4, 3 for IPv6; 2 when left out.")),
    cutting(Field::new("router_id", Kind::Text, "The router's number, `10.255.0.1`, or the name of a `/routing/id`; found out when left out.")),
    cutting(Field::new("vrf", Kind::Text, "The VRF that it works in; `main` when left out.")),
    cutting(Field::new("redistribute", Kind::Set(&Kind::Text), "Which other routes are told: `connected`, `static`, `bgp`, ...")),
    cutting(Field::new("default_route", Kind::Word(&["always", "if-installed", "never"]), "Whether neighbours are told a default route.")),
    cutting(Field::new("in_filter", Kind::Text, "The chain of routing filters for what is learned.")),
    cutting(Field::new("out_filter", Kind::Text, "The chain of routing filters for what is told.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("ospf-instance", "The router's own side of OSPF, which areas belong to.", SPECS);

/// An instance of OSPF.
#[derive(Debug, Clone, Copy)]
pub(super) struct OspfInstance;

impl Parted for OspfInstance {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/routing/ospf/instance",
            Rows::Named("name"),
            &[
                Argument::new("version", "version").or("2"),
                Argument::new("router_id", "router-id"),
                Argument::new("vrf", "vrf").or("main"),
                Argument::new("redistribute", "redistribute"),
                Argument::new("default_route", "originate-default"),
                Argument::new("in_filter", "in-filter-chain"),
                Argument::new("out_filter", "out-filter-chain"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for OspfInstance {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// Routes that were learned go with it.
    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Create { Risk::None } else { Risk::MayDisconnect }
    }
}
