//! How fast may an address or a network be?

use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use super::{ADDRESSES, RATES, REACH, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    name("What the queue is called, in place of `<prefix><resource>`."),
    Field::new("target", Kind::Set(&Kind::Checked(&ADDRESSES)), "Whose traffic it is.").required(),
    Field::new("limit", Kind::Checked(&RATES), "The most that is let through; no limit when left out."),
    Field::new("guaranteed", Kind::Checked(&RATES), "What is let through in any case; nothing when left out."),
    Field::new("parent", Kind::Text, "The queue that this one is part of; none when left out."),
    Field::new("enabled", Kind::Boolean, "Whether it works; `true` when left out."),
    REACH,
];

const FACTS: TypeFacts = facts("queue", "A simple queue: how fast traffic may be.", SPECS);

/// A simple queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queue;

impl Parted for Queue {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/queue/simple",
            Rows::Named("name"),
            &[
                Argument::new("target", "target"),
                Argument::new("limit", "max-limit").or("0/0"),
                Argument::new("guaranteed", "limit-at").or("0/0"),
                Argument::new("parent", "parent").or("none"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for Queue {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
