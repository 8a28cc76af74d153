//! What are several ports that work as one?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const MODES: &[&str] = &["802.3ad", "active-backup", "balance-alb", "balance-rr", "balance-tlb", "balance-xor", "broadcast"];
const HASHES: &[&str] = &["encap-2-and-3", "encap-3-and-4", "layer-2", "layer-2-and-3", "layer-3-and-4"];

const SPECS: &[Field] = &[
    cutting(name("What the interface is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("ports", Kind::Set(&Kind::Text), "The ports that work as one.").required()),
    cutting(Field::new("mode", Kind::Word(MODES), "How they share the traffic; `balance-rr` when left out.")),
    cutting(Field::new("hash", Kind::Word(HASHES), "What decides which port a packet takes; `layer-2` when left out.")),
    cutting(Field::new("lacp_rate", Kind::Word(&["1sec", "30secs"]), "How often the other side is asked, with `802.3ad`; `30secs` when left out.")),
    cutting(Field::new("monitoring", Kind::Word(&["arp", "mii", "none"]), "How a port that fails is noticed; `mii` when left out.")),
    cutting(Field::new("arp_targets", Kind::List(&Kind::Ip), "Whom to ask, with `monitoring: arp`.")),
    cutting(Field::new("primary", Kind::Text, "The port that is used while it works, with `active-backup`.")),
    cutting(Field::new("links_min", Kind::Integer { min: 0, max: 255 }, "With fewer ports that work the bond is down; 0 when left out.")),
    cutting(Field::new("mtu", Kind::Integer { min: 68, max: 65_535 }, "The largest packet; 1500 when left out.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("bonding", "Several ports that work as one interface.", SPECS);

/// A bond.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bonding;

impl Parted for Bonding {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/interface/bonding",
            Rows::Named("name"),
            &[
                Argument::new("ports", "slaves"),
                Argument::new("mode", "mode").or("balance-rr"),
                Argument::new("hash", "transmit-hash-policy").or("layer-2"),
                Argument::new("lacp_rate", "lacp-rate").or("30secs"),
                Argument::new("monitoring", "link-monitoring").or("mii"),
                Argument::new("arp_targets", "arp-ip-targets").or(""),
                Argument::new("primary", "primary"),
                Argument::new("links_min", "min-links").or("0"),
                Argument::new("mtu", "mtu").or("1500"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for Bonding {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// Ports that work as one no longer work alone.
    fn least_risk(&self, _action: Action, _values: &Map<String, Value>) -> Risk {
        Risk::MayDisconnect
    }
}
