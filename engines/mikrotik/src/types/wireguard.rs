//! What is a WireGuard tunnel? Its interface, the router's address in it, and its peers.

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Claim, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{ADDRESSES, ITEM_NAME, REACH, cutting, facts, name, secret};
use crate::shape::{Argument, Part, Parted, Rows, When, specs};

const PEER: &[Field] = &[
    Field::new("name", Kind::Checked(&ITEM_NAME), "What the peer is called.").required(),
    Field::new("public_key", Kind::Text, "The peer's public key.").required(),
    Field::new("allowed", Kind::Set(&Kind::Checked(&ADDRESSES)), "The networks that are behind it.").required(),
    Field::new("endpoint", Kind::Text, "Where it is reached; it calls us when left out."),
    Field::new("port", Kind::Integer { min: 1, max: 65_535 }, "The port that it is reached at."),
    Field::new("keepalive", Kind::Duration, "How often a sign of life is sent; never when left out."),
];

const SPECS: &[Field] = &[
    cutting(name("What the interface is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("port", Kind::Integer { min: 1, max: 65_535 }, "The port that it listens on; 13231 when left out.")),
    cutting(Field::new("mtu", Kind::Integer { min: 576, max: 65_535 }, "The largest packet; 1420 when left out.")),
    cutting(secret("private_key", "The router's private key; the router makes one of its own when left out.")),
    cutting(Field::new("address", Kind::Cidr, "The router's address in the tunnel.")),
    cutting(Field::new("peers", Kind::Set(&Kind::Object(PEER)), "The peers: all of this interface.")),
    REACH,
];

const FACTS: TypeFacts = facts("wireguard", "A WireGuard interface with its address and its peers.", SPECS);

/// A tunnel.
#[derive(Debug, Clone, Copy)]
pub(super) struct WireGuard;

impl Parted for WireGuard {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new(
                "/interface/wireguard",
                Rows::Named("name"),
                &[
                    Argument::new("port", "listen-port").or("13231"),
                    Argument::new("mtu", "mtu").or("1420"),
                    Argument::new("private_key", "private-key"),
                ],
            ),
            Part::new("/ip/address", Rows::Attached { argument: "interface", slot: "address" }, &[Argument::new("address", "address")])
                .when(When::Set(&["address"])),
            Part::new(
                "/interface/wireguard/peers",
                Rows::Items { field: "peers", key: "public_key", argument: "public-key", owner: "interface" },
                &[
                    Argument::new("public_key", "public-key"),
                    Argument::new("allowed", "allowed-address").or(""),
                    Argument::new("endpoint", "endpoint-address").or(""),
                    Argument::new("port", "endpoint-port").or("0"),
                    Argument::new("keepalive", "persistent-keepalive").or("0s"),
                ],
            ),
        ];
        PARTS
    }
}

impl ResourceType for WireGuard {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let port = specs(values).and_then(|specs| specs.get("port")).and_then(Value::as_u64);
        port.map(|port| Claim { what: "UDP port", value: port.to_string() }).into_iter().collect()
    }

    fn least_risk(&self, action: Action, _values: &Map<String, Value>) -> Risk {
        if action == Action::Delete { Risk::MayDisconnect } else { Risk::None }
    }
}
