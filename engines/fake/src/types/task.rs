//! What is done once? Tasks: a new token runs them, and nothing undoes them.

use core_model::plan::{Inverse, Risk};
use core_model::resource_type::{Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};

const ONCE: &[Field] = &[
    Field::new("token", Kind::Text, "A new token runs the task once more.").required().write_only().keep_when_unset().risk(Risk::MayDisconnect),
    Field::new("reset", Kind::Word(&["none", "cycle"]), "What is reset with it.").write_only().keep_when_unset(),
];

const SPECS: &[Field] = &[
    Field::new("name", Kind::Text, "What the task is called, in place of `<prefix><resource>`.").replace(),
    Field::new("once", Kind::Object(ONCE), "What is done, once for each token."),
    Field::new("logged", Kind::Boolean, "Whether the target can tell which tokens it has seen. Without it, a crash leaves the outcome unknown."),
];

const FACTS: TypeFacts = TypeFacts {
    ownership: Ownership::Singleton,
    naming: Naming::Resource,
    ..super::facts("task", "Something that a fake target does once for each token.", SPECS)
};

pub(super) struct Task;

impl ResourceType for Task {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn inverse_of_change(&self, _effect: Effect) -> Inverse {
        Inverse::None { why: "what was done once cannot be undone".to_owned() }
    }
}
