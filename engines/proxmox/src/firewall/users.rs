//! Who uses the groups, sets and aliases that are to be deleted? Proxmox removes them all the same, and rules that name them
//! then do nothing.

use std::collections::{BTreeMap, BTreeSet};

use core_model::plan::{Action, Problem, Step};
use engine_api::EngineError;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::read::Names;
use super::rule::{OwnNames, Rule};
use super::scope::{Place, Scope, root_of};
use super::{ip_set, rules_of};
use crate::cluster::Cluster;
use crate::preflight::problem;

const READS_IN_FLIGHT_MAX: usize = 16;
const NAMES: [(&str, Names); 3] = [("security-group", Names::Groups), ("ip-set", Names::Sets), ("alias", Names::Aliases)];

/// Type and name.
type Name = (&'static str, String);
/// Who uses each name, in words.
type Users = BTreeMap<Name, BTreeSet<String>>;

/// A problem for each name that is deleted while something uses it that no step of the plan takes away.
pub(super) async fn still_used(cluster: &Cluster<'_>, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let doomed: Vec<(&Step, Name)> = steps.iter().filter_map(|step| Some((step, doomed(step)?))).collect();
    if doomed.is_empty() {
        return Ok(Vec::new());
    }
    let users = users(cluster, steps).await?;
    let used = doomed.into_iter().filter_map(|(step, name)| Some((step, users.get(&name)?)));
    Ok(used
        .map(|(step, users)| {
            let users: Vec<&str> = users.iter().map(String::as_str).collect();
            let noun = NAMES.iter().find(|(type_name, _)| *type_name == step.type_name).map_or("object", |(_, names)| names.noun());
            problem(step, format!("The {noun} `{}` is in use by {}.", step.object, users.join(", ")), "take it out of their rules first")
        })
        .collect())
}

/// What a step deletes, if it is a name of the firewall.
fn doomed(step: &Step) -> Option<Name> {
    let (type_name, _) = NAMES.iter().find(|(type_name, _)| *type_name == step.type_name && step.action == Action::Delete)?;
    Some((type_name, step.object.clone()))
}

/// Who uses what once the steps are done.
async fn users(cluster: &Cluster<'_>, steps: &[Step]) -> Result<Users, EngineError> {
    let rewritten = rewritten(cluster, steps).await?;
    let reads = lists(cluster).await?.into_iter().map(async |(who, place)| {
        let rules = match rewritten.get(&place.root) {
            Some(rules) => rules.clone(),
            None => read(cluster, &place).await?,
        };
        Ok::<_, EngineError>((who, names_in(&rules)))
    });
    let mut found: Vec<(String, Vec<Name>)> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).try_collect().await?;
    for group in kept(cluster, steps, "security-group", Names::Groups).await? {
        let rules = match desired(steps, "security-group", &group, "rules") {
            Some(rules) => rules_of(Some(rules)),
            None => cluster.reader.group_rules(&group).await?.unwrap_or_default().rules,
        };
        found.push((format!("the security group `{group}`"), names_in(&rules)));
    }
    for set in kept(cluster, steps, "ip-set", Names::Sets).await? {
        let rows = cluster.reader.members(&set).await?.unwrap_or_default();
        let aliases = ip_set::aliases_in(desired(steps, "ip-set", &set, "members"), &rows);
        found.push((format!("the IP set `{set}`"), aliases.into_iter().map(|alias| ("alias", alias)).collect()));
    }
    let mut users = Users::new();
    for (who, name) in found.into_iter().flat_map(|(who, names)| names.into_iter().map(move |name| (who.clone(), name))) {
        users.entry(name).or_default().insert(who);
    }
    Ok(users)
}

async fn read(cluster: &Cluster<'_>, place: &Place) -> Result<Vec<Rule>, EngineError> {
    let own = if place.is_guest { cluster.reader.own_names(&place.root).await? } else { OwnNames::new() };
    Ok(cluster.reader.rules(&place.rules(), &own).await?.rules)
}

fn names_in(rules: &[Rule]) -> Vec<Name> {
    rules.iter().flat_map(Rule::names).map(|(type_name, name)| (type_name, name.to_owned())).collect()
}

/// Every list of rules but those of groups, and whose it is. A list that cannot be read stops the question: nobody can say
/// then that a name is free.
async fn lists(cluster: &Cluster<'_>) -> Result<Vec<(String, Place)>, EngineError> {
    let place = |root: String, is_guest: bool| Place { root, is_guest };
    let mut lists = vec![(Scope::Cluster.words(), place("/cluster".to_owned(), false))];
    let nodes = cluster.reader.nodes().await?;
    lists.extend(nodes.into_iter().map(|node| (Scope::Node(node.name.clone()).words(), place(format!("/nodes/{}", node.name), false))));
    lists.extend(cluster.guests().await?.iter().map(|guest| (Scope::Guest(guest.name.clone()).words(), place(root_of(guest), true))));
    Ok(lists)
}

/// Scopes whose rules a step replaces, by their roots, with the rules that they then have.
async fn rewritten(cluster: &Cluster<'_>, steps: &[Step]) -> Result<BTreeMap<String, Vec<Rule>>, EngineError> {
    let changed = steps.iter().filter(|step| step.type_name == "firewall" && step.action.mutates());
    let mut rewritten = BTreeMap::new();
    for step in changed {
        let Some(rules) = step.desired.get("specs").and_then(|specs| specs.get("rules")) else { continue };
        if let Some(place) = Scope::of(&step.desired).place(cluster).await? {
            rewritten.insert(place.root, rules_of(Some(rules)));
        }
    }
    Ok(rewritten)
}

/// Those of a type that no step deletes.
async fn kept(cluster: &Cluster<'_>, steps: &[Step], type_name: &str, names: Names) -> Result<Vec<String>, EngineError> {
    let is_doomed = |name: &str| steps.iter().filter_map(doomed).any(|(other, doomed)| other == type_name && doomed == name);
    let listed = cluster.reader.names(names).await?;
    Ok(listed.into_iter().map(|listed| listed.name).filter(|name| !is_doomed(name)).collect())
}

/// What a step of this plan wants of an object.
fn desired<'s>(steps: &'s [Step], type_name: &str, object: &str, field: &str) -> Option<&'s Value> {
    let step = steps.iter().find(|step| step.type_name == type_name && step.object == object && step.action.mutates())?;
    step.desired.get("specs")?.get(field)
}
