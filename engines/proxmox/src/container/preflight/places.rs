//! Is there what a container is put on? Its node, its template, its storages and its bridges.

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::cluster::{Cluster, Permissions};
use crate::container::apply::{Place, node_with, place};
use crate::container::types::split_os;
use crate::guest::capacity;
use crate::guest::places::{self, Places};
use crate::guest::preflight::wanted;
use crate::preflight::{lacking, makes, problem};
use crate::reader::{Guest, Node, Reader};

pub(super) async fn missing(
    cluster: &Cluster<'_>,
    steps: &[&Step],
    guests: &[Guest],
    permissions: &Permissions,
) -> Result<Vec<Problem>, EngineError> {
    let reader = cluster.reader;
    let mut places = Places::read(cluster).await?;
    let mut problems = Vec::new();
    for step in steps {
        let Some(node) = node_of(cluster, step, guests, places.nodes).await? else { continue };
        if let Some(problem) = places.unusable(step, &node) {
            problems.push(problem);
            continue;
        }
        if makes(step) {
            problems.extend(template(reader, step, &node, permissions).await?);
        }
        problems.extend(places.lacking(cluster.steps, step, &node, is_storage).await?);
    }
    Ok(problems)
}

/// What the steps may take, where it is more than is free now.
pub(in crate::container) async fn cautions(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<String>, EngineError> {
    let guests = cluster.guests().await?;
    let nodes = cluster.nodes().await?;
    let mut placed = Vec::new();
    for step in steps {
        placed.extend(node_of(cluster, step, guests, nodes).await?.map(|node| (node, *step)));
    }
    capacity::cautions(cluster, nodes, &placed, "specs.mounts.").await
}

/// Where the container will be: near its template, where nobody says.
async fn node_of(cluster: &Cluster<'_>, step: &Step, guests: &[Guest], nodes: &[Node]) -> Result<Option<String>, EngineError> {
    let values = wanted(step);
    let source = values.get("specs.os").and_then(Value::as_str).and_then(split_os);
    let near = match &source {
        Some((_, source)) if makes(step) && !values.contains_key("metadata.node") => node_with(cluster.reader, source).await?,
        _ => None,
    };
    Ok(places::node_of(step, &values, guests, nodes, &cluster.options.owner_id, near))
}

fn is_storage(path: &str) -> bool {
    path.starts_with("specs.mounts.") && path.ends_with(".storage")
}

/// The template of a new container is on the node, or can be downloaded to it.
async fn template(reader: Reader<'_>, step: &Step, node: &str, permissions: &Permissions) -> Result<Vec<Problem>, EngineError> {
    let Some(os) = wanted(step).get("specs.os").and_then(Value::as_str).map(str::to_owned) else {
        let detail = "`specs.os`: a container is made from a template, and none is named.".to_owned();
        return Ok(vec![problem(step, detail, "for example os: debian-12")]);
    };
    let Some((_, source)) = split_os(&os) else { return Ok(Vec::new()) };
    Ok(match place(reader, node, &source).await? {
        Place::There(_) => Vec::new(),
        Place::Listed { storage } => {
            let need = (vec![format!("/storage/{storage}")], "Datastore.AllocateTemplate");
            lacking(step, [(need, vec!["specs.os".to_owned()])], permissions)
        }
        Place::Nowhere => {
            let detail = format!("`specs.os`: `{node}` has no template `{}`, and the index of appliances does not list it.", source.file);
            vec![problem(step, detail, "upload it there, name another `os`, or choose another node")]
        }
    })
}
