//! What can a blueprint say about a router? One file and one line of this table for each type.

mod address;
mod address_list;
mod bgp_connection;
mod bgp_instance;
mod bgp_template;
mod bonding;
mod checks;
mod dhcp;
mod dns;
mod firewall;
mod interface_list;
mod logging;
mod menu;
mod network;
mod ospf_area;
mod ospf_instance;
mod ospf_interface;
mod ppp_profile;
mod ppp_secret;
mod pppoe_client;
mod queue;
mod route;
mod scheduler;
mod service;
mod settings;
mod snmp_community;
mod system;
mod user;
mod wireguard;

use core_model::plan::Risk;
use core_model::resource_type::{Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Check, Field, Kind};
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::shape::Shape;
use checks::needless;

/// The provider's name in blueprints.
pub const PROVIDER: &str = "mikrotik";

/// The types, each with the way between its values and rows.
const SHAPES: [&dyn Shape; 28] = [
    &network::Network,
    &bonding::Bonding,
    &address::Address,
    &dns::Dns,
    &firewall::Firewall,
    &address_list::AddressList,
    &dhcp::Dhcp,
    &route::Route,
    &wireguard::WireGuard,
    &interface_list::InterfaceList,
    &pppoe_client::PppoeClient,
    &ppp_profile::PppProfile,
    &ppp_secret::PppSecret,
    &ospf_instance::OspfInstance,
    &ospf_area::OspfArea,
    &ospf_interface::OspfInterface,
    &bgp_instance::BgpInstance,
    &bgp_template::BgpTemplate,
    &bgp_connection::BgpConnection,
    &service::Service,
    &system::System,
    &logging::Logging,
    &scheduler::Scheduler,
    &snmp_community::SnmpCommunity,
    &user::User,
    &queue::Queue,
    &menu::Menu,
    &settings::Settings,
];

/// Every type of this engine.
pub fn types() -> Vec<&'static dyn ResourceType> {
    SHAPES.iter().map(|shape| *shape as &'static dyn ResourceType).collect()
}

pub(crate) fn shapes() -> &'static [&'static dyn Shape] {
    &SHAPES
}

pub(crate) fn shape(type_name: &str) -> Option<&'static dyn Shape> {
    SHAPES.iter().copied().find(|shape| shape.facts().name == type_name)
}

/// What most tables share.
const fn facts(name: &'static str, meaning: &'static str, specs: &'static [Field]) -> TypeFacts {
    TypeFacts {
        name,
        provider: PROVIDER,
        meaning,
        specs,
        metadata: METADATA,
        ownership: Ownership::Marked,
        naming: Naming::Resource,
        data_bearing: false,
    }
}

/// Notes for people and policies. A router has no place for them that ipr does not need itself.
const METADATA: &[Field] = &[note("owner", "Whose it is."), note("tags", "Words to find it by."), note("notes", "Anything worth knowing.")];

const fn note(name: &'static str, meaning: &'static str) -> Field {
    Field::new(name, Kind::Any, meaning).write_only().risk(Risk::None)
}

/// What must answer before a change becomes lasting. Every type has it.
pub(crate) const REACH: Field = Field::new(
    "reach",
    Kind::Set(&Kind::Checked(&PROBE)),
    "Addresses and ports that must answer the daemon before a change of this resource becomes lasting.",
)
.write_only()
.risk(Risk::None);

/// The name of the object, where the author chooses another one than the resource's.
const fn name(meaning: &'static str) -> Field {
    Field::new("name", Kind::Checked(&OBJECT_NAME), meaning).replace()
}

/// A field whose change can cut connections, the daemon's own among them.
const fn cutting(field: Field) -> Field {
    field.risk(Risk::MayDisconnect)
}

/// A text that the router keeps to itself, or that must not be told: it is compared with the record alone.
const fn secret(name: &'static str, meaning: &'static str) -> Field {
    Field::new(name, Kind::Text, meaning).accepts_secret().sensitive().write_only().keep_when_unset()
}

/// `host:port`.
const PROBE: Check = Check { what: "an address and a port", example: "10.0.20.11:443", parse: checks::probe, comparable: Check::whole };
/// A name of RouterOS. Blanks would be possible there; here they are not, because our tags are words.
const OBJECT_NAME: Check = Check { what: "a name without blanks", example: "vlan20", parse: checks::object_name, comparable: Check::whole };
/// A name within a list: of a rule, a lease, a peer.
const ITEM_NAME: Check =
    Check { what: "a name of letters, digits, `-`, `_` and `.`", example: "web-https", parse: checks::item_name, comparable: Check::whole };
/// An address, a network or a range, with `!` in front for everything else.
const ADDRESSES: Check =
    Check { what: "an address, a network or a range", example: "10.0.20.0/24", parse: checks::addresses, comparable: Check::whole };
/// A port or a range of ports.
const PORTS: Check = Check { what: "a port or a range of ports", example: "8000-8080", parse: checks::ports, comparable: Check::whole };
/// A MAC address, in capitals.
const MAC: Check = Check { what: "a MAC address", example: "52:54:00:12:34:56", parse: checks::mac, comparable: Check::whole };
/// Bits a second up and down.
const RATES: Check = Check { what: "two rates, up and down", example: "10M/50M", parse: checks::rates, comparable: Check::whole };

/// The texts of a list field.
fn texts<'r>(resource: &'r DesiredResource, field: &str) -> impl Iterator<Item = &'r Value> {
    resource.spec(field).and_then(Value::as_array).into_iter().flatten()
}
