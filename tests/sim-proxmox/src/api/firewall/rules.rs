//! The rules of a scope or of a security group: a list that is addressed by position only.

use serde_json::{Map, Value};

use super::{check_digest, entry_of, list_digest, scope, shown};
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

/// A new rule goes to `pos`, or to the top: the position of the others changes.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut rule = entry_of(call, &["pos", "group"]);
    check_rule(call, &rule)?;
    rule.entry("enable".to_owned()).or_insert_with(|| "0".to_owned());
    let digest = call.owned("digest");
    let position = usize::try_from(call.number("pos").unwrap_or(0)).unwrap_or(usize::MAX);
    let rules = rules(call)?;
    check_digest(digest.as_deref(), &list_digest(rules.iter()))?;
    let position = position.min(rules.len());
    rules.insert(position, rule);
    Ok(Reply::NOTHING)
}

/// Changes a rule, or with `moveto` only its place: before the rule that is at that position now.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let place = place(call)?;
    let given = entry_of(call, &["pos", "group"]);
    let delete = call.owned("delete").unwrap_or_default();
    let digest = call.owned("digest");
    let target = call.number("moveto").map(|target| usize::try_from(target).unwrap_or(usize::MAX));
    let mut rule = rules(call)?[place].clone();
    if target.is_none() {
        rule.extend(given);
        rule.retain(|name, _| !delete.split(',').any(|deleted| deleted == name));
        check_rule(call, &rule)?;
    }
    let rules = rules(call)?;
    check_digest(digest.as_deref(), &list_digest(rules.iter()))?;
    rules[place] = rule;
    if let Some(target) = target.filter(|target| *target != place) {
        let moved = rules.remove(place);
        let target = if target > place { target - 1 } else { target };
        rules.insert(target.min(rules.len()), moved);
    }
    Ok(Reply::NOTHING)
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = place(call)?;
    let digest = call.owned("digest");
    let rules = rules(call)?;
    check_digest(digest.as_deref(), &list_digest(rules.iter()))?;
    rules.remove(place);
    Ok(Reply::NOTHING)
}

/// What does not go together. Source: `Firewall.pm` `verify_rule`.
fn check_rule(call: &Call<'_>, rule: &Rule) -> Result<(), Refusal> {
    let has = |name: &str| rule.contains_key(name);
    let protocol = rule.get("proto").map(String::as_str);
    let has_ports = matches!(protocol, Some("tcp" | "udp" | "sctp" | "udplite" | "dccp" | "6" | "17"));
    for port in ["dport", "sport"].into_iter().filter(|port| has(port)) {
        if protocol.is_none() && !has("macro") {
            return Err(Refusal::parameter("proto", format!("missing property - '{port}' requires this property")));
        }
        if protocol.is_some() && !has_ports {
            return Err(Refusal::parameter("proto", format!("protocol {} does not support ports", protocol.unwrap_or_default())));
        }
    }
    let action = rule.get("action").map_or("", String::as_str);
    let is_group = rule.get("type").is_some_and(|kind| kind == "group");
    if is_group && !call.world.firewall.groups.contains_key(action) {
        return Err(Refusal::parameter("action", format!("no such security group '{action}'")));
    }
    if !is_group && !matches!(action, "ACCEPT" | "DROP" | "REJECT") {
        return Err(Refusal::parameter("action", format!("unknown action '{action}'")));
    }
    Ok(())
}
