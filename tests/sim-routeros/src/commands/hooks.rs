//! What happens beside a change: values that follow from others, references that follow a name.

use super::{Caller, Row};
use crate::behaviour::BgpTable;
use crate::clock;
use crate::network;
use crate::tables::{Kind, Menu};
use crate::trap::Trap;
use crate::values;
use crate::world::{Item, ItemId, World};

/// Completes an entry that was added or changed, or refuses it.
pub(super) fn adjust(world: &mut World, menu: &Menu, caller: &Caller, item: &mut Item) -> Result<(), Trap> {
    match menu.path.as_str() {
        "/ip/dns/static" => adjust_dns(item),
        "/interface/wireguard" => adjust_wireguard(world, item),
        "/system/scheduler" | "/system/script" => adjust_owner(world, menu, caller, item),
        "/system/logging/action" => check_action(item),
        "/ip/firewall/address-list" | "/ipv6/firewall/address-list" => adjust_address_list(world, item),
        _ => Ok(()),
    }
}

fn check_action(item: &Item) -> Result<(), Trap> {
    let is_plain = item.get("name").is_none_or(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric()));
    if is_plain { Ok(()) } else { Err(Trap::failure("failure: action name can contain only letters and numbers")) }
}

fn adjust_dns(item: &mut Item) -> Result<(), Trap> {
    if item.get("name").is_none_or(str::is_empty) && item.get("regexp").is_none_or(str::is_empty) {
        return Err(Trap::failure("failure: name or regexp is required"));
    }
    if item.get("type").is_none() {
        let kind = if item.get("address").is_some_and(|address| address.contains(':')) { "AAAA" } else { "A" };
        item.values.insert("type".to_owned(), kind.to_owned());
    }
    Ok(())
}

fn adjust_wireguard(world: &World, item: &mut Item) -> Result<(), Trap> {
    let private = match item.get("private-key").filter(|key| !key.is_empty()) {
        Some(key) => key.to_owned(),
        None => values::made_up_key(item.id.0 ^ world.clock.now_s().unsigned_abs()),
    };
    let public = values::public_key(&private).ok_or_else(|| Trap::invalid_value("private-key"))?;
    item.values.insert("private-key".to_owned(), private);
    item.values.insert("public-key".to_owned(), public);
    Ok(())
}

/// Schedulers and scripts belong to who made them, and may do what that user may if nothing else is said.
fn adjust_owner(world: &World, menu: &Menu, caller: &Caller, item: &mut Item) -> Result<(), Trap> {
    let all = || caller.policies.iter().cloned().collect::<Vec<_>>().join(",");
    if item.get("policy").is_none() {
        let policies = values::canonical(&Kind::PolicyList, "policy", &all(), world)?;
        item.values.insert("policy".to_owned(), policies);
    }
    // Nobody hands out rights that they do not have.
    if !values::list(item.get("policy").unwrap_or_default()).iter().all(|policy| caller.may(policy)) {
        return Err(Trap::not_permitted());
    }
    if item.get("owner").is_none() {
        item.values.insert("owner".to_owned(), caller.user.clone());
    }
    if menu.path == "/system/scheduler" {
        let now_s = world.clock.now_s();
        item.values.entry("start-date".to_owned()).or_insert_with(|| clock::date(now_s));
        item.values.entry("start-time".to_owned()).or_insert_with(|| clock::time_of_day(now_s));
    }
    Ok(())
}

fn adjust_address_list(world: &World, item: &mut Item) -> Result<(), Trap> {
    // An entry that will run out is dynamic, and is not saved.
    item.is_dynamic = item.get("timeout").is_some() || item.get("dynamic") == Some("true");
    let now_s = world.clock.now_s();
    item.values.entry("creation-time".to_owned()).or_insert_with(|| clock::date_time(now_s));
    Ok(())
}

