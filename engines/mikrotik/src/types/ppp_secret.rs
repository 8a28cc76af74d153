//! Who may come in by PPP: L2TP, PPPoE, SSTP, OpenVPN?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{REACH, cutting, facts, name, secret};
use crate::shape::{Argument, Part, Parted, Rows};

const SERVICES: &[&str] = &["any", "async", "l2tp", "ovpn", "pppoe", "pptp", "sstp"];

const SPECS: &[Field] = &[
    cutting(name("What the user is called, in place of `<prefix><resource>`.")),
    cutting(secret("password", "The password. It is never read back.")),
    cutting(Field::new("service", Kind::Word(SERVICES), "How the user may come in; `any` when left out.")),
    cutting(Field::new("profile", Kind::Text, "The profile of the connections; `default` when left out.")),
    cutting(Field::new("local", Kind::Ip, "The router's address in the connection, in place of the profile's.")),
    cutting(Field::new("remote", Kind::Ip, "The user's address, in place of the profile's.")),
    cutting(Field::new("routes", Kind::Text, "Routes while the user is there, as the router writes them: `10.9.0.0/24 10.8.0.2 1`.")),
    cutting(Field::new("caller_id", Kind::Text, "From where the user may come: an address, or a MAC address for PPPoE.")),
    cutting(Field::new("enabled", Kind::Boolean, "Whether the user may come in; `true` when left out.")),
    REACH,
];

const FACTS: TypeFacts = facts("ppp-secret", "A user who may come in by PPP.", SPECS);

/// A user of PPP.
#[derive(Debug, Clone, Copy)]
pub(super) struct PppSecret;

impl Parted for PppSecret {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/ppp/secret",
            Rows::Named("name"),
            &[
                Argument::new("password", "password"),
                Argument::new("service", "service").or("any"),
                Argument::new("profile", "profile").or("default"),
                Argument::new("local", "local-address"),
                Argument::new("remote", "remote-address"),
                Argument::new("routes", "routes").or(""),
                Argument::new("caller_id", "caller-id").or(""),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for PppSecret {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// The daemon may come by that user's connection.
    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Create { Risk::None } else { Risk::MayDisconnect }
    }
}
