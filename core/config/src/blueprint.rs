//! What does a blueprint file hold, before anything is merged, expanded or filled in?

use std::collections::BTreeMap;

use core_model::resource_type::Registry;
use core_model::tree::{Entry, Node, NodeValue};
use core_model::{Diagnostic, Name, Span};

use crate::report::Report;
use crate::section;
use crate::settings::{self, Environment};

/// A blueprint and its overlays.
pub(crate) struct Blueprint {
    pub(crate) name: Name,
    pub(crate) named_at: Span,
    /// `None`: every environment of ipr.yaml.
    pub(crate) environments: Option<Vec<Name>>,
    pub(crate) body: Body,
    pub(crate) overlays: BTreeMap<Name, Body>,
}

/// What blueprints and overlays have in common.
#[derive(Default)]
pub(crate) struct Body {
    /// Defaults for the metadata of a provider's resources: a map by provider.
    pub(crate) engine_config: Option<Node>,
    /// Each is a map with a `name`.
    pub(crate) resources: Vec<Node>,
    /// Something was left out because it could not be read. What is not found here is then not missed.
    pub(crate) is_partial: bool,
}

impl Blueprint {
    pub(crate) fn is_in(&self, environment: &Name) -> bool {
        self.environments.as_ref().is_none_or(|names| names.contains(environment))
    }

    pub(crate) fn is_partial(&self, environment: &Name) -> bool {
        self.body.is_partial || self.overlays.get(environment).is_some_and(|overlay| overlay.is_partial)
    }
}

const KEYS: [&str; 5] = ["version", "name", "environments", "metadata", "resources"];
const OVERLAY_KEYS: [&str; 2] = ["metadata", "resources"];
const METADATA_KEYS: [&str; 3] = ["owner", "description", "engine_config"];

/// Reads a blueprint. `None` when it has no name; that is reported.
pub(crate) fn read(root: Node, known: &BTreeMap<Name, Environment>, registry: &Registry, report: &mut Report) -> Option<Blueprint> {
    if !section::is_map(&root, report) {
        return None;
    }
    section::only(section::entries(&root, "", report), &KEYS, "", report);
    section::version(&root, report);
    let environments = root.get("environments").map(|node| environments(node, known, report));
    let name = name(&root, report);
    let body = body(root, registry, report);
    let (name, named_at) = name?;
    Some(Blueprint { name, named_at, environments, body, overlays: BTreeMap::new() })
}

fn name(root: &Node, report: &mut Report) -> Option<(Name, Span)> {
    let node = section::required(root, "name", "", "It is the first half of every address.", report)?;
    let text = section::text(node, "name", report)?;
    let name = text.parse().map_err(|error| report.push(section::invalid_name("name", text, &error, &node.origin))).ok()?;
    Some((name, node.origin.span.clone()))
}

/// Reads an overlay: resources and metadata, and nothing that the blueprint alone may say.
pub(crate) fn read_overlay(root: Node, registry: &Registry, report: &mut Report) -> Body {
    let entries = section::entries(&root, "", report);
    for entry in entries.iter().filter(|entry| KEYS.contains(&entry.key.as_str()) && !OVERLAY_KEYS.contains(&entry.key.as_str())) {
        let detail = format!("`{}` stands in the blueprint; an overlay cannot change it.", entry.key);
        report.push(Diagnostic::error("Key of the blueprint", detail).hint("remove it here").at_origin(&entry.key_origin));
    }
    let others: Vec<Entry> = entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str())).cloned().collect();
    section::only(&others, &OVERLAY_KEYS, "", report);
    body(root, registry, report)
}

fn environments(node: &Node, known: &BTreeMap<Name, Environment>, report: &mut Report) -> Vec<Name> {
    let mut names = Vec::new();
    for item in section::items(node, "environments", report) {
        let Some(text) = section::text(item, "environments", report) else { continue };
        match text.parse() {
            Ok(name) if known.is_empty() || known.contains_key(&name) => names.push(name),
            _ => report.push(settings::unknown_environment(text, known.keys(), &item.origin)),
        }
    }
    names
}

fn body(root: Node, registry: &Registry, report: &mut Report) -> Body {
    let mut body = Body { engine_config: root.get("metadata").and_then(|node| engine_config(node, registry, report)), ..Body::default() };
    let NodeValue::Map(entries) = root.value else { return body };
    let resources = entries.into_iter().find(|entry| entry.key == "resources").map(|entry| entry.node);
    let Some(node) = resources.filter(|node| !node.is_null()) else { return body };
    section::items(&node, "resources", report);
    let NodeValue::List(items) = node.value else {
        body.is_partial = true;
        return body;
    };
    for (number, item) in items.into_iter().enumerate() {
        if is_resource(&item, &format!("resources[{number}]"), report) {
            body.resources.push(item);
        } else {
            body.is_partial = true;
        }
    }
    body
}

/// Whether an item is a map with a name. Reported if not.
fn is_resource(item: &Node, path: &str, report: &mut Report) -> bool {
    if item.as_map().is_none() {
        report.push(section::wrong_kind(item, path, "a map").hint("a resource starts with `- type: ...` or `- name: ...`"));
        return false;
    }
    let name = section::required(item, "name", path, "It is the second half of the address.", report);
    name.and_then(|name| section::text(name, &section::join(path, "name"), report)).is_some()
}

fn engine_config(node: &Node, registry: &Registry, report: &mut Report) -> Option<Node> {
    let entries = section::entries(node, "metadata", report);
    section::only(entries, &METADATA_KEYS, "metadata", report);
    if let Some(owner) = node.get("owner") {
        section::text(owner, "metadata.owner", report);
    }
    let config = node.get("engine_config")?;
    for entry in section::entries(config, "metadata.engine_config", report) {
        settings::is_provider(&entry.key, registry, &entry.key_origin, report);
        section::entries(&entry.node, &format!("metadata.engine_config.{}", entry.key), report);
    }
    config.as_map().map(|_| config.clone())
}