/// A value that nobody set and that has no fixed default.
pub(super) fn computed(world: &World, menu: &Menu, item: &Item, name: &str) -> Option<String> {
    match (menu.path.as_str(), name) {
        ("/ip/address", "network") => Some(values::prefix4(item.get("address")?)?.network().to_string()),
        ("/ip/route" | "/ipv6/route", "distance") => Some("1".to_owned()),
        ("/system/clock", "time") => Some(clock::time_of_day(world.clock.now_s())),
        ("/system/clock", "date") => Some(clock::date(world.clock.now_s())),
        ("/system/scheduler", "next-run") => Some(clock::date_time(world.jobs.get(&item.id)?.next_s?)),
        ("/routing/bgp/connection" | "/routing/bgp/template", "routing-table") => {
            (world.behaviour.bgp_table == BgpTable::Main).then(|| "main".to_owned())
        }
        ("/file", "size") => Some(item.get("contents").map_or(0, str::len).to_string()),
        _ => None,
    }
}

/// What is shown beside the fields and the flags.
pub(super) fn more(world: &World, menu: &Menu, item: &Item) -> Row {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match menu.path.as_str() {
        "/ip/address" | "/ipv6/address" => item.get("interface").map(|name| pair("actual-interface", name)).into_iter().collect(),
        "/interface/vlan" | "/interface/bridge" | "/interface/bonding" => {
            let mac = world.interfaces().find_map(|(_, other)| other.get("mac-address"));
            mac.map(|mac| pair("mac-address", mac)).into_iter().collect()
        }
        "/ip/route" if item.is_dynamic => vec![pair("connect", "true"), pair("active", "true")],
        "/ip/route" => vec![pair("static", "true"), pair("active", &network::is_active(world, item).to_string())],
        _ => Row::new(),
    }
}

/// An entry has another name: what referred to it goes on referring to it.
pub(super) fn renamed(world: &mut World, menu: &Menu, old: &str, new: &str) {
    refer(world, menu, old, new);
}

/// An entry is gone: what referred to it shows the identity that it had.
pub(super) fn removed(world: &mut World, menu: &Menu, name: &str, id: ItemId) {
    refer(world, menu, name, &id.to_string());
}

fn refer(world: &mut World, target: &Menu, old: &str, new: &str) {
    let menus: Vec<_> = world.menus.values().cloned().collect();
    for menu in menus {
        for field in &menu.fields {
            let refers = field.kind.refers_to();
            if refers != Some(&target.path) && !(target.is_interface && refers == Some("/interface")) {
                continue;
            }
            let changed: Vec<Item> =
                world.config.entries(&menu.path).items.iter().filter_map(|item| referring(item, &field.name, old, new)).collect();
            let entries = world.config.entries_mut(&menu.path);
            changed.into_iter().for_each(|item| entries.replace(&menu, item));
        }
    }
}

/// The entry with the new name in this field, if it had the old one there.
fn referring(item: &Item, field: &str, old: &str, new: &str) -> Option<Item> {
    let value = item.get(field)?;
    let (sign, bare) = values::negated(value);
    let names = values::list(bare);
    if !names.iter().any(|name| name == old) {
        return None;
    }
    let names: Vec<&str> = names.iter().map(|name| if name == old { new } else { name }).collect();
    let mut item = item.clone();
    item.values.insert(field.to_owned(), format!("{sign}{}", names.join(",")));
    Some(item)
}

/// A menu changed; what is made of it is made again.
pub(crate) fn changed(world: &mut World, menu: &Menu, id: ItemId) {
    match menu.path.as_str() {
        "/system/scheduler" => world.plan_jobs(),
        "/ip/firewall/address-list" | "/ipv6/firewall/address-list" => plan_timeout(world, menu, id),
        "/ip/address" | "/interface/bridge/port" | "/interface/bridge/vlan" | "/ip/firewall/filter" => world.derive(),
        _ if menu.is_interface => world.derive(),
        _ => {}
    }
}

/// An entry of an address list with a timeout goes when it has run out.
fn plan_timeout(world: &mut World, menu: &Menu, id: ItemId) {
    let timeout = world.config.entries(&menu.path).get(id).and_then(|item| values::duration_s(item.get("timeout")?));
    let key = (menu.path.clone(), id);
    match timeout.and_then(|timeout| i64::try_from(timeout.seconds).ok()) {
        Some(seconds) => drop(world.timeouts.insert(key, world.clock.now_s() + seconds)),
        None => drop(world.timeouts.remove(&key)),
    }
}
