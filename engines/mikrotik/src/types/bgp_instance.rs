//! Who is the router in BGP, from RouterOS 7.20 on?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::bgp_template::AS_NUMBER;
use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    cutting(name("What the instance is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("as", AS_NUMBER, "The number of the router's own network.").required()),
    cutting(Field::new("router_id", Kind::Text, "The router's number, `10.255.0.1`, or the name of a `/routing/id`; found out when left out.")),
    cutting(Field::new("table", Kind::Text, "The routing table that routes go to; `main` when left out.")),
    cutting(Field::new("vrf", Kind::Text, "The VRF that connections are made in; `main` when left out.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("bgp-instance", "The router's own side of BGP, which connections belong to. RouterOS 7.20 and newer.", SPECS);

/// An instance of BGP.
#[derive(Debug, Clone, Copy)]
pub(super) struct BgpInstance;

impl Parted for BgpInstance {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/routing/bgp/instance",
            Rows::Named("name"),
            &[
                Argument::new("as", "as"),
                Argument::new("router_id", "router-id"),
                Argument::new("table", "routing-table"),
                Argument::new("vrf", "vrf"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for BgpInstance {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// Routes that were learned go with it.
    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Create { Risk::None } else { Risk::MayDisconnect }
    }
}
