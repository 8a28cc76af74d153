//! Who may log in to the router?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{ADDRESSES, REACH, cutting, facts, name, secret};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    name("What the user is called, in place of `<prefix><resource>`."),
    cutting(Field::new("group", Kind::Text, "What the user may do: `full`, `read`, `write` or a group of your own.").required()),
    cutting(secret("password", "The password. The router never tells it back.")),
    cutting(Field::new("from", Kind::Set(&Kind::Checked(&ADDRESSES)), "Where the user may come from; anywhere when left out.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether the user may log in; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("user", "A user of the router.", SPECS);

/// A user.
#[derive(Debug, Clone, Copy)]
pub(super) struct User;

impl Parted for User {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/user",
            Rows::Named("name"),
            &[
                Argument::new("group", "group"),
                Argument::new("password", "password"),
                Argument::new("from", "address").or(""),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for User {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// It may be the daemon's own.
    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Create { Risk::None } else { Risk::MayDisconnect }
    }
}
