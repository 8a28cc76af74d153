//! Would a packet arrive? The data path, as far as it decides who reaches the router.
//!
//! A packet comes in at an Ethernet port, perhaps with a VLAN tag, through bonds and bridges to the interface that has the
//! address; the rules of raw, nat and filter look at it; a service answers; and the answer needs a route back and the same way
//! out. What is deliberately absent: IPv6, routing rules and marks, VRFs, layer 7, limits that count packets, and every matcher
//! that `rule` does not know (a rule with one matches nothing here).

mod firewall;
mod link;
mod routing;
mod rule;

use std::net::{IpAddr, Ipv4Addr};

use crate::values::{self, AddressRange};
use crate::world::{Item, Service, World};

use firewall::{Chain, Verdict};
pub(crate) use routing::{connected_routes, is_active};
use rule::{Packet, State};

/// Where a client stands, and by which way its packets reach the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPath {
    /// The client's address as the router sees it.
    pub client: Ipv4Addr,
    /// The address of the router that the client talks to.
    pub router: Ipv4Addr,
    /// The factory name of the Ethernet port by which packets come in.
    pub port: String,
    /// The VLAN tag that they carry.
    pub vlan: Option<u16>,
    /// The router between, for a client that is on none of the router's networks.
    pub gateway: Option<Ipv4Addr>,
}

impl Default for ClientPath {
    /// 192.168.88.10 on the network of `ether1`, untagged.
    fn default() -> Self {
        Self { client: Ipv4Addr::new(192, 168, 88, 10), router: Ipv4Addr::new(192, 168, 88, 1), port: "ether1".to_owned(), vlan: None, gateway: None }
    }
}

/// Why a packet does not arrive, in a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Obstacle(pub(crate) String);

impl Obstacle {
    fn new<T>(text: impl Into<String>) -> Result<T, Obstacle> {
        Err(Obstacle(text.into()))
    }
}

/// What becomes of packets in both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) inbound: Result<(), Obstacle>,
    pub(crate) outbound: Result<(), Obstacle>,
}

/// Whether a connection is being made or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    New,
    Established,
}

impl Stage {
    fn state(self) -> State {
        match self {
            Stage::New => State::New,
            Stage::Established => State::Established,
        }
    }
}

/// Ports that clients use; no rule here looks at more than one of them.
const CLIENT_PORT: u16 = 40_000;

/// Whether a client reaches a service of the router.
pub(crate) fn to_service(world: &World, path: &ClientPath, port: u16, stage: Stage) -> Reach {
    let entered = link::enter(world, path);
    let inbound = entered.clone().and_then(|interface| {
        routing::check_local(world, path.router)?;
        let packet = Packet::tcp(path.client, CLIENT_PORT, path.router, port).into_interface(&interface).in_state(stage.state());
        pass(world, "/ip/firewall/raw", Chain::Prerouting, &packet)?;
        if stage == Stage::New {
            check_not_translated(world, &packet)?;
        }
        pass(world, "/ip/firewall/filter", Chain::Input, &packet)?;
        check_service(world, path.client, port).map(drop)
    });
    let outbound = entered.and_then(|interface| {
        routing::check_way_back(world, path, &interface)?;
        let packet = Packet::tcp(path.router, port, path.client, CLIENT_PORT).out_of_interface(&interface).in_state(State::Established);
        pass(world, "/ip/firewall/filter", Chain::Output, &packet)?;
        link::leave(world, path, &interface)
    });
    Reach { inbound, outbound }
}

/// Whether a client reaches a host behind the router.
pub(crate) fn to_host(world: &World, path: &ClientPath, host: Ipv4Addr, port: u16) -> Result<(), Obstacle> {
    let entered = link::enter(world, path)?;
    let packet = Packet::tcp(path.client, CLIENT_PORT, host, port).into_interface(&entered).in_state(State::New);
    pass(world, "/ip/firewall/raw", Chain::Prerouting, &packet)?;
    let host = firewall::translated(world, &packet).unwrap_or(host);
    let left = routing::lookup(world, host).map(|way| way.interface);
    let left = left.ok_or_else(|| Obstacle(format!("there is no route to {host}")))?;
    let there = Packet::tcp(path.client, CLIENT_PORT, host, port).into_interface(&entered).out_of_interface(&left).in_state(State::New);
    pass(world, "/ip/firewall/filter", Chain::Forward, &there)?;
    let back = Packet::tcp(host, port, path.client, CLIENT_PORT).into_interface(&left).out_of_interface(&entered).in_state(State::Established);
    pass(world, "/ip/firewall/filter", Chain::Forward, &back)?;
    routing::check_way_back(world, path, &entered)?;
    link::leave(world, path, &entered)
}

fn pass(world: &World, menu: &str, chain: Chain, packet: &Packet) -> Result<(), Obstacle> {
    match firewall::judge(world, menu, chain, packet) {
        Verdict::Accept => Ok(()),
        Verdict::Drop(rule) => Obstacle::new(format!("rule {rule} of {menu}, chain {}, drops it", chain.as_str())),
    }
}

fn check_not_translated(world: &World, packet: &Packet) -> Result<(), Obstacle> {
    match firewall::translated(world, packet) {
        Some(other) => Obstacle::new(format!("a rule of /ip/firewall/nat sends it to {other}")),
        None => Ok(()),
    }
}

/// The service at a port, if it takes clients with this address.
pub(crate) fn check_service(world: &World, client: Ipv4Addr, port: u16) -> Result<Service, Obstacle> {
    let Some(service) = world.service_at(port) else {
        return Obstacle::new(format!("no service listens at port {port}"));
    };
    let item = world.config.entries("/ip/service").named(&service.name);
    let allowed = values::list(item.and_then(|item: &Item| item.get("address")).unwrap_or_default());
    let is_allowed = |text: &String| AddressRange::parse(text).is_some_and(|range| range.contains(IpAddr::V4(client)));
    if !allowed.is_empty() && !allowed.iter().any(is_allowed) {
        return Obstacle::new(format!("the service {} takes no client with the address {client}", service.name));
    }
    Ok(service)
}
