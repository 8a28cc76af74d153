//! Is there what a guest is put on? Its node, its storages and its bridges.

use std::collections::{BTreeMap, BTreeSet};

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use engine_api::fields::Flat;
use serde_json::Value;

use super::GuestKind;
use super::preflight::{guest_of, wanted};
use crate::cluster::Cluster;
use crate::preflight::{makes, problem};
use crate::reader::{Guest, Node, Reader, Storage};
use crate::storage::planned;
use crate::{network, order};

/// What was read of the nodes.
pub(crate) struct Places<'a> {
    reader: Reader<'a>,
    pub(crate) nodes: &'a [Node],
    read: BTreeMap<String, Place>,
}

/// What was read of one node.
struct Place {
    node: String,
    storages: Vec<Storage>,
    bridges: BTreeSet<String>,
}

impl<'a> Places<'a> {
    pub(crate) async fn read(cluster: &'a Cluster<'a>) -> Result<Self, EngineError> {
        Ok(Self { reader: cluster.reader, nodes: cluster.nodes().await?, read: BTreeMap::new() })
    }

    /// Why nothing can be put on the node.
    pub(crate) fn unusable(&self, step: &Step, node: &str) -> Option<Problem> {
        match self.nodes.iter().find(|known| known.name == node) {
            None => {
                let names: Vec<&str> = self.nodes.iter().map(|node| node.name.as_str()).collect();
                Some(problem(step, format!("`metadata.node`: the cluster has no node `{node}`."), &format!("one of: {}", names.join(", "))))
            }
            Some(known) if !known.is_online => Some(problem(step, format!("The node `{node}` is offline."), "wait for it, or choose another node")),
            Some(_) => None,
        }
    }

    /// What the step names and its node does not have. A step that names neither storage nor bridge costs no call.
    pub(crate) async fn lacking(
        &mut self,
        plan: &[Step],
        step: &Step,
        node: &str,
        is_storage: fn(&str) -> bool,
    ) -> Result<Vec<Problem>, EngineError> {
        if !step.changes.iter().any(|change| is_storage(&change.path) || is_bridge(&change.path)) {
            return Ok(Vec::new());
        }
        let (values, place) = (wanted(step), self.at(node).await?);
        let mut problems = storages(plan, step, &values, place, is_storage);
        problems.extend(bridges(plan, step, &values, place));
        Ok(problems)
    }

    async fn at(&mut self, node: &str) -> Result<&Place, EngineError> {
        let place = match self.read.remove(node) {
            Some(place) => place,
            None => {
                let (storages, bridges) = tokio::join!(self.reader.storages(node), self.reader.bridges(node));
                Place { node: node.to_owned(), storages: storages?, bridges: bridges? }
            }
        };
        Ok(self.read.entry(node.to_owned()).or_insert(place))
    }
}

/// Where the guest will be: what the author says for a new or moved one, else where its source is or it is itself.
pub(crate) fn node_of(step: &Step, values: &Flat, guests: &[Guest], nodes: &[Node], owner_id: &str, source: Option<String>) -> Option<String> {
    let declared = || values.get("metadata.node").and_then(Value::as_str).map(str::to_owned);
    if makes(step) || moves(step) {
        return declared().or(source).or_else(|| nodes.iter().find(|node| node.is_online).map(|node| node.name.clone()));
    }
    guest_of(step, guests, owner_id).map(|guest| guest.node.clone())
}

/// Whether an existing guest is to go to another node.
pub(crate) fn moves(step: &Step) -> bool {
    !makes(step) && step.changes.iter().any(|change| change.path == "metadata.node")
}

fn touched(step: &Step) -> BTreeSet<&str> {
    step.changes.iter().map(|change| change.path.as_str()).collect()
}

/// The fields that name a storage which is missing, or not for such a guest; one that the plan makes or changes counts as it will be.
fn storages(plan: &[Step], step: &Step, values: &Flat, place: &Place, is_storage: fn(&str) -> bool) -> Vec<Problem> {
    let (touched, content, node) = (touched(step), GuestKind::of_type(&step.type_name).content(), &place.node);
    let named = values.iter().filter(|(path, _)| is_storage(path) && touched.contains(path.as_str()));
    named
        .filter_map(|(path, value)| {
            let name = value.as_str()?;
            let fits = |storage: &Storage| storage.name == name && storage.content.contains(content);
            let planned = planned::planned(plan, name).filter(|_| !place.storages.iter().any(fits));
            let is_for_it = |planned: &&Step| planned::contents(planned).is_none_or(|contents| contents.iter().any(|word| word == content));
            if let Some(planned) = planned.filter(is_for_it) {
                return planned::comes_late(step, path, planned, plan);
            }
            match place.storages.iter().find(|storage| storage.name == name) {
                None => {
                    let fit: Vec<&str> =
                        place.storages.iter().filter(|storage| storage.content.contains(content)).map(|storage| storage.name.as_str()).collect();
                    Some(problem(
                        step,
                        format!("`{path}`: the node `{node}` has no storage `{name}`."),
                        &format!("disks can be on: {}", fit.join(", ")),
                    ))
                }
                Some(storage) if !storage.content.contains(content) => Some(problem(
                    step,
                    format!("`{path}`: the storage `{name}` does not take disks."),
                    &format!("add `{content}` to its contents, or choose another"),
                )),
                Some(storage) if !storage.is_active => {
                    Some(problem(step, format!("`{path}`: the storage `{name}` is not active on `{node}`."), "choose another"))
                }
                Some(_) => None,
            }
        })
        .collect()
}

fn is_bridge(path: &str) -> bool {
    (path.starts_with("specs.network.") || path.starts_with("specs.networks.")) && path.ends_with(".bridge")
}

/// The fields that name a bridge which the node does not have, and which the plan does not make before the guest.
fn bridges(plan: &[Step], step: &Step, values: &Flat, place: &Place) -> Vec<Problem> {
    let (touched, node) = (touched(step), &place.node);
    let named = values.iter().filter(|(path, _)| is_bridge(path) && touched.contains(path.as_str()));
    let missing = named.filter_map(|(path, value)| Some((path, value.as_str()?))).filter(|(_, bridge)| !place.bridges.contains(*bridge));
    let known: Vec<&str> = place.bridges.iter().map(String::as_str).collect();
    let problems = missing.filter_map(|(path, bridge)| match order::coming(plan, network::TYPE, &format!("{node}/{bridge}")) {
        Some(maker) => order::unordered(plan, step, maker, path),
        None => {
            let detail = format!("`{path}`: the node `{node}` has no bridge `{bridge}`.");
            Some(problem(step, detail, &format!("one of: {}", known.join(", "))))
        }
    });
    problems.collect()
}
