//! How does the router itself dial in to a provider?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name, secret};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    cutting(name("What the interface is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("interface", Kind::Text, "The interface that it dials over.").required()),
    cutting(Field::new("user", Kind::Text, "Whom the provider knows.").required()),
    cutting(secret("password", "The password. It is never read back.")),
    cutting(Field::new("service", Kind::Text, "The provider's service, where there are several.")),
    cutting(Field::new("profile", Kind::Text, "The profile of the connection; `default` when left out.")),
    cutting(Field::new("default_route", Kind::Boolean, "Whether everything goes this way; `false` when left out.")),
    cutting(Field::new("distance", Kind::Integer { min: 1, max: 255 }, "The distance of that route; 1 when left out.")),
    cutting(Field::new("peer_dns", Kind::Boolean, "Whether the provider's DNS servers are asked; `false` when left out.")),
    cutting(Field::new("mtu", Kind::Integer { min: 512, max: 65_535 }, "The largest packet; found out when left out.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it dials; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("pppoe-client", "A connection to a provider by PPPoE.", SPECS);

/// A PPPoE client.
#[derive(Debug, Clone, Copy)]
pub(super) struct PppoeClient;

impl Parted for PppoeClient {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/interface/pppoe-client",
            Rows::Named("name"),
            &[
                Argument::new("interface", "interface"),
                Argument::new("user", "user"),
                Argument::new("password", "password"),
                Argument::new("service", "service-name").or(""),
                Argument::new("profile", "profile").or("default"),
                Argument::new("default_route", "add-default-route").or("no"),
                Argument::new("distance", "default-route-distance").or("1"),
                Argument::new("peer_dns", "use-peer-dns").or("no"),
                Argument::new("mtu", "max-mtu").or("auto"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }

    /// A router makes clients disabled unless it is told otherwise. One that is there and does not dial is not dialled unasked.
    fn made_with(&self, _part: &Part, _specs: &Map<String, Value>) -> Vec<(&'static str, &'static str)> {
        vec![("disabled", "no")]
    }
}

impl ResourceType for PppoeClient {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// It can bring a route that is better than the one by which the daemon comes.
    fn least_risk(&self, _action: Action, _values: &Map<String, Value>) -> Risk {
        Risk::MayDisconnect
    }
}
