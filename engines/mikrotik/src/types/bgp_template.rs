//! What do connections of BGP have in common?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

/// The number of a network.
pub(super) const AS_NUMBER: Kind = Kind::Integer { min: 1, max: 4_294_967_295 };
const ORIGINATE: &[&str] = &["always", "if-installed", "never"];

// What a connection can say for itself as well.
pub(super) const HOLD_TIME: Field = cutting(Field::new("hold_time", Kind::Duration, "After how long a silent peer is given up; 3m when left out."));
pub(super) const KEEPALIVE: Field =
    cutting(Field::new("keepalive", Kind::Duration, "How often a sign of life is sent; a third of that when left out."));
pub(super) const MULTIHOP: Field = cutting(Field::new("multihop", Kind::Boolean, "Whether a peer may be more than one hop away."));
pub(super) const BFD: Field = cutting(Field::new("bfd", Kind::Boolean, "Whether peers are watched by BFD."));
const TABLE: Field =
    cutting(Field::new("table", Kind::Text, "The routing table that routes go to; the instance's when left out, and `main` where that has none."));
pub(super) const IN_FILTER: Field = cutting(Field::new("in_filter", Kind::Text, "The chain of routing filters for what is learned."));
pub(super) const OUT_FILTER: Field = cutting(Field::new("out_filter", Kind::Text, "The chain of routing filters for what is told."));
pub(super) const NETWORKS: Field = cutting(Field::new("networks", Kind::Text, "The address list whose networks are told."));
pub(super) const REDISTRIBUTE: Field =
    cutting(Field::new("redistribute", Kind::Set(&Kind::Text), "Which other routes are told: `connected`, `static`, `ospf`, ..."));
pub(super) const DEFAULT_ROUTE: Field = cutting(Field::new("default_route", Kind::Word(ORIGINATE), "Whether peers are told a default route."));
pub(super) const ENABLED: Field = cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out."));

const SPECS: &[Field] = &[
    cutting(name("What the template is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("as", AS_NUMBER, "The number of the router's own network.")),
    HOLD_TIME,
    KEEPALIVE,
    MULTIHOP,
    BFD,
    TABLE,
    IN_FILTER,
    OUT_FILTER,
    NETWORKS,
    REDISTRIBUTE,
    DEFAULT_ROUTE,
    ENABLED,
    REACH,
];

/// The arguments of those fields.
const ARGUMENTS: &[Argument] = &[
    Argument::new("as", "as"),
    Argument::new("hold_time", "hold-time"),
    Argument::new("keepalive", "keepalive-time"),
    Argument::new("multihop", "multihop"),
    Argument::new("bfd", "use-bfd"),
    Argument::new("table", "routing-table"),
    Argument::new("in_filter", "input.filter"),
    Argument::new("out_filter", "output.filter-chain"),
    Argument::new("networks", "output.network"),
    Argument::new("redistribute", "output.redistribute"),
    Argument::new("default_route", "output.default-originate"),
    Argument::new("enabled", "disabled").or("no").inverted(),
];

const FACTS: TypeFacts = facts("bgp-template", "What connections of BGP have in common.", SPECS);

/// A template of BGP.
#[derive(Debug, Clone, Copy)]
pub(super) struct BgpTemplate;

impl Parted for BgpTemplate {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new("/routing/bgp/template", Rows::Named("name"), ARGUMENTS)];
        PARTS
    }
}

impl ResourceType for BgpTemplate {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// Routes that were learned go with it.
    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Create { Risk::None } else { Risk::MayDisconnect }
    }
}
