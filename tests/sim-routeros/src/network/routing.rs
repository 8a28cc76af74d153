//! Which addresses does the router have, and where do packets for an address go?

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::{ClientPath, Obstacle};
use crate::values::prefix4;
use crate::world::{Item, World};

/// Where a packet leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) interface: String,
    /// The next router; nothing if the destination is on the interface's own network.
    pub(super) gateway: Option<Ipv4Addr>,
}

/// Networks that the router is on, by its enabled addresses on enabled interfaces.
fn connected(world: &World) -> impl Iterator<Item = (Ipv4Net, &str)> {
    let addresses = world.config.entries("/ip/address").items.iter().filter(|item| !item.is_disabled());
    addresses.filter_map(|item| {
        let interface = item.get("interface")?;
        let is_up = world.interface(interface).is_some_and(|(_, interface)| !interface.is_disabled());
        is_up.then_some((prefix4(item.get("address")?)?, interface))
    })
}

pub(super) fn check_local(world: &World, address: Ipv4Addr) -> Result<(), Obstacle> {
    match connected(world).any(|(prefix, _)| prefix.addr() == address) {
        true => Ok(()),
        false => Obstacle::new(format!("the router does not have the address {address}")),
    }
}

/// Whether answers to a client go back by the interface at which its packets came, and to the router from which they came.
pub(super) fn check_way_back(world: &World, path: &ClientPath, interface: &str) -> Result<(), Obstacle> {
    let expected = Way { interface: interface.to_owned(), gateway: path.gateway };
    match lookup(world, path.client) {
        Some(way) if way == expected => Ok(()),
        Some(way) => Obstacle::new(format!("answers to {} leave by {}", path.client, way.interface)),
        None => Obstacle::new(format!("there is no route to {}", path.client)),
    }
}

/// The longest prefix, then the least distance; a connected network has none.
pub(super) fn lookup(world: &World, address: Ipv4Addr) -> Option<Way> {
    let direct = connected(world).map(|(prefix, interface)| Candidate { prefix, distance: 0, to: To::Direct(interface) });
    let routes = world.config.entries("/ip/route").items.iter().filter(|item| !item.is_disabled() && !item.is_dynamic);
    let candidates = direct.chain(routes.filter_map(|item| candidate(world, item)));
    let best = candidates
        .filter(|candidate| candidate.prefix.contains(&address))
        .min_by_key(|candidate| (std::cmp::Reverse(candidate.prefix.prefix_len()), candidate.distance))?;
    match best.to {
        To::Direct(interface) => Some(Way { interface: interface.to_owned(), gateway: None }),
        To::Gateway(gateway, interface) => Some(Way { interface: interface.to_owned(), gateway: Some(gateway) }),
        To::Nowhere => None,
    }
}

struct Candidate<'world> {
    prefix: Ipv4Net,
    distance: u8,
    to: To<'world>,
}

enum To<'world> {
    Direct(&'world str),
    Gateway(Ipv4Addr, &'world str),
    Nowhere,
}

/// A static route of the main table whose gateway is on a network of the router; others are not active.
fn candidate<'world>(world: &'world World, item: &'world Item) -> Option<Candidate<'world>> {
    if item.get("routing-table").is_some_and(|table| table != "main") {
        return None;
    }
    let prefix = prefix4(item.get("dst-address").unwrap_or("0.0.0.0/0"))?.trunc();
    let distance = item.get("distance").and_then(|text| text.parse().ok()).unwrap_or(1);
    if item.get("blackhole").is_some() {
        return Some(Candidate { prefix, distance, to: To::Nowhere });
    }
    let gateway = item.get("gateway")?;
    let to = match gateway.parse::<Ipv4Addr>() {
        Ok(address) => To::Gateway(address, connected(world).find(|(network, _)| network.contains(&address))?.1),
        Err(_) => To::Direct(world.interface(gateway).filter(|(_, item)| !item.is_disabled()).map(|_| gateway)?),
    };
    Some(Candidate { prefix, distance, to })
}

/// Whether a static route is in use.
pub(crate) fn is_active(world: &World, item: &Item) -> bool {
    !item.is_disabled() && candidate(world, item).is_some()
}

/// The networks of the router's own addresses, as `/ip/route` lists them.
pub(crate) fn connected_routes(world: &World) -> Vec<(String, String)> {
    connected(world).map(|(prefix, interface)| (prefix.trunc().to_string(), interface.to_owned())).collect()
}
