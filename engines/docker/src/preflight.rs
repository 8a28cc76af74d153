//! What would go wrong for certain? Ports that a container of somebody else holds, and links to what is not there.

use std::collections::BTreeSet;

use bollard::models::{ContainerSummary, PortSummary};
use core_model::plan::{Action, Problem, ProblemKind, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::observe::own_name;
use crate::reader::Reader;

pub(crate) async fn preflight(reader: &Reader, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let made: Vec<&Step> = steps.iter().filter(|step| step.type_name == "compute" && makes(step.action)).collect();
    if made.is_empty() {
        return Ok(Vec::new());
    }
    // Containers of the same plan make room for each other; the planner orders them.
    let in_plan: BTreeSet<&str> = steps.iter().filter(|step| step.type_name == "compute").map(|step| step.object.as_str()).collect();
    let containers = reader.containers().await?;
    let mut problems = Vec::new();
    for step in &made {
        problems.extend(texts(step, "ports").into_iter().filter_map(|mapping| port_problem(step, mapping, &containers, &in_plan)));
    }
    problems.extend(missing_externals(reader, &made).await?);
    problems.sort();
    Ok(problems)
}

fn makes(action: Action) -> bool {
    matches!(action, Action::Create | Action::Replace | Action::Update)
}

fn spec<'a>(step: &'a Step, name: &str) -> Option<&'a Vec<Value>> {
    step.desired.get("specs")?.get(name)?.as_array()
}

fn texts<'a>(step: &'a Step, name: &str) -> Vec<&'a str> {
    spec(step, name).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn port_problem(step: &Step, mapping: &str, containers: &[ContainerSummary], in_plan: &BTreeSet<&str>) -> Option<Problem> {
    let (front, protocol) = mapping.rsplit_once('/')?;
    let (host, _inside) = front.rsplit_once(':')?;
    let (address, port) = host.rsplit_once(':')?;
    let (address, port) = (address.trim_matches(['[', ']']), port.parse::<i64>().ok()?);
    let holds = |published: &PortSummary| {
        let same_protocol = published.typ.map(|kind| kind.to_string()).as_deref() == Some(protocol);
        let taken_at = published.ip.as_deref().unwrap_or("0.0.0.0");
        same_protocol && published.public_port.map(i64::from) == Some(port) && overlap(address, taken_at)
    };
    let holder = containers.iter().find_map(|container| {
        let name = own_name(container).filter(|name| !in_plan.contains(name))?;
        container.ports.iter().flatten().any(holds).then_some(name)
    })?;
    Some(Problem {
        kind: ProblemKind::Preflight,
        address: step.address.clone(),
        detail: format!("The port {host}/{protocol} is held by the container `{holder}`, which is not part of this plan."),
        hint: Some("choose another port, or stop that container".to_owned()),
        at: None,
    })
}

/// Whether two addresses cannot both be listened on.
fn overlap(left: &str, right: &str) -> bool {
    let any = |address: &str| matches!(address, "0.0.0.0" | "::");
    let same_family = left.contains(':') == right.contains(':');
    same_family && (left == right || any(left) || any(right))
}

async fn missing_externals(reader: &Reader, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let mut problems = Vec::new();
    let external = |value: &Value| value.get("external").and_then(Value::as_str).map(str::to_owned);
    let networks: Vec<(&Step, String)> =
        steps.iter().flat_map(|step| spec(step, "networks").into_iter().flatten().filter_map(external).map(move |name| (*step, name))).collect();
    if !networks.is_empty() {
        let listed = reader.networks().await?;
        let is_missing = |name: &str| !listed.iter().any(|network| network.name.as_deref() == Some(name));
        problems.extend(networks.into_iter().filter(|(_, name)| is_missing(name)).map(|(step, name)| missing(step, "network", &name)));
    }
    for step in steps {
        for name in spec(step, "mounts").into_iter().flatten().filter_map(|mount| external(mount.get("storage")?)) {
            if reader.volume(&name).await?.is_none() {
                problems.push(missing(step, "volume", &name));
            }
        }
    }
    Ok(problems)
}

fn missing(step: &Step, what: &str, name: &str) -> Problem {
    Problem {
        kind: ProblemKind::Preflight,
        address: step.address.clone(),
        detail: format!("The {what} `{name}` is external, and the engine does not have it."),
        hint: Some(format!("make the {what} first, or declare it as a resource")),
        at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_overlap_where_one_is_all_of_them() {
        assert!(overlap("0.0.0.0", "127.0.0.1") && overlap("127.0.0.1", "127.0.0.1") && overlap("::1", "::"));
        assert!(!overlap("127.0.0.1", "10.0.0.1") && !overlap("0.0.0.0", "::"));
    }
}
