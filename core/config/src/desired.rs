//! What does a commit want in one environment? The stages in their order, from blueprints to desired resources.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use core_model::resource_type::Registry;
use core_model::state::{DesiredResource, DesiredState};
use core_model::tree::{Entry, Node, NodeValue};
use core_model::{Address, Diagnostic, Name, Origin, TargetName};

use crate::blueprint::Blueprint;
use crate::circle::report_circles;
use crate::expand::{Declared, Expansion};
use crate::follow;
use crate::fuel::Fuel;
use crate::index::Index;
use crate::limits::RESOURCES_MAX;
use crate::links::Links;
use crate::report::Report;
use crate::resolve::{Edges, Given, Resolver};
use crate::resource::{self, Decoded, Described, Describing};
use crate::rollout;
use crate::settings::{Environment, Repository};
use crate::template::Templates;

/// Everything that was read, before an environment is looked at.
pub(crate) struct Commit<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) registry: &'a Registry,
    pub(crate) blueprints: &'a [Blueprint],
    pub(crate) templates: &'a Templates,
    /// A blueprint, or an overlay, could not be read at all.
    pub(crate) blueprints_are_partial: bool,
    pub(crate) templates_are_partial: bool,
}

impl<'a> Commit<'a> {
    /// The desired state of one environment. With any error in the report it is incomplete, and must not be planned.
    pub(crate) fn desired(&self, environment: &'a Environment, report: &mut Report) -> DesiredState {
        report.next_environment(&environment.name);
        let mut fuel = Fuel::new();
        let declared = self.declared(environment, &mut fuel, report);
        let (declared, index) = self.indexed(environment, declared, report);
        let values = values(environment);
        let given = Given { environment, values: &values, secrets: &self.repository.secrets };
        let mut resolver = Resolver::new(given, &declared, &index, &mut fuel, report);
        let nodes: Vec<Option<Cow<'_, Node>>> =
            (0..declared.len()).map(|place| (!declared[place].is_broken).then(|| resolver.resource(place))).collect();
        let mut edges = resolver.into_edges();
        let described = self.described(environment, &declared, &nodes, report);
        let mut decoded = decode_all(&declared, &index, &described, nodes, report);
        follow::follow(&mut decoded, &index, report);
        for (from, decoded) in decoded.iter().enumerate() {
            for (to, origin) in &decoded.waits_for {
                edges[from].entry(*to).or_insert_with(|| origin.span.clone());
            }
        }
        rollout::add_waits(&decoded, &mut edges);
        report_circles(&declared, &edges, report);
        let resources = collected(&declared, decoded, &edges);
        report_shared_objects(&resources, report);
        report_moves(&resources, report);
        DesiredState { resources }
    }

