//! What would go wrong for certain with rules? A node or guest that is not there, names that nobody knows, and a missing
//! privilege.

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::firewall::named;
use crate::firewall::read::Names;
use crate::firewall::scope::{Scope, guest_of};
use crate::preflight::{Need, lacking, problem};

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let permissions = cluster.permissions().await?;
    let mut problems = unknown_names(cluster, steps).await?;
    for step in steps {
        let scope = Scope::of(&step.desired);
        problems.extend(missing_scope(cluster, step, &scope).await?);
        problems.extend(lacking(step, [need(cluster, &scope).await?], permissions));
    }
    Ok(problems)
}

async fn need(cluster: &Cluster<'_>, scope: &Scope) -> Result<Need, EngineError> {
    Ok(match scope {
        Scope::Cluster => (vec!["/".to_owned()], "Sys.Modify"),
        Scope::Node(node) => (vec![format!("/nodes/{node}")], "Sys.Modify"),
        Scope::Guest(name) => {
            let guest = guest_of(name, cluster).await?;
            let path = guest.map_or_else(|| "/vms".to_owned(), |guest| format!("/vms/{}", guest.vmid));
            let pool = guest.and_then(|guest| guest.pool.as_ref()).map(|pool| format!("/pool/{pool}"));
            ([path].into_iter().chain(pool).collect(), "VM.Config.Network")
        }
    })
}

/// A guest that is a resource comes before its firewall; others must be there.
async fn missing_scope(cluster: &Cluster<'_>, step: &Step, scope: &Scope) -> Result<Option<Problem>, EngineError> {
    match scope {
        Scope::Cluster => Ok(None),
        Scope::Node(node) => {
            let nodes = cluster.reader.nodes().await?;
            let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
            Ok(match nodes.iter().find(|known| known.name == *node) {
                None => Some(problem(step, format!("`specs.node`: the cluster has no node `{node}`."), &format!("one of: {}", names.join(", ")))),
                Some(known) if !known.is_online => Some(problem(step, format!("`specs.node`: the node `{node}` is offline."), "wait for it")),
                Some(_) => None,
            })
        }
        Scope::Guest(name) => {
            let link = step.desired.get("specs").and_then(|specs| specs.get("guest"));
            let is_external = link.is_some_and(|link| link.get("external").is_some());
            let is_there = guest_of(name, cluster).await?.is_some();
            let detail = format!("`specs.guest`: there is no guest `{name}`.");
            Ok((is_external && !is_there).then(|| problem(step, detail, "write the name or the number of a guest that exists")))
        }
    }
}

/// The fields that name something, and among which names it must be.
const FIELDS: [(&str, Names); 5] =
    [("group", Names::Groups), ("from_list", Names::Sets), ("to_list", Names::Sets), ("from_alias", Names::Aliases), ("to_alias", Names::Aliases)];

/// A name in a rule: the step, where it is said, and the name.
type Said<'s> = (&'s Step, String, &'s str);

/// Names in rules that the cluster does not have. What a resource makes comes first, and names of guests are their own.
pub(in crate::firewall) async fn unknown_names(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let mut problems = Vec::new();
    for names in [Names::Groups, Names::Sets, Names::Aliases] {
        let fields = FIELDS.iter().filter(|(_, of)| *of == names);
        let said: Vec<Said<'_>> = fields.flat_map(|(field, _)| said(steps, field)).filter_map(external).collect();
        if said.is_empty() {
            continue;
        }
        let known = cluster.reader.names(names).await?;
        for (step, path, name) in said {
            problems.extend(named::unknown(step, &path, names.noun(), std::iter::once(name), &known));
        }
    }
    problems.extend(unknown_macros(cluster, steps).await?);
    Ok(problems)
}

/// What rules say under a field.
fn said<'s>(steps: &[&'s Step], field: &str) -> Vec<(&'s Step, String, &'s Value)> {
    let mut found = Vec::new();
    for step in steps {
        let rules = step.desired.get("specs").and_then(|specs| specs.get("rules")).and_then(Value::as_array);
        for (index, rule) in rules.into_iter().flatten().enumerate() {
            found.extend(rule.get(field).map(|value| (*step, format!("specs.rules[{index}].{field}"), value)));
        }
    }
    found
}

fn external<'s>((step, path, link): (&'s Step, String, &'s Value)) -> Option<Said<'s>> {
    let name = link.get("external")?.as_str()?;
    let is_elsewhere = name.starts_with("guest/") || name.starts_with("sdn/");
    (!is_elsewhere).then(|| (step, path, name.strip_prefix("dc/").unwrap_or(name)))
}

async fn unknown_macros(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let said = said(steps, "macro");
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let known = cluster.reader.macros().await?;
    let missing = said.into_iter().filter_map(|(step, path, name)| Some((step, path, name.as_str()?)));
    let missing = missing.filter(|(.., name)| !known.iter().any(|other| other == name));
    let hint = "write protocol and ports instead";
    Ok(missing.map(|(step, path, name)| problem(step, format!("`{path}`: Proxmox has no macro `{name}`."), hint)).collect())
}
