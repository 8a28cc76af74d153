//! Is there what a machine is put on? Its node, its storages and its bridges; and can it leave where it is?

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use engine_api::fields::Flat;

use crate::cluster::Cluster;
use crate::guest::places::{self, Places};
use crate::guest::preflight::{guest_of, wanted};
use crate::machine::apply::node_with;
use crate::machine::capacity::too_many_processors;
use crate::machine::types::{Source, image_of, split_os};
use crate::preflight::{makes, problem};
use crate::reader::{Guest, Node, Reader};

pub(super) async fn missing(cluster: &Cluster<'_>, steps: &[&Step], guests: &[Guest]) -> Result<Vec<Problem>, EngineError> {
    let (reader, owner_id) = (cluster.reader, cluster.options.owner_id.as_str());
    let mut places = Places::read(cluster).await?;
    let mut problems = Vec::new();
    for step in steps {
        problems.extend(too_many_processors(step, guests, places.nodes, owner_id));
        let values = wanted(step);
        let by_image = match image_of(&step.desired).filter(|_| makes(step) && !values.contains_key("metadata.node")) {
            Some(image) => node_with(reader, &image).await?,
            None => None,
        };
        let Some(node) = by_image.or_else(|| node_of(step, &values, guests, places.nodes, owner_id)) else { continue };
        if let Some(problem) = places.unusable(step, &node) {
            problems.push(problem);
            continue;
        }
        problems.extend(bound(reader, step, guest_of(step, guests, owner_id), &node).await?);
        problems.extend(places.lacking(cluster.steps, step, &node, is_storage).await?);
    }
    Ok(problems)
}

/// Where the machine will be.
pub(in crate::machine) fn node_of(step: &Step, values: &Flat, guests: &[Guest], nodes: &[Node], owner_id: &str) -> Option<String> {
    places::node_of(step, values, guests, nodes, owner_id, template_node(values, guests).or_else(|| image_of(&step.desired)?.node))
}

fn is_storage(path: &str) -> bool {
    ["specs.disks.", "specs.efi.", "specs.tpm."].iter().any(|group| path.starts_with(group)) && path.ends_with(".storage")
}

/// A machine that is to move, and that something holds where it is.
async fn bound(reader: Reader<'_>, step: &Step, guest: Option<&Guest>, node: &str) -> Result<Option<Problem>, EngineError> {
    let Some(guest) = guest.filter(|guest| places::moves(step) && guest.node != node) else { return Ok(None) };
    let holding = reader.bound_to_node(guest).await?;
    if holding.is_empty() {
        return Ok(None);
    }
    let detail = format!("`metadata.node`: the machine cannot move to `{node}`: only `{}` has {}.", guest.node, holding.join(", "));
    Ok(Some(problem(step, detail, "take it off the machine first, or keep the node")))
}

fn template_node(values: &Flat, guests: &[Guest]) -> Option<String> {
    let (_, source) = split_os(values.get("specs.os")?.as_str()?)?;
    let Source::Template { vmid } = source else { return None };
    guests.iter().find(|guest| guest.vmid == vmid).map(|guest| guest.node.clone())
}
