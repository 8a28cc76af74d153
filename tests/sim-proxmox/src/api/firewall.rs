//! The firewall of the cluster, a node or a guest.
//!
//! Source: pve-firewall `src/PVE/API2/Firewall/{Rules,Groups,IPSet,Aliases}.pm` and `src/PVE/Firewall.pm`. The path says the scope, so
//! that one function serves all of them.

mod aliases;
mod groups;
mod ip_sets;
mod macros;
mod options;
mod rules;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value};

use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::{Firewall, digest};

use super::routes::Handler;

/// The handler for a method, if its path is one of the firewall's.
pub(super) fn handler(verb: &str, path: &str) -> Option<Handler> {
    let (_, below) = path.split_once("/firewall")?;
    let found = ROUTES.iter().find(|(known_verb, known, _)| *known_verb == verb && *known == below);
    found.map(|(_, _, handler)| *handler)
}

/// Below `/firewall` of every scope.
const ROUTES: &[(&str, &str, Handler)] = &[
    ("GET", "/options", options::read),
    ("PUT", "/options", options::update),
    ("GET", "/rules", rules::list),
    ("POST", "/rules", rules::create),
    ("GET", "/rules/{pos}", rules::read),
    ("PUT", "/rules/{pos}", rules::update),
    ("DELETE", "/rules/{pos}", rules::delete),
    ("GET", "/macros", macros::list),
    ("GET", "/groups", groups::list),
    ("POST", "/groups", groups::create),
    ("GET", "/groups/{group}", rules::list),
    ("POST", "/groups/{group}", rules::create),
    ("DELETE", "/groups/{group}", groups::delete),
    ("GET", "/groups/{group}/{pos}", rules::read),
    ("PUT", "/groups/{group}/{pos}", rules::update),
    ("DELETE", "/groups/{group}/{pos}", rules::delete),
    ("GET", "/aliases", aliases::list),
    ("POST", "/aliases", aliases::create),
    ("GET", "/aliases/{name}", aliases::read),
    ("PUT", "/aliases/{name}", aliases::update),
    ("DELETE", "/aliases/{name}", aliases::delete),
    ("GET", "/ipset", ip_sets::list),
    ("POST", "/ipset", ip_sets::create),
    ("GET", "/ipset/{name}", ip_sets::members),
    ("POST", "/ipset/{name}", ip_sets::add),
    ("DELETE", "/ipset/{name}", ip_sets::delete),
    ("GET", "/ipset/{name}/{cidr}", ip_sets::member),
    ("PUT", "/ipset/{name}/{cidr}", ip_sets::update),
    ("DELETE", "/ipset/{name}/{cidr}", ip_sets::remove),
];

/// The scope that the path names.
fn scope<'call>(call: &'call mut Call<'_>) -> Result<&'call mut Firewall, Refusal> {
    if call.parameters.contains_key("vmid") {
        let vmid = call.vmid()?;
        call.guest()?;
        return Ok(&mut super::guest::of(call.world, vmid)?.firewall);
    }
    match call.owned("node") {
        Some(name) => {
            let node = call.world.nodes.get_mut(&name).ok_or_else(|| Refusal::failed(format!("no such cluster node '{name}'")))?;
            Ok(&mut node.firewall)
        }
        None => Ok(&mut call.world.firewall),
    }
}

/// The digest of a list: of what is in it, in its order. Source: `Firewall.pm` `copy_list_with_digest`.
fn list_digest<'entry>(entries: impl Iterator<Item = &'entry BTreeMap<String, String>>) -> String {
    digest(&entries.flatten().map(|(name, value)| format!("{name}:{value}\n")).collect::<String>())
}

/// An address without the bits beside its network and without the length of a whole one; a name as it is. Source: `clean_cidr` and
/// `parse_ip_or_cidr` of `Firewall.pm`.
fn canonical_cidr(text: &str) -> String {
    let Some((address, length)) = text.split_once('/') else { return text.to_owned() };
    let (Ok(address), Ok(length)) = (address.parse::<IpAddr>(), length.parse::<u32>()) else { return text.to_owned() };
    let address: IpAddr = match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & u32::MAX.checked_shl(32 - length.min(32)).unwrap_or(0)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & u128::MAX.checked_shl(128 - length.min(128)).unwrap_or(0)).into(),
    };
    let whole = if address.is_ipv4() { 32 } else { 128 };
    if length == whole { address.to_string() } else { format!("{address}/{length}") }
}

/// Source: pve-common `PVE::Tools::assert_if_modified`.
fn check_digest(given: Option<&str>, own: &str) -> Result<(), Refusal> {
    match given {
        Some(given) if given != own => Err(Refusal::failed("detected modified configuration - file changed by other user? Try again.")),
        _ => Ok(()),
    }
}

/// The parameters that are an entry's own options.
fn entry_of(call: &Call<'_>, not_options: &[&str]) -> Parameters {
    let is_option =
        |name: &String| !["node", "vmid", "digest", "delete", "rename", "moveto"].contains(&name.as_str()) && !not_options.contains(&name.as_str());
    call.parameters.iter().filter(|(name, _)| is_option(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// An entry as the API shows it, with its list's digest.
fn shown(entry: &BTreeMap<String, String>, digest: &str) -> Map<String, Value> {
    let value = |name: &str, text: &str| match text.parse::<i64>() {
        Ok(number)
            if matches!(
                name,
                "enable"
                    | "nomatch"
                    | "ipversion"
                    | "dhcp"
                    | "ipfilter"
                    | "macfilter"
                    | "ndp"
                    | "radv"
                    | "ebtables"
                    | "nosmurfs"
                    | "tcpflags"
                    | "nftables"
                    | "log_nf_conntrack"
                    | "nf_conntrack_max"
                    | "protection_synflood"
            ) =>
        {
            Value::from(number)
        }
        _ => Value::from(text),
    };
    let mut row: Map<String, Value> = entry.iter().map(|(name, text)| (name.clone(), value(name, text))).collect();
    row.insert("digest".to_owned(), Value::from(digest));
    row
}

fn rows(rows: impl Iterator<Item = Map<String, Value>>) -> Outcome {
    Ok(Reply::Data(rows.map(Value::Object).collect()))
}