    fn declared(&self, environment: &'a Environment, fuel: &mut Fuel, report: &mut Report) -> Vec<Declared<'a>> {
        let mut declared: Vec<Declared<'a>> = Vec::new();
        for blueprint in self.blueprints.iter().filter(|blueprint| blueprint.is_in(&environment.name)) {
            let mut expansion = Expansion {
                environment: &environment.name,
                registry: self.registry,
                templates: self.templates,
                templates_are_partial: self.templates_are_partial,
                fuel,
            };
            declared.extend(expansion.expand(blueprint, report));
            if declared.len() > RESOURCES_MAX {
                let detail = format!("The environment `{}` has more than {RESOURCES_MAX} resources.", environment.name);
                let diagnostic = Diagnostic::error("Too many resources", detail).hint("split it into several environments");
                report.push(diagnostic.at(&blueprint.named_at));
                declared.truncate(RESOURCES_MAX);
                break;
            }
        }
        declared
    }

    /// The resources by address; of two with one address the first is kept.
    fn indexed(&self, environment: &Environment, declared: Vec<Declared<'a>>, report: &mut Report) -> (Vec<Declared<'a>>, Index) {
        let partial: HashSet<Name> =
            self.blueprints.iter().filter(|blueprint| blueprint.is_partial(&environment.name)).map(|blueprint| blueprint.name.clone()).collect();
        let mut index = Index::new(partial, self.blueprints_are_partial);
        let mut unique: Vec<Declared<'a>> = Vec::with_capacity(declared.len());
        for resource in declared {
            match index.insert(&resource.address, unique.len()) {
                None => unique.push(resource),
                Some(first) => {
                    let detail = format!("`{}` is declared a second time; the first is at {}.", resource.address, unique[first].node.origin.span);
                    let diagnostic = Diagnostic::error("Duplicate resource", detail).hint("give one of them another name");
                    report.push(diagnostic.at_origin(&resource.node.origin));
                }
            }
        }
        (unique, index)
    }

    fn described(
        &self,
        environment: &Environment,
        declared: &[Declared<'_>],
        nodes: &[Option<Cow<'_, Node>>],
        report: &mut Report,
    ) -> Vec<Described> {
        let describing = Describing { registry: self.registry, repository: self.repository, environment };
        let pairs = declared.iter().zip(nodes);
        pairs.map(|(declared, node)| node.as_ref().map(|node| describing.describe(&declared.address, node, report)).unwrap_or_default()).collect()
    }
}

fn values(environment: &Environment) -> Node {
    let entries = environment.values.iter();
    let entries = entries.map(|(key, node)| Entry { key: key.clone(), key_origin: node.origin.clone(), node: node.clone() }).collect();
    Node { value: NodeValue::Map(entries), origin: Origin::new(environment.position.clone()) }
}

/// Takes the nodes, so that each is freed as soon as it is decoded.
fn decode_all(
    declared: &[Declared<'_>],
    index: &Index,
    described: &[Described],
    nodes: Vec<Option<Cow<'_, Node>>>,
    report: &mut Report,
) -> Vec<Decoded> {
    let mut decoded = Vec::with_capacity(declared.len());
    for (place, node) in nodes.into_iter().enumerate() {
        let address = &declared[place].address;
        let links = Links { blueprint: &address.blueprint, index, declared, described };
        decoded.push(match node {
            Some(node) => resource::decode(address, &node, &described[place], &links, report),
            None => Decoded { resource: None, kind: None, is_accepted: false, waits_for: Vec::new() },
        });
    }
    decoded
}

fn collected(declared: &[Declared<'_>], decoded: Vec<Decoded>, edges: &Edges) -> BTreeMap<Address, DesiredResource> {
    let resources = decoded.into_iter().zip(edges).filter_map(|(decoded, edges)| {
        let mut resource = decoded.resource?;
        resource.depends_on = edges.keys().map(|to| declared[*to].address.clone()).collect();
        Some((resource.address.clone(), resource))
    });
    resources.collect()
}

/// Two resources that would be one object on the target.
fn report_shared_objects(resources: &BTreeMap<Address, DesiredResource>, report: &mut Report) {
    let mut seen: HashMap<(&TargetName, &str, &str), &DesiredResource> = HashMap::new();
    for resource in resources.values() {
        if let Some(first) = seen.insert((&resource.target, &resource.type_name, &resource.object), resource) {
            let detail = format!(
                "`{}` and `{}` are both the {} `{}` on `{}`; the first is at {}.",
                first.address, resource.address, resource.type_name, resource.object, resource.target, first.declared_at
            );
            let diagnostic = Diagnostic::error("One object, two resources", detail).hint("give one of them another name");
            report.push(diagnostic.at(&resource.declared_at));
        }
    }
}

/// A former address must be free, and can have become one resource only.
fn report_moves(resources: &BTreeMap<Address, DesiredResource>, report: &mut Report) {
    let mut seen: HashMap<&Address, &DesiredResource> = HashMap::new();
    for resource in resources.values() {
        for former in &resource.lifecycle.was {
            let other = resources.get(former).or_else(|| seen.insert(former, resource));
            if let Some(other) = other.filter(|other| other.address != resource.address) {
                let is_taken = other.address == *former;
                let what = if is_taken { "is still declared" } else { "is also named by another resource" };
                let detail = format!("`lifecycle.was` of `{}` names `{former}`, which {what} at {}.", resource.address, other.declared_at);
                let diagnostic = Diagnostic::error("Former address in use", detail).hint("one object can only move to one address");
                report.push(diagnostic.at(&resource.declared_at));
            }
        }
    }
}
