//! What may pass on a fake target? Rules, which are changed in batches and have no place for a marker.

use core_model::plan::Risk;
use core_model::resource_type::{Claim, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

const fn passing(field: Field) -> Field {
    field.risk(Risk::MayDisconnect)
}

const SPECS: &[Field] = &[
    Field::new("name", Kind::Text, "What the rule is called, in place of `<prefix><resource>`.").replace(),
    passing(Field::new("chain", Kind::Word(&["forward", "input", "output"]), "Where the rule stands; `forward` when left out.")).replace(),
    passing(Field::new("action", Kind::Word(&["accept", "drop", "reject"]), "What is done with a packet.").required()),
    passing(Field::new("from", Kind::Cidr, "Where packets come from; anywhere when left out.")),
    passing(Field::new("to", Kind::Cidr, "Where packets go; anywhere when left out.")),
    passing(Field::new("ports", Kind::Set(&Kind::Integer { min: 1, max: 65_535 }), "The ports they go to; all when left out.")),
    Field::new("position", Kind::Integer { min: 1, max: 1_000 }, "Its place in the chain. Two rules cannot have one place."),
    Field::new("log", Kind::Boolean, "Whether packets are logged; `false` when left out."),
];

const FACTS: TypeFacts = TypeFacts {
    ownership: Ownership::Recorded,
    naming: Naming::Resource,
    ..super::facts("rule", "A rule for packets. Rules change together or not at all.", SPECS)
};

pub(super) struct Rule;

impl ResourceType for Rule {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let specs = values.get("specs");
        let position = specs.and_then(|specs| specs.get("position")).and_then(Value::as_i64);
        let chain = specs.and_then(|specs| specs.get("chain")).and_then(Value::as_str).unwrap_or("forward");
        position.map(|position| Claim { what: "position", value: format!("{chain}/{position}") }).into_iter().collect()
    }
}
