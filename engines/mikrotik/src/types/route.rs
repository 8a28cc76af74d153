//! What is a static route?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts};
use crate::shape::{Argument, Part, Parted, Rows, place_of};

const SPECS: &[Field] = &[
    cutting(Field::new("to", Kind::Cidr, "The network that it leads to; `0.0.0.0/0` is everything.").required()),
    cutting(Field::new("gateway", Kind::Text, "The next router's address, or an interface.").required()),
    cutting(Field::new("distance", Kind::Integer { min: 1, max: 255 }, "The smaller, the better; 1 when left out.")),
    cutting(Field::new("table", Kind::Text, "The routing table; `main` when left out.")),
    cutting(Field::new("check", Kind::Word(&["ping", "arp", "bfd"]), "How the gateway is watched; not at all when left out.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("route", "A static route.", SPECS);

/// A route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route;

impl Parted for Route {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/ip/route",
            Rows::Marked(&["dst-address", "gateway", "routing-table"]),
            &[
                Argument::new("to", "dst-address"),
                Argument::new("gateway", "gateway"),
                Argument::new("distance", "distance").or("1"),
                Argument::new("table", "routing-table").or("main"),
                Argument::new("check", "check-gateway").or("none"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for Route {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        place_of(self, values)
    }

    /// A new route can be better than the one that answers to us go by.
    fn least_risk(&self, _action: Action, _values: &Map<String, Value>) -> Risk {
        Risk::MayDisconnect
    }
}
