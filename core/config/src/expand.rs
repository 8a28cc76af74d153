//! Which resources does a blueprint have in an environment? Overlays, `each` and templates are applied, in this order.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use core_model::diagnostic::nearest;
use core_model::resource_type::{Registry, TypeFacts};
use core_model::tree::{Entry, Node, NodeValue};
use core_model::{Address, Diagnostic, Name};

use crate::blueprint::{Blueprint, Body};
use crate::each;
use crate::expression::OPENING;
use crate::fuel::Fuel;
use crate::limits::DEPTH_MAX;
use crate::merge::{Nulls, is_removal, merge, merge_resource, name_of, unknown_item};
use crate::render::{Deferred, Rendering};
use crate::report::Report;
use crate::section;
use crate::template::Templates;
use crate::walk;

/// A resource of an environment, before its references are filled in.
pub(crate) struct Declared<'a> {
    pub(crate) address: Address,
    pub(crate) node: Cow<'a, Node>,
    pub(crate) deferred: Vec<Deferred<'a>>,
    /// It could not be expanded, which is reported. It is there, so that what names it is not wrong as well.
    pub(crate) is_broken: bool,
}

/// What expanding needs, beside the blueprint.
pub(crate) struct Expansion<'a, 'b> {
    pub(crate) environment: &'a Name,
    pub(crate) registry: &'a Registry,
    pub(crate) templates: &'a Templates,
    pub(crate) templates_are_partial: bool,
    pub(crate) fuel: &'b mut Fuel,
}

