//! What may go wrong with a download and is not certain? A server that does not answer now, and a storage that is nearly full.

use core_model::plan::Step;
use core_model::units::Size;
use engine_api::EngineError;
use serde_json::Value;

use super::name::FileName;
use super::places::Places;
use super::preflight::may_ask;
use crate::cluster::Cluster;
use crate::preflight::makes;
use crate::reader::Remote;

pub(super) async fn cautions(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<String>, EngineError> {
    let (permissions, places) = tokio::join!(cluster.permissions(), Places::read(cluster.reader));
    let (permissions, places) = (permissions?, places?);
    let mut cautions = Vec::new();
    for (step, file) in steps.iter().filter(|step| makes(step)).filter_map(|step| Some((*step, FileName::parse(&step.object)?))) {
        let spec = |name: &str| step.desired.get("specs").and_then(|specs| specs.get(name));
        let Some(url) = spec("url").and_then(Value::as_str) else { continue };
        let Some(node) = places.of(&file).nodes.first().cloned().filter(|node| may_ask(permissions, node)) else { continue };
        match cluster.reader.remote(&node, url, spec("verify_certificates") != Some(&Value::Bool(false))).await? {
            Remote::Unknown { why } => cautions.push(format!("`{node}` could not ask for `{url}` now: {why}")),
            Remote::Found { bytes: Some(bytes) } => cautions.extend(short(&places, &node, &file, bytes)),
            Remote::Found { bytes: None } | Remote::Gone { .. } => {}
        }
    }
    Ok(cautions)
}

fn short(places: &Places, node: &str, file: &FileName, bytes: u64) -> Option<String> {
    let free = places.storage(node, &file.storage)?.bytes_free.filter(|free| bytes > *free)?;
    let size = |bytes: u64| Size { bytes }.to_string();
    Some(format!("the file `{file}` has {}, and the storage `{}` has {} free now", size(bytes), file.storage, size(free)))
}
