//! What is a volume of a fake target? It holds data, and nothing on it can be changed in place.

use core_model::plan::{Inverse, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};

/// A volume that is made anew is empty.
const fn emptied(field: Field) -> Field {
    field.replace().risk(Risk::DataLoss)
}

const SPECS: &[Field] = &[
    emptied(Field::new("name", Kind::Text, "What it is called, in place of `<prefix><blueprint>-<resource>`.")),
    emptied(Field::new("driver", Kind::Text, "The volume driver; `local` when left out.")),
    emptied(Field::new("options", Kind::Map(&Kind::Text), "Options of the driver.")),
    emptied(Field::new("labels", Kind::Map(&Kind::Text), "Labels.")),
];

pub(super) const FACTS: TypeFacts = TypeFacts { data_bearing: true, ..super::facts("storage", "A volume of a fake target.", SPECS) };

pub(super) struct Storage(pub(super) &'static TypeFacts);

impl ResourceType for Storage {
    fn facts(&self) -> &'static TypeFacts {
        self.0
    }

    fn inverse_of_change(&self, _effect: Effect) -> Inverse {
        Inverse::None { why: "a volume that was made anew is empty, and its data does not come back".to_owned() }
    }
}
