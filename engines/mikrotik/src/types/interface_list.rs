//! What is a list of interfaces that rules refer to?

use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    cutting(name("What the list is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("members", Kind::Set(&Kind::Text), "All interfaces of the list.")),
    cutting(Field::new("include", Kind::Set(&Kind::Text), "Lists whose members are members here.")),
    cutting(Field::new("exclude", Kind::Set(&Kind::Text), "Lists whose members are not.")),
    REACH,
];

const FACTS: TypeFacts = facts("interface-list", "A list of interfaces that rules and services refer to by its name.", SPECS);

/// An interface list.
#[derive(Debug, Clone, Copy)]
pub(super) struct InterfaceList;

fn any(_: &str) -> bool {
    true
}

impl Parted for InterfaceList {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new(
                "/interface/list",
                Rows::Named("name"),
                &[Argument::new("include", "include").or(""), Argument::new("exclude", "exclude").or("")],
            ),
            Part::new("/interface/list/member", Rows::Each { field: "members", argument: "interface", owner: "list", only: any }, &[]),
        ];
        PARTS
    }
}

impl ResourceType for InterfaceList {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
