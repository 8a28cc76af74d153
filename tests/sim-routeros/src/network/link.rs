//! By which interface does a frame come in, and does an answer leave the same way?

use super::{ClientPath, Obstacle};
use crate::values::{boolean, list};
use crate::world::{Item, World};

/// How a port of a bridge sends the frames of a VLAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Tagged,
    Untagged,
}

/// The interface whose addresses a client's frames find.
pub(super) fn enter(world: &World, path: &ClientPath) -> Result<String, Obstacle> {
    let (port, _) = port(world, path)?;
    let Some((entry, bridge)) = bridge_of(world, &port)? else {
        return tagged(world, &port, path.vlan);
    };
    let bridge_name = bridge.get("name").unwrap_or_default();
    if !is_yes(world, "/interface/bridge", bridge, "vlan-filtering") {
        return tagged(world, bridge_name, path.vlan);
    }
    let vlan = admit(world, entry, bridge_name, &port, path.vlan)?;
    to_the_router(world, bridge, bridge_name, vlan)
}

/// Whether an answer leaves the port as the client expects it: with its tag, or without one.
pub(super) fn leave(world: &World, path: &ClientPath, _: &str) -> Result<(), Obstacle> {
    let (port, _) = port(world, path)?;
    let Some((entry, bridge)) = bridge_of(world, &port)? else { return Ok(()) };
    if !is_yes(world, "/interface/bridge", bridge, "vlan-filtering") {
        return Ok(());
    }
    let bridge_name = bridge.get("name").unwrap_or_default();
    let vlan = path.vlan.unwrap_or_else(|| pvid(world, "/interface/bridge/port", entry));
    let wanted = if path.vlan.is_some() { Member::Tagged } else { Member::Untagged };
    match member(world, bridge_name, &port, vlan, Some(("/interface/bridge/port", entry))) {
        Some(found) if found == wanted => Ok(()),
        Some(_) => Obstacle::new(format!("answers in VLAN {vlan} leave {port} {}", if path.vlan.is_some() { "untagged" } else { "tagged" })),
        None => Obstacle::new(format!("{port} is no member of VLAN {vlan}")),
    }
}

/// The interface at which the wire ends: the Ethernet port, or the bond that it is a slave of.
fn port<'world>(world: &'world World, path: &ClientPath) -> Result<(String, &'world Item), Obstacle> {
    let ethernet = world.config.entries("/interface/ethernet").items.iter().find(|item| item.get("default-name") == Some(&path.port));
    let Some(ethernet) = ethernet else { return Obstacle::new(format!("there is no port {}", path.port)) };
    let name = ethernet.get("name").unwrap_or_default();
    check_enabled(ethernet, name)?;
    let has_slave = |item: &&Item| !item.is_disabled() && list(item.get("slaves").unwrap_or_default()).iter().any(|slave| slave == name);
    match world.config.entries("/interface/bonding").items.iter().find(has_slave) {
        Some(bond) => Ok((bond.get("name").unwrap_or_default().to_owned(), bond)),
        None => Ok((name.to_owned(), ethernet)),
    }
}

/// The bridge that an interface is a port of, with the entry that says so.
fn bridge_of<'world>(world: &'world World, port: &str) -> Result<Option<(&'world Item, &'world Item)>, Obstacle> {
    let is_port = |item: &&Item| item.get("interface") == Some(port) && !item.is_disabled();
    let Some(entry) = world.config.entries("/interface/bridge/port").items.iter().find(is_port) else { return Ok(None) };
    let name = entry.get("bridge").unwrap_or_default();
    let Some(bridge) = world.config.entries("/interface/bridge").named(name) else {
        return Obstacle::new(format!("{port} is a port of a bridge that is gone"));
    };
    check_enabled(bridge, name)?;
    Ok(Some((entry, bridge)))
}

