//! With whom does the router exchange routes by BGP?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::bgp_template::{AS_NUMBER, BFD, DEFAULT_ROUTE, ENABLED, HOLD_TIME, IN_FILTER, KEEPALIVE, MULTIHOP, NETWORKS, OUT_FILTER, REDISTRIBUTE};
use super::{REACH, cutting, facts, name, secret};
use crate::shape::{Argument, Part, Parted, Rows};

const ROLES: &[&str] = &["ebgp", "ebgp-customer", "ebgp-peer", "ebgp-provider", "ebgp-rs", "ebgp-rs-client", "ibgp", "ibgp-rr", "ibgp-rr-client"];

const SPECS: &[Field] = &[
    cutting(name("What the connection is called, in place of `<prefix><resource>`.")),
    cutting(Field::new("instance", Kind::Text, "The instance that it belongs to, from RouterOS 7.20 on.")),
    cutting(Field::new("template", Kind::Text, "The template that it is made by.")),
    cutting(Field::new("as", AS_NUMBER, "The number of the router's own network, in place of the template's or the instance's.")),
    cutting(Field::new("role", Kind::Word(ROLES), "What the router is to the peer.").required()),
    cutting(Field::new("local", Kind::Text, "The address that it is made from.")),
    cutting(Field::new("peer", Kind::Text, "The peer's address, or a network of peers.").required()),
    cutting(Field::new("peer_as", AS_NUMBER, "The number of the peer's network.")),
    cutting(secret("password", "The key of TCP MD5. It is never read back.")),
    HOLD_TIME,
    KEEPALIVE,
    MULTIHOP,
    BFD,
    cutting(Field::new("table", Kind::Text, "The routing table that routes go to; the template's when left out.")),
    IN_FILTER,
    OUT_FILTER,
    NETWORKS,
    REDISTRIBUTE,
    DEFAULT_ROUTE,
    ENABLED,
    REACH,
];

const FACTS: TypeFacts = facts("bgp-connection", "A peer, or a network of peers, of BGP.", SPECS);

/// A connection of BGP.
#[derive(Debug, Clone, Copy)]
pub(super) struct BgpConnection;

impl Parted for BgpConnection {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/routing/bgp/connection",
            Rows::Named("name"),
            &[
                Argument::new("instance", "instance"),
                Argument::new("template", "templates"),
                Argument::new("as", "as"),
                Argument::new("role", "local.role"),
                Argument::new("local", "local.address"),
                Argument::new("peer", "remote.address"),
                Argument::new("peer_as", "remote.as"),
                Argument::new("password", "tcp-md5-key"),
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
            ],
        )];
        PARTS
    }
}

impl ResourceType for BgpConnection {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    /// What a new peer tells can be better than the way by which the daemon comes.
    fn least_risk(&self, _action: Action, _values: &Map<String, Value>) -> Risk {
        Risk::MayDisconnect
    }
}
