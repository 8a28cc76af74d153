//! Which part of a network does an instance of OSPF know in full?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    cutting(name("What the area is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("instance", Kind::Text, "The instance that it belongs to.").required()),
    cutting(Field::new("number", Kind::Ip, "The area's number, `0.0.0.1`; the backbone, `0.0.0.0`, when left out.")),
    cutting(Field::new(
        "kind",
        Kind::Word(&["default", "nssa", "stub"]),
        "Which routes from outside it is told; `default`, all of them, when left out.",
    )),
    cutting(Field::new("default_cost", Kind::Integer { min: 0, max: 16_777_215 }, "The cost of the default route that a stub is told.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("ospf-area", "An area of OSPF.", SPECS);

/// An area.
#[derive(Debug, Clone, Copy)]
pub(super) struct OspfArea;

impl Parted for OspfArea {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/routing/ospf/area",
            Rows::Named("name"),
            &[
                Argument::new("instance", "instance"),
                Argument::new("number", "area-id").or("0.0.0.0"),
                Argument::new("kind", "type").or("default"),
                Argument::new("default_cost", "default-cost"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for OspfArea {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// Routes that were learned go with it.
    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Create { Risk::None } else { Risk::MayDisconnect }
    }
}
