//! Did the edit do what was meant, and nothing else? The files are loaded again and every environment is compared.

use std::collections::{BTreeMap, BTreeSet};

use core_model::state::DesiredResource;
use core_model::{Address, Name};
use serde_json::Value;

use crate::outcome::{Refusal, RefusalReason};

use super::Editor;

/// What a change may do, by environment.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// New resources. Their values are compared with what is given here: path and canonical value.
    pub(crate) created: BTreeMap<(Name, Address), Vec<(String, Value)>>,
    pub(crate) deleted: BTreeSet<(Name, Address)>,
    /// Fields that change, with the canonical value that they must have; `None` is not checked further.
    pub(crate) changed: BTreeMap<(Name, Address), BTreeMap<String, Option<Value>>>,
}

impl Expected {
    pub(crate) fn change(&mut self, environment: &Name, address: &Address, path: &str, value: Option<Value>) {
        self.changed.entry((environment.clone(), address.clone())).or_default().insert(path.to_owned(), value);
    }
}

impl Editor<'_, '_> {
    pub(crate) fn check(&mut self) -> Result<(), Refusal> {
        let files = self.files();
        let loaded = core_config::load(&files, self.view.registry);
        if let Some(error) = loaded.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
            let place = error.span.as_ref().map(|span| format!(" ({span})")).unwrap_or_default();
            let text =
                format!("{}{place}: {}", self.language.choose("The blueprints would not load", "I blueprint non si caricherebbero"), error.detail);
            return Err(Refusal { reason: RefusalReason::NotPossible, text });
        }
        let mut mistakes = Vec::new();
        let mut followers = BTreeSet::new();
        let nothing = BTreeMap::new();
        for environment in self.view.environments() {
            let before = &environment.desired.resources;
            let after = loaded.repository.environments.get(&environment.name).map_or(&nothing, |environment| &environment.desired.resources);
            self.compare(&environment.name, before, after, &mut mistakes, &mut followers);
        }
        self.note_followers(&followers);
        match mistakes.first() {
            None => Ok(()),
            Some(mistake) => {
                let text = format!(
                    "{} ({mistake}).",
                    self.language.choose(
                        "The edited blueprints would not say exactly what was asked",
                        "I blueprint modificati non direbbero esattamente quanto richiesto"
                    )
                );
                Err(Refusal { reason: RefusalReason::NotEditable, text })
            }
        }
    }

    fn compare(
        &self,
        environment: &Name,
        before: &BTreeMap<Address, DesiredResource>,
        after: &BTreeMap<Address, DesiredResource>,
        mistakes: &mut Vec<String>,
        followers: &mut BTreeSet<Address>,
    ) {
        let key = |address: &Address| (environment.clone(), address.clone());
        for (address, resource) in after {
            match before.get(address) {
                None => match self.expected.created.get(&key(address)) {
                    None => mistakes.push(format!("`{address}` would be new")),
                    Some(values) => mistakes.extend(differences(resource, values).map(|path| format!("`{path}` of `{address}`"))),
                },
                Some(old) => self.compare_resource(&key(address), old, resource, mistakes, followers),
            }
        }
        for address in before.keys().filter(|address| !after.contains_key(*address)) {
            if !self.expected.deleted.contains(&key(address)) {
                mistakes.push(format!("`{address}` would be gone"));
            }
        }
        let of_this = |other: &&(Name, Address)| other.0 == *environment;
        mistakes.extend(
            self.expected.created.keys().filter(of_this).filter(|key| !after.contains_key(&key.1)).map(|key| format!("`{}` is missing", key.1)),
        );
        mistakes.extend(
            self.expected.deleted.iter().filter(of_this).filter(|key| after.contains_key(&key.1)).map(|key| format!("`{}` is still there", key.1)),
        );
    }

    fn compare_resource(
        &self,
        key: &(Name, Address),
        old: &DesiredResource,
        new: &DesiredResource,
        mistakes: &mut Vec<String>,
        followers: &mut BTreeSet<Address>,
    ) {
        let mut differing = Vec::new();
        different_paths(&Value::Object(old.values.clone()), &Value::Object(new.values.clone()), String::new(), &mut differing);
        let allowed = self.expected.changed.get(key);
        for path in &differing {
            let is_allowed = allowed.is_some_and(|paths| {
                paths
                    .keys()
                    .any(|own| path == own || path.starts_with(&format!("{own}.")) || is_followed(new, path, own) || goes_with(old, new, path, own))
            });
            if is_allowed {
                continue;
            }
            // What refers to a changed value changes with it.
            let follows = old.depends_on.iter().any(|other| self.expected.changed.contains_key(&(key.0.clone(), other.clone())));
            if follows {
                followers.insert(key.1.clone());
            } else {
                mistakes.push(format!("`{path}` of `{}`", key.1));
            }
        }
        for (path, value) in allowed.into_iter().flatten() {
            let now = crate::view::value_at(new, path);
            if value.as_ref().is_some_and(|value| (!value.is_null() || now.is_some()) && now != Some(value)) {
                mistakes.push(format!("`{path}` of `{}`", key.1));
            }
        }
        let is_same = old.target == new.target && old.type_name == new.type_name && old.lifecycle == new.lifecycle;
        if !is_same {
            mistakes.push(format!("`{}`", key.1));
        }
    }

    fn note_followers(&mut self, followers: &BTreeSet<Address>) {
        for follower in followers {
            self.assumptions.push(match self.language {
                crate::language::Language::English => format!("`{follower}` refers to it and changes with it."),
                crate::language::Language::Italian => format!("`{follower}` vi fa riferimento e cambia con essa."),
            });
        }
    }
}

/// Whether a value follows from a link that changes: it stands where the link does, for the author wrote nothing else.
fn is_followed(resource: &DesiredResource, path: &str, link: &str) -> bool {
    let place = |path: &str| resource.origins.iter().find(|(set, _)| set == path).map(|(_, origin)| &origin.span);
    place(path).is_some_and(|own| place(link) == Some(own))
}

/// Whether a value that followed from a link is not given any more because what stands beside it changed: a gateway, with a static address.
fn goes_with(old: &DesiredResource, new: &DesiredResource, path: &str, changed: &str) -> bool {
    let parent = |path: &str| path.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    let is_beside = parent(path).is_some() && parent(path) == parent(changed);
    let own = old.origins.iter().find(|(set, _)| set == path).map(|(_, origin)| &origin.span);
    let is_derived = own.is_some_and(|own| old.origins.iter().any(|(set, origin)| set != path && origin.span == *own));
    is_beside && is_derived && crate::view::value_at(new, path).is_none()
}

fn differences<'r>(resource: &'r DesiredResource, values: &'r [(String, Value)]) -> impl Iterator<Item = &'r str> {
    values.iter().filter(|(path, value)| crate::view::value_at(resource, path) != Some(value)).map(|(path, _)| path.as_str())
}

/// The paths at which two values differ; lists as a whole.
fn different_paths(old: &Value, new: &Value, path: String, found: &mut Vec<String>) {
    // A map that comes or goes is its entries that do.
    let (nothing, is_map) = (serde_json::Map::new(), old.is_object() || new.is_object());
    let entries = |value: &'_ Value| match value {
        Value::Object(map) => Some(map.clone()),
        Value::Null if is_map => Some(nothing.clone()),
        _ => None,
    };
    match (entries(old), entries(new)) {
        (Some(one), Some(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                different_paths(one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null), below, found);
            }
        }
        _ if old == new => {}
        _ => found.push(path),
    }
}
