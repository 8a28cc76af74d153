//! What is an address of a router, on an interface that is not managed here?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Claim, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts};
use crate::shape::{Argument, Part, Parted, Rows, place_of, specs};

const SPECS: &[Field] = &[
    cutting(Field::new("address", Kind::Cidr, "The address, with the length of its network.").required()),
    cutting(Field::new("interface", Kind::Text, "The interface that has it.").required()),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("address", "An address of the router on one of its interfaces.", SPECS);

/// An address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address;

impl Parted for Address {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/ip/address",
            Rows::Marked(&["address", "interface"]),
            &[Argument::new("address", "address"), Argument::new("interface", "interface"), Argument::new("enabled", "disabled").or("no").inverted()],
        )];
        PARTS
    }
}

impl ResourceType for Address {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let address = specs(values).and_then(|specs| specs.get("address")).and_then(Value::as_str);
        address.map(|address| Claim { what: "address", value: address.to_owned() }).into_iter().collect()
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        place_of(self, values)
    }

    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Delete { Risk::MayDisconnect } else { Risk::None }
    }
}
