//! What is there? The repository at one commit, as the assistant may see it: files, desired state, types.

use std::collections::{BTreeMap, BTreeSet};

use core_config::{Environment, Files, Loaded, TemplateOffer};
use core_model::resource_type::{Registry, TypeFacts};
use core_model::schema::{Field, Kind, field_at};
use core_model::state::DesiredResource;
use core_model::{Address, Diagnostic, Name};
use serde_json::Value;

use crate::command::Scope;
use crate::edit::document;

/// The repository at one commit. It holds no secret and no way to change anything.
pub struct View<'a> {
    pub(crate) files: &'a Files,
    pub(crate) registry: &'a Registry,
    pub(crate) loaded: Loaded,
    /// Sets of resources that one entry with `each` stands for, by the name people use for them.
    pub(crate) groups: Vec<Group>,
}

/// Resources that one entry with `each` stands for.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// `web` for `web-${each.key}`; the blueprint's name for `${each.key}`.
    pub(crate) name: String,
    pub(crate) members: BTreeSet<Address>,
}

impl<'a> View<'a> {
    /// Loads the files of a commit with the product's own reader.
    pub fn new(files: &'a Files, registry: &'a Registry) -> Self {
        let loaded = core_config::load(files, registry);
        let mut view = Self { files, registry, loaded, groups: Vec::new() };
        view.groups = view.find_groups();
        view
    }

    /// What forbids to build on this commit.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.loaded.diagnostics.iter().filter(|diagnostic| diagnostic.is_error())
    }

    pub(crate) fn template(&self, name: &Name) -> Option<&TemplateOffer> {
        self.loaded.templates.get(name)
    }

    pub(crate) fn environments(&self) -> impl Iterator<Item = &Environment> {
        self.loaded.repository.environments.values()
    }

    pub(crate) fn environment(&self, name: &Name) -> Option<&Environment> {
        self.loaded.repository.environments.get(name)
    }

    /// Every resource with the environments it is in.
    pub(crate) fn resources(&self) -> BTreeMap<&Address, Vec<(&Name, &DesiredResource)>> {
        let mut resources: BTreeMap<&Address, Vec<_>> = BTreeMap::new();
        for environment in self.environments() {
            for (address, resource) in &environment.desired.resources {
                resources.entry(address).or_default().push((&environment.name, resource));
            }
        }
        resources
    }

    pub(crate) fn resource(&self, environment: &Name, address: &Address) -> Option<&DesiredResource> {
        self.environment(environment)?.desired.resources.get(address)
    }

    /// The environments that have all of these resources.
    pub(crate) fn environments_of(&self, addresses: &[&Address]) -> Vec<&Name> {
        let has_all = |environment: &&Environment| addresses.iter().all(|address| environment.desired.resources.contains_key(*address));
        self.environments().filter(has_all).map(|environment| &environment.name).collect()
    }

    /// A resource in the environment that is meant, or in the first that has it.
    pub(crate) fn in_scope(&self, scope: Option<&Scope>, address: &Address) -> Option<&DesiredResource> {
        match scope {
            Some(Scope::One(name)) => self.resource(name, address),
            _ => self.environments().find_map(|environment| environment.desired.resources.get(address)),
        }
    }

    pub(crate) fn facts(&self, resource: &DesiredResource) -> Option<&'static TypeFacts> {
        self.registry.get(&resource.provider, &resource.type_name).map(|kind| kind.facts())
    }

    /// The providers that some environment has a target for, and that have the type.
    pub(crate) fn providers_of(&self, type_name: &str) -> Vec<&'static str> {
        let is_used = |provider: &&str| self.environments().any(|environment| environment.targets.contains_key(*provider));
        let is_declared = |provider: &&str| self.loaded.repository.targets.values().any(|target| target.provider.as_deref() == Some(*provider));
        let all = self.registry.providers().into_iter().filter(|provider| self.registry.get(provider, type_name).is_some());
        all.filter(|provider| is_used(provider) || is_declared(provider)).collect()
    }

    pub(crate) fn group_of(&self, address: &Address) -> Option<&Group> {
        self.groups.iter().find(|group| group.members.contains(address))
    }

    fn find_groups(&self) -> Vec<Group> {
        let mut by_item: BTreeMap<&core_model::Span, BTreeSet<Address>> = BTreeMap::new();
        for environment in self.environments() {
            for (address, resource) in &environment.desired.resources {
                by_item.entry(&resource.declared_at).or_default().insert(address.clone());
            }
        }
        let groups = by_item.into_iter().filter_map(|(span, members)| {
            let text = std::str::from_utf8(self.files.get(&*span.file)?).ok()?;
            let written = document::each_name(text, span)?;
            let stem = written.replace("${each.key}", "").trim_matches(|letter: char| !letter.is_ascii_alphanumeric()).to_owned();
            let name = if stem.is_empty() { members.first()?.blueprint.as_str().to_owned() } else { stem };
            Some(Group { name, members })
        });
        groups.collect()
    }
}

/// The field that a path such as `specs.network.ip` names in a type's table.
pub(crate) fn field_of<'f>(facts: &'f TypeFacts, path: &str) -> Option<&'f Field> {
    let (root, rest) = path.split_once('.')?;
    let fields = match root {
        "specs" => facts.specs,
        "metadata" => facts.metadata,
        _ => return None,
    };
    let segments: Vec<&str> = rest.split('.').collect();
    let field = field_at(fields, &segments)?;
    let is_exact = Some(&field.name) == segments.last();
    let is_map_entry = matches!(field.kind, Kind::Map(_)) && segments.len() >= 2;
    (is_exact || is_map_entry).then_some(field)
}

/// The canonical value at a path of a resource.
pub(crate) fn value_at<'v>(resource: &'v DesiredResource, path: &str) -> Option<&'v Value> {
    let mut segments = path.split('.');
    let mut value = resource.values.get(segments.next()?)?;
    for segment in segments {
        value = value.get(segment)?;
    }
    Some(value)
}
