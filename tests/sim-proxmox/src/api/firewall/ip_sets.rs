//! Sets of addresses.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{check_digest, entry_of, list_digest, scope, shown};
use crate::api::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::{Entry, Firewall, IpSet};

fn entries(firewall: &Firewall) -> Vec<Entry> {
    let entry = |(name, set): (&String, &IpSet)| {
        let mut entry = BTreeMap::from([("name".to_owned(), name.clone())]);
        entry.extend(set.comment.clone().filter(|comment| !comment.is_empty()).map(|comment| ("comment".to_owned(), comment)));
        entry
    };
    firewall.ip_sets.iter().map(entry).collect()
}

fn set<'call>(call: &'call mut Call<'_>) -> Result<&'call mut IpSet, Refusal> {
    let name = call.required("name")?;
    let missing = || Refusal::failed(format!("no such IPSet '{name}'"));
    scope(call)?.ip_sets.get_mut(&name).ok_or_else(missing)
}

fn no_such_address() -> Refusal {
    Refusal::parameter("cidr", "no such IP/Network")
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let entries = entries(scope(call)?);
    let digest = list_digest(entries.iter());
    super::rows(entries.iter().map(|entry| shown(entry, &digest)))
}

/// Creates a set, or with `rename` changes the name and comment of that one. The parser makes names lower-case.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let name = call.required("name")?.to_lowercase();
    let (rename, comment, digest) = (call.owned("rename"), call.owned("comment"), call.owned("digest"));
    let firewall = scope(call)?;
    check_digest(digest.as_deref(), &list_digest(entries(firewall).iter()))?;
    let is_taken = firewall.ip_sets.contains_key(&name);
    match rename {
        None if is_taken => Err(Refusal::parameter("name", format!("IPSet '{name}' already exists"))),
        None => {
            firewall.ip_sets.insert(name, IpSet { comment, members: BTreeMap::new() });
            Ok(Reply::NOTHING)
        }
        Some(old) if old != name && is_taken => Err(Refusal::parameter("name", format!("IPSet '{name}' does already exist"))),
        Some(old) => {
            let missing = || Refusal::parameter("name", format!("IPSet '{old}' does not exist"));
            let set = firewall.ip_sets.remove(&old).ok_or_else(missing)?;
            firewall.ip_sets.insert(name, IpSet { comment: comment.or(set.comment), members: set.members });
            Ok(Reply::NOTHING)
        }
    }
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let name = call.required("name")?;
    let force = call.flag("force").unwrap_or(false);
    if !set(call)?.members.is_empty() && !force {
        return Err(Refusal::failed(format!("IPSet '{name}' is not empty")));
    }
    scope(call)?.ip_sets.remove(&name);
    Ok(Reply::NOTHING)
}

pub(super) fn members(call: &mut Call<'_>) -> Outcome {
    let set = set(call)?;
    let digest = list_digest(set.members.values());
    super::rows(set.members.values().map(|member| shown(member, &digest)))
}

pub(super) fn member(call: &mut Call<'_>) -> Outcome {
    let address = call.required("cidr")?;
    let set = set(call)?;
    let digest = list_digest(set.members.values());
    Ok(Reply::Data(Value::Object(shown(set.members.get(&address).ok_or_else(no_such_address)?, &digest))))
}

pub(super) fn add(call: &mut Call<'_>) -> Outcome {
    let address = super::canonical_cidr(&call.required("cidr")?);
    let mut entry = entry_of(call, &["name"]);
    entry.insert("cidr".to_owned(), address.clone());
    entry.retain(|name, text| name == "cidr" || !(text.is_empty() || text == "0"));
    if address.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !address.contains(':') {
        let bare = address.rsplit('/').next().unwrap_or(&address).to_lowercase();
        let is_own = scope(call)?.aliases.contains_key(&bare);
        if !is_own && !call.world.firewall.aliases.contains_key(&bare) {
            return Err(Refusal::failed(format!("no such alias '{bare}'")));
        }
    }
    let set = set(call)?;
    if set.members.contains_key(&address) {
        return Err(Refusal::parameter("cidr", format!("address '{address}' already exists")));
    }
    if address.ends_with("/0") {
        return Err(Refusal::parameter("cidr", "a zero prefix is not allowed in ipset entries"));
    }
    set.members.insert(address, entry);
    Ok(Reply::NOTHING)
}

/// What is not given is taken out. Source: `IPSet.pm` `update_ip`.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let (address, digest) = (call.required("cidr")?, call.owned("digest"));
    let mut given = entry_of(call, &["name"]);
    given.retain(|name, text| name == "cidr" || !(text.is_empty() || text == "0"));
    let set = set(call)?;
    check_digest(digest.as_deref(), &list_digest(set.members.values()))?;
    *set.members.get_mut(&address).ok_or_else(no_such_address)? = given;
    Ok(Reply::NOTHING)
}

pub(super) fn remove(call: &mut Call<'_>) -> Outcome {
    let (address, digest) = (call.required("cidr")?, call.owned("digest"));
    let set = set(call)?;
    check_digest(digest.as_deref(), &list_digest(set.members.values()))?;
    set.members.remove(&address);
    Ok(Reply::NOTHING)
}