impl<'a> Expansion<'a, '_> {
    /// The resources of `blueprint`, in the order written.
    pub(crate) fn expand(&mut self, blueprint: &'a Blueprint, report: &mut Report) -> Vec<Declared<'a>> {
        let overlay = blueprint.overlays.get(self.environment);
        let defaults = self.engine_config(&blueprint.body, overlay, report);
        let mut declared = Vec::new();
        for resource in self.overlaid(&blueprint.body, overlay, defaults.is_some(), report) {
            let keyed = match resource.get("each") {
                None => vec![resource],
                Some(each) => each::expand(&resource, each, self.fuel, report).into_iter().map(Cow::Owned).collect(),
            };
            for node in keyed {
                declared.extend(self.declare(blueprint, node, defaults.as_deref(), report));
            }
        }
        declared
    }

    fn overlaid(&mut self, base: &'a Body, overlay: Option<&'a Body>, has_defaults: bool, report: &mut Report) -> Vec<Cow<'a, Node>> {
        let Some(overlay) = overlay else { return base.resources.iter().map(Cow::Borrowed).collect() };
        let mut changes: HashMap<&str, &Node> = HashMap::new();
        for change in &overlay.resources {
            let name = name_of(change).unwrap_or_default();
            if let Some(first) = changes.insert(name, change) {
                let detail = format!("`{name}` is changed a second time; the first is at {}.", first.origin.span);
                report.push(Diagnostic::error("Duplicate resource", detail).hint("write both changes into one item").at_origin(&change.origin));
            }
        }
        let mut resources = Vec::with_capacity(base.resources.len() + overlay.resources.len());
        for resource in &base.resources {
            match changes.get(name_of(resource).unwrap_or_default()) {
                None => resources.push(Cow::Borrowed(resource)),
                Some(change) if is_removal(change, report) => {}
                Some(change) if self.fuel.spend(walk::count(resource) + walk::count(change), &change.origin, report) => {
                    let mut merged = resource.clone();
                    let has_template = change.get("template").or(resource.get("template")).is_some();
                    merge_resource(&mut merged, change, Nulls::wait_if(has_template), has_defaults, report);
                    resources.push(Cow::Owned(merged));
                }
                Some(_) => {}
            }
        }
        let known: HashSet<&str> = base.resources.iter().filter_map(name_of).collect();
        for added in overlay.resources.iter().filter(|added| !known.contains(&name_of(added).unwrap_or_default())) {
            let name = name_of(added).unwrap_or_default();
            if is_removal(added, report) {
                report.push(unknown_item(name, known.iter().copied()).at_origin(&added.origin));
            } else if added.get("type").is_none() && added.get("template").is_none() {
                report.push(unknown_resource(name, &known).at_origin(&added.origin));
            } else {
                resources.push(Cow::Borrowed(added));
            }
        }
        resources
    }

    fn engine_config(&mut self, base: &'a Body, overlay: Option<&'a Body>, report: &mut Report) -> Option<Cow<'a, Node>> {
        match (&base.engine_config, overlay.and_then(|overlay| overlay.engine_config.as_ref())) {
            (Some(base), Some(over)) => {
                let mut merged = base.clone();
                merge(&mut merged, over, Nulls::End, report);
                Some(Cow::Owned(merged))
            }
            (config, over) => config.as_ref().or(over).map(Cow::Borrowed),
        }
    }

    /// `None` when the resource has no name that could stand in an address.
    fn declare(&mut self, blueprint: &Blueprint, node: Cow<'a, Node>, defaults: Option<&Node>, report: &mut Report) -> Option<Declared<'a>> {
        let name = node.get("name")?;
        let text = section::text(name, "name", report)?;
        let resource = match text.parse() {
            Ok(resource) => resource,
            Err(_) if report.has_failed(&name.origin.span) => return None,
            Err(_) if text.contains(OPENING) => {
                let detail = format!("`{text}` is not filled in: a name can only use `${{each...}}`, where the resource has an `each`.");
                report.push(Diagnostic::error("Reference in name", detail).hint("add `each`, or write the name out").at_origin(&name.origin));
                return None;
            }
            Err(error) => {
                report.push(section::invalid_name("name", text, &error, &name.origin));
                return None;
            }
        };
        let address = Address::new(blueprint.name.clone(), resource);
        let mut declared = Declared { address, node, deferred: Vec::new(), is_broken: false };
        self.render(&mut declared, defaults.is_some(), report);
        refuse_references(&declared.node, report);
        self.add_defaults(&mut declared, defaults, report);
        if walk::depth(&declared.node) > DEPTH_MAX {
            declared.is_broken = true;
            let detail = format!("`{}` nests deeper than {DEPTH_MAX} levels once it is expanded.", declared.address);
            report.push(Diagnostic::error("Nested too deep", detail).hint("flatten it").at_origin(&declared.node.origin));
        }
        Some(declared)
    }

    fn render(&mut self, declared: &mut Declared<'a>, has_defaults: bool, report: &mut Report) {
        if declared.node.get("template").is_none() && declared.node.get("with").is_none() {
            return;
        }
        let mut rendering =
            Rendering { templates: self.templates, is_partial: self.templates_are_partial, has_defaults, fuel: self.fuel, deferred: Vec::new() };
        match rendering.render(declared.node.clone().into_owned(), report) {
            Some(rendered) => declared.node = Cow::Owned(rendered),
            None => declared.is_broken = true,
        }
        declared.deferred = rendering.deferred;
    }

    /// Puts the blueprint's defaults for the provider under the resource's own metadata.
    fn add_defaults(&mut self, declared: &mut Declared<'a>, defaults: Option<&Node>, report: &mut Report) {
        let provider = declared.node.get("provider").and_then(Node::as_text);
        let Some(defaults) = provider.and_then(|provider| defaults?.get(provider)) else { return };
        if !self.fuel.spend(walk::count(defaults), &declared.node.origin, report) {
            declared.is_broken = true;
            return;
        }
        let mut metadata = defaults.clone();
        self.leave_out_those_of_others(&declared.node, &mut metadata);
        let NodeValue::Map(entries) = &mut declared.node.to_mut().value else { return };
        match entries.iter_mut().find(|entry| entry.key == "metadata") {
            Some(entry) => {
                merge(&mut metadata, &entry.node, Nulls::End, report);
                entry.node = metadata;
            }
            None => entries.push(Entry { key: "metadata".to_owned(), key_origin: defaults.origin.clone(), node: metadata }),
        }
    }

    /// A default that another type of the provider knows, and this one does not, is for that other type.
    fn leave_out_those_of_others(&self, resource: &Node, defaults: &mut Node) {
        let text = |key: &str| resource.get(key).and_then(Node::as_text).unwrap_or_default();
        let (provider, type_name) = (text("provider"), text("type"));
        let Some(own) = self.registry.get(provider, type_name) else { return };
        let knows = |facts: &TypeFacts, key: &str| facts.metadata.iter().any(|field| field.name == key);
        let others: Vec<_> = self.registry.iter().map(|kind| kind.facts()).filter(|facts| facts.provider == provider).collect();
        if let NodeValue::Map(entries) = &mut defaults.value {
            entries.retain(|entry| knows(own.facts(), &entry.key) || !others.iter().any(|facts| knows(facts, &entry.key)));
        }
    }
}

/// Type and provider decide how everything else is read, so they are written out.
fn refuse_references(node: &Node, report: &mut Report) {
    for key in ["type", "provider"] {
        let Some(value) = node.get(key).filter(|value| value.as_text().is_some_and(|text| text.contains(OPENING))) else { continue };
        if !report.has_failed(&value.origin.span) {
            let diagnostic = Diagnostic::error("Reference not allowed here", format!("`{key}` is read before references are filled in."));
            report.push(diagnostic.hint("write it out").at_origin(&value.origin));
            report.fail(&value.origin.span);
        }
    }
}

/// The message for an overlay that changes a resource which is not there.
fn unknown_resource(name: &str, known: &HashSet<&str>) -> Diagnostic {
    let detail = format!("The blueprint has no resource `{name}` to change, and there is no `type` to make it a new one.");
    let diagnostic = Diagnostic::error("Unknown resource", detail);
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`? Names are matched as they are written in the blueprint")),
        None => diagnostic.hint("a new resource needs a type and a provider"),
    }
}
