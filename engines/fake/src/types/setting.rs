//! What always exists on a fake target? Settings: a blueprint sets some keys, and leaving it releases them.

use core_model::plan::Risk;
use core_model::resource_type::{Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

const SPECS: &[Field] = &[
    Field::new("name", Kind::Text, "Which settings, in place of `<prefix><resource>`.").replace(),
    Field::new("zone", Kind::Text, "The time zone; `UTC` when left out."),
    Field::new("mode", Kind::Word(&["standard", "strict"]), "How strictly it works; `standard` when left out.").restart(),
    Field::new("enabled", Kind::Boolean, "Whether it works at all; `true` when left out."),
    Field::new("limit", Kind::Integer { min: 0, max: 10_000 }, "How many clients are let in; 100 when left out."),
    Field::new("sampling", Kind::Thousandths { min: 0, max: 1_000 }, "Which share of the traffic is measured."),
    Field::new("cache", Kind::Size, "How much is kept in memory."),
    Field::new("retention", Kind::Duration, "How long logs are kept. Leaving it out keeps the last value.").keep_when_unset(),
    Field::new("address", Kind::Cidr, "The address and its network.").risk(Risk::MayDisconnect),
    Field::new("gateway", Kind::Ip, "Where packets for elsewhere go.").risk(Risk::MayDisconnect),
    Field::new("servers", Kind::List(&Kind::Ip), "Name servers, the first one first."),
    Field::new("options", Kind::Map(&Kind::Text), "Further options, by name."),
];

const FACTS: TypeFacts = TypeFacts {
    ownership: Ownership::Singleton,
    naming: Naming::Resource,
    ..super::facts("setting", "Settings of a fake target that always exist.", SPECS)
};

pub(super) struct Setting;

impl ResourceType for Setting {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
