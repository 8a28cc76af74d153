//! Is the image there that a machine is to be made from, or is it made by the same plan?

use core_model::plan::{Action, Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::file::name::FileName;
use crate::machine::types::image_of;
use crate::preflight::{makes, problem};
use crate::reader::Storage;

pub(super) async fn missing(cluster: &Cluster<'_>, step: &Step) -> Result<Option<Problem>, EngineError> {
    let Some(image) = image_of(&step.desired).filter(|_| makes(step)) else { return Ok(None) };
    let declared = step.desired.get("metadata").and_then(|metadata| metadata.get("node")).and_then(Value::as_str);
    let nodes: Vec<String> = cluster.reader.nodes().await?.into_iter().filter(|node| node.is_online).map(|node| node.name).collect();
    // An unknown or silent node is told elsewhere.
    let Some(home) = image.node.as_deref().or(declared).or(nodes.first().map(String::as_str)).filter(|home| nodes.iter().any(|node| node == home))
    else {
        return Ok(None);
    };
    let storages = cluster.reader.storages(home).await?;
    let storage = storages.iter().find(|storage| storage.name == image.storage);
    if let Some(problem) = elsewhere(step, &image, declared, storage) {
        return Ok(Some(problem));
    }
    let is_planned = |other: &Step| other.type_name == "file" && other.object == image.to_string() && other.action != Action::Delete;
    if cluster.steps.iter().any(is_planned) || storage.is_some_and(|storage| !storage.is_active) {
        return Ok(None);
    }
    let looked_at: Vec<&String> = if image.node.is_some() || declared.is_some() { Vec::new() } else { nodes.iter().collect() };
    for node in std::iter::once(home).chain(looked_at.into_iter().map(String::as_str)) {
        let has_storage = cluster.reader.storages(node).await?.iter().any(|storage| storage.is_active && storage.name == image.storage);
        if has_storage && cluster.reader.volumes(node, &image.storage, &image.content).await?.contains(&image.volume()) {
            return Ok(None);
        }
    }
    let detail = format!("`specs.image`: there is no file `{image}`, and no step of this plan makes it.");
    Ok(Some(problem(step, detail, "download it with a resource of the type `file`, and link that")))
}

/// A machine cannot be made from a file that only another node has.
fn elsewhere(step: &Step, image: &FileName, declared: Option<&str>, storage: Option<&Storage>) -> Option<Problem> {
    let (home, wanted) = image.node.as_deref().zip(declared)?;
    if home == wanted || storage.is_some_and(|storage| storage.is_shared) {
        return None;
    }
    let detail = format!("`specs.image`: only the node `{home}` has the file `{image}`, and the machine is to be made on `{wanted}`.");
    Some(problem(step, detail, &format!("set `metadata: {{node: {home}}}`, or download the file on `{wanted}` too")))
}
