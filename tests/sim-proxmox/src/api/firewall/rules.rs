//! The rules of a scope or of a security group: a list that is addressed by position only.

use serde_json::{Map, Value};

use super::{check_digest, entry_of, list_digest, macros, scope, shown};
use crate::api::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::Rule;

fn rules<'call>(call: &'call mut Call<'_>) -> Result<&'call mut Vec<Rule>, Refusal> {
    let group = call.owned("group");
    let scope = scope(call)?;
    match group {
        None => Ok(&mut scope.rules),
        Some(name) => match scope.groups.get_mut(&name) {
            Some(group) => Ok(&mut group.rules),
            None => Err(Refusal::failed(format!("no such security group '{name}'"))),
        },
    }
}

fn row(rule: &Rule, position: usize, digest: &str) -> Map<String, Value> {
    let mut row = shown(rule, digest);
    row.insert("pos".to_owned(), Value::from(position));
    row.entry("enable").or_insert_with(|| Value::from(0));
    row
}

/// The place that the path names; it must exist.
fn place(call: &mut Call<'_>) -> Result<usize, Refusal> {
    let position = call.number("pos").unwrap_or(u64::MAX);
    let place = usize::try_from(position).unwrap_or(usize::MAX);
    if place < rules(call)?.len() { Ok(place) } else { Err(Refusal::failed(format!("no rule at position {position}"))) }
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let rules = rules(call)?;
    let digest = list_digest(rules.iter());
    super::rows(rules.iter().enumerate().map(|(position, rule)| row(rule, position, &digest)))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let place = place(call)?;
    let rules = rules(call)?;
    let digest = list_digest(rules.iter());
    Ok(Reply::Data(Value::Object(row(&rules[place], place, &digest))))
}

/// A new rule goes to the top, whatever `pos` says, and nobody looks at `digest`. Source: `Rules.pm` `create_rule`.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut rule = entry_of(call, &["pos", "group"]);
    check_rule(call, &mut rule)?;
    rule.entry("enable".to_owned()).or_insert_with(|| "0".to_owned());
    rules(call)?.insert(0, rule);
    Ok(Reply::NOTHING)
}

/// Changes a rule, or with `moveto` only its place: before the rule that is at that position now. The digest is looked at first.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let digest = call.owned("digest");
    check_digest(digest.as_deref(), &list_digest(rules(call)?.iter()))?;
    let place = place(call)?;
    let given = entry_of(call, &["pos", "group"]);
    let delete = call.owned("delete").unwrap_or_default();
    let target = call.number("moveto").map(|target| usize::try_from(target).unwrap_or(usize::MAX));
    let mut rule = rules(call)?[place].clone();
    if target.is_none() {
        rule.extend(given);
        rule.retain(|name, _| !delete.split(',').any(|deleted| deleted == name));
        check_rule(call, &mut rule)?;
    }
    let rules = rules(call)?;
    rules[place] = rule;
    if let Some(target) = target.filter(|target| *target != place) {
        let moved = rules.remove(place);
        let target = if target > place { target - 1 } else { target };
        rules.insert(target.min(rules.len()), moved);
    }
    Ok(Reply::NOTHING)
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let digest = call.owned("digest");
    check_digest(digest.as_deref(), &list_digest(rules(call)?.iter()))?;
    let place = place(call)?;
    rules(call)?.remove(place);
    Ok(Reply::NOTHING)
}

/// What does not go together, in the order of the source, and the one spelling of macros. Source: `Firewall.pm` `verify_rule`.
fn check_rule(call: &mut Call<'_>, rule: &mut Rule) -> Result<(), Refusal> {
    rule.retain(|name, text| name == "type" || name == "action" || !text.trim().is_empty());
    let text = |name: &str| rule.get(name).map(String::as_str);
    let (kind, action) = (text("type").unwrap_or_default(), text("action").unwrap_or_default());
    let scope = if call.parameters.contains_key("group") {
        "group"
    } else if call.parameters.contains_key("vmid") {
        "vm"
    } else {
        "cluster"
    };
    if (scope == "group" && kind == "group") || (scope == "vm" && kind == "forward") {
        return Err(Refusal::parameter("type", format!("invalid rule type '{kind}' for rule_env '{scope}'")));
    }
    // Whether a group is there is not looked at.
    if kind != "group" && !matches!(action, "ACCEPT" | "DROP" | "REJECT") {
        return Err(Refusal::parameter("action", format!("unknown action '{action}'")));
    }
    if let Some(name) = text("macro") {
        let known = macros::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let (known, _) = known.ok_or_else(|| Refusal::parameter("macro", format!("unknown macro '{name}'")))?;
        rule.insert("macro".to_owned(), (*known).to_owned());
    }
    ports(rule)?;
    addresses(call, rule)
}

fn ports(rule: &Rule) -> Result<(), Refusal> {
    let protocol = rule.get("proto").map(String::as_str);
    let has_ports = |port: &str, protocol: &str| {
        let is_icmp = matches!(protocol, "icmp" | "1" | "icmpv6" | "ipv6-icmp" | "58");
        matches!(protocol, "tcp" | "6" | "udp" | "17" | "sctp" | "132" | "dccp" | "33" | "udplite" | "136") || (port == "dport" && is_icmp)
    };
    for port in ["dport", "sport"].into_iter().filter(|port| rule.contains_key(*port)) {
        let protocol = protocol.ok_or_else(|| Refusal::parameter("proto", format!("missing property - '{port}' requires this property")))?;
        if !has_ports(port, protocol) {
            return Err(Refusal::parameter(port, format!("protocol '{protocol}' does not support ports")));
        }
    }
    Ok(())
}

/// Sets and aliases must be there: in the scope itself, or in the cluster.
fn addresses(call: &mut Call<'_>, rule: &Rule) -> Result<(), Refusal> {
    for end in ["source", "dest"] {
        let Some(text) = rule.get(end) else { continue };
        let own = scope(call)?.clone();
        let scopes = [&own, &call.world.firewall];
        if let Some(name) = text.strip_prefix('+') {
            let bare = name.rsplit('/').next().unwrap_or(name);
            if !scopes.iter().any(|scope| scope.ip_sets.contains_key(bare)) {
                return Err(Refusal::parameter(end, format!("no such ipset '{bare}'")));
            }
        } else if text.rsplit('/').next().is_some_and(|name| name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !name.contains(':')) {
            let bare = text.rsplit('/').next().unwrap_or(text).to_lowercase();
            if !scopes.iter().any(|scope| scope.aliases.contains_key(&bare)) {
                return Err(Refusal::parameter(end, format!("no such alias '{text}'")));
            }
        }
    }
    Ok(())
}