/// The VLAN of a frame that comes in at a port, if the port lets it in.
fn admit(world: &World, entry: &Item, bridge: &str, port: &str, tag: Option<u16>) -> Result<u16, Obstacle> {
    let menu = "/interface/bridge/port";
    let known = world.menu(menu);
    let value = |name: &str| known.as_ref().and_then(|menu| entry.effective(menu, name)).unwrap_or_default().to_owned();
    let refused = match value("frame-types").as_str() {
        "admit-only-vlan-tagged" => tag.is_none(),
        "admit-only-untagged-and-priority-tagged" => tag.is_some(),
        _ => false,
    };
    if refused {
        return Obstacle::new(format!("{port} of {bridge} does not admit {} frames", if tag.is_some() { "tagged" } else { "untagged" }));
    }
    let vlan = tag.unwrap_or_else(|| pvid(world, menu, entry));
    let is_filtered = boolean(&value("ingress-filtering")) == Some(true);
    if is_filtered && member(world, bridge, port, vlan, Some((menu, entry))).is_none() {
        return Obstacle::new(format!("{port} of {bridge} is no member of VLAN {vlan}"));
    }
    Ok(vlan)
}

/// The interface by which the frames of a VLAN leave the bridge for the router itself.
fn to_the_router(world: &World, bridge: &Item, name: &str, vlan: u16) -> Result<String, Obstacle> {
    match member(world, name, name, vlan, Some(("/interface/bridge", bridge))) {
        Some(Member::Untagged) => Ok(name.to_owned()),
        Some(Member::Tagged) => tagged(world, name, Some(vlan)),
        None => Obstacle::new(format!("{name} itself is no member of VLAN {vlan}")),
    }
}

/// How a port is a member of a VLAN; its own VLAN makes it one without an entry.
fn member(world: &World, bridge: &str, port: &str, vlan: u16, own: Option<(&str, &Item)>) -> Option<Member> {
    let entries = world.config.entries("/interface/bridge/vlan").items.iter();
    let names = |item: &Item, field: &str| list(item.get(field).unwrap_or_default()).iter().any(|name| name == port);
    for item in entries.filter(|item| item.get("bridge") == Some(bridge) && !item.is_disabled() && has_vlan(item, vlan)) {
        if names(item, "tagged") {
            return Some(Member::Tagged);
        }
        if names(item, "untagged") {
            return Some(Member::Untagged);
        }
    }
    let (menu, item) = own?;
    let admits_untagged = item.get("frame-types") != Some("admit-only-vlan-tagged");
    (admits_untagged && pvid(world, menu, item) == vlan).then_some(Member::Untagged)
}

fn has_vlan(item: &Item, vlan: u16) -> bool {
    list(item.get("vlan-ids").unwrap_or_default()).iter().any(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        matches!((first.parse::<u16>(), last.parse::<u16>()), (Ok(first), Ok(last)) if (first..=last).contains(&vlan))
    })
}

fn pvid(world: &World, menu: &str, item: &Item) -> u16 {
    let known = world.menu(menu);
    known.and_then(|menu| item.effective(&menu, "pvid")?.parse().ok()).unwrap_or(1)
}

/// The interface itself for untagged frames, the VLAN interface on it for tagged ones.
fn tagged(world: &World, parent: &str, tag: Option<u16>) -> Result<String, Obstacle> {
    let Some(tag) = tag else { return Ok(parent.to_owned()) };
    let menu = world.menu("/interface/vlan");
    let id = |item: &Item| menu.as_ref().and_then(|menu| item.effective(menu, "vlan-id").map(str::to_owned));
    let is_it = |item: &&Item| item.get("interface") == Some(parent) && id(item).as_deref() == Some(&tag.to_string());
    let Some(vlan) = world.config.entries("/interface/vlan").items.iter().find(is_it) else {
        return Obstacle::new(format!("no interface takes VLAN {tag} of {parent}"));
    };
    let name = vlan.get("name").unwrap_or_default();
    check_enabled(vlan, name)?;
    Ok(name.to_owned())
}

fn check_enabled(item: &Item, name: &str) -> Result<(), Obstacle> {
    if item.is_disabled() { Obstacle::new(format!("{name} is disabled")) } else { Ok(()) }
}

fn is_yes(world: &World, menu: &str, item: &Item, field: &str) -> bool {
    world.menu(menu).and_then(|menu| item.effective(&menu, field).and_then(boolean)).unwrap_or_default()
}
