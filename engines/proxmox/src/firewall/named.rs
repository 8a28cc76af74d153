//! How are groups, sets and aliases found, and whose are they? By their names, and by the markers in their comments.

use std::collections::BTreeSet;

use core_model::plan::{Action, Problem, Step};
use core_model::state::{Gap, ObservedObject};
use engine_api::fields::{Flat, flatten};
use engine_api::{EngineError, ErrorKind, LockDomain, ObserveScope, Wanted};
use serde_json::{Map, Value, json};

use super::mark;
use super::read::{Listed, Names};
use super::scope::Scope;
use crate::apply::Task;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Sighting, kind};
use crate::preflight::{Need, lacking, problem};
use crate::stamp;

/// Everything that is written into the cluster's file is written one after the other.
pub(super) fn lock_domain(scope: &Scope) -> LockDomain {
    LockDomain(format!("firewall/{}", scope.text()))
}

/// What is seen of one of them: below `specs`, beside its name.
pub(super) type Specs = Map<String, Value>;

/// Those of a list that are wanted or ours, and whether more than a glance at them is asked for.
pub(super) fn chosen(listed: Vec<Listed>, scope: &ObserveScope, type_name: &str) -> Vec<(Listed, bool)> {
    let is_ours = |entry: &Listed| entry.marker.as_ref().is_some_and(|marker| stamp::belongs(marker, &scope.owner_id, scope.environment.as_ref()));
    let chosen = listed.into_iter().filter_map(|entry| {
        let key = Wanted { type_name: type_name.to_owned(), object: entry.name.clone() };
        let is_wanted = scope.wanted.contains(&key);
        (is_wanted || is_ours(&entry)).then(|| (entry, is_wanted && !scope.shallow.contains(&key)))
    });
    chosen.collect()
}

/// What was seen of one of them, or why nothing was. `None`: it was glanced at.
pub(super) fn sight(sighting: &mut Sighting, type_name: &str, entry: &Listed, specs: Option<Result<Option<Specs>, EngineError>>) {
    let is_shallow = specs.is_none();
    let why = match specs.unwrap_or_else(|| Ok(Some(Specs::new()))) {
        Ok(Some(specs)) => {
            let (values, type_name) = (values(entry, specs), type_name.to_owned());
            let (name, marker) = (entry.name.clone(), entry.marker.clone());
            return sighting.objects.push(ObservedObject { type_name, name, marker, values, defaults: Map::new(), ready: None, is_shallow });
        }
        Ok(None) => "it went while it was looked at".to_owned(),
        Err(error) => error.to_string(),
    };
    sighting.gaps.push(Gap { type_name: Some(type_name.to_owned()), object: Some(entry.name.clone()), why });
}

/// None of a type could be seen.
pub(super) fn unseen(type_name: &str, error: &EngineError) -> Sighting {
    Sighting {
        objects: Vec::new(),
        gaps: vec![Gap { type_name: Some(type_name.to_owned()), object: None, why: error.to_string() }],
        ..Sighting::default()
    }
}

/// As a blueprint has them.
pub(super) fn values(entry: &Listed, mut specs: Specs) -> Map<String, Value> {
    specs.insert("name".to_owned(), json!(entry.name));
    let notes = entry.notes.as_ref().map(|notes| ("metadata".to_owned(), json!({"notes": notes})));
    [("specs".to_owned(), Value::Object(specs))].into_iter().chain(notes).collect()
}

/// One that is nobody's, for import.
pub(super) fn imported(entry: &Listed, specs: Specs, fallback: &str) -> Imported {
    let values = values(entry, specs);
    Imported { object: entry.name.clone(), fallback: format!("{fallback}-{}", entry.name), values, defaults: Map::new(), left_out: BTreeSet::new() }
}

impl Task<'_> {
    /// Everything that the author sets, by path.
    pub(super) fn firewall_values(&self) -> Flat {
        kind(&self.step().type_name).map_or_else(Flat::new, |kind| flatten(kind.resource_type().facts(), &self.order.desired))
    }

    /// Whether the step is to bring this field about. One that changes something touches what it changes alone.
    pub(super) fn touches(&self, path: &str) -> bool {
        self.step().action != Action::Update || self.step().changes.iter().any(|change| change.path == path)
    }

    /// The comment that the object is to have.
    pub(super) fn comment_of_name(&self, is_marked: bool) -> String {
        let values = self.firewall_values();
        let notes = values.get("metadata.notes").and_then(Value::as_str);
        mark::comment(notes, is_marked.then(|| self.marker()))
    }

    /// The object of a step that makes it. `None`: there is none yet.
    pub(super) async fn made_name(&self, names: Names) -> Result<Option<Listed>, EngineError> {
        let found = self.reader.named(names, self.name()).await?;
        match found {
            Some(found) if found.marker.as_ref() != Some(self.marker()) => Err(self.name_of_others(&found)),
            other => Ok(other),
        }
    }

    /// The object of a step that changes it.
    pub(super) async fn existing_name(&self, names: Names) -> Result<Listed, EngineError> {
        let gone = || self.error(ErrorKind::NotFound, format!("there is no {} `{}`", names.noun(), self.name()));
        let found = self.reader.named(names, self.name()).await?.ok_or_else(gone)?;
        self.check_our_name(&found)?;
        Ok(found)
    }

    /// The object of a step that removes it, if it is still there.
    pub(super) async fn doomed_name(&self, names: Names) -> Result<Option<Listed>, EngineError> {
        let found = self.reader.named(names, self.name()).await?;
        if let Some(found) = &found {
            self.check_our_name(found)?;
        }
        Ok(found)
    }

    /// Ours by its marker, or adopted: then the record alone knows it.
    fn check_our_name(&self, found: &Listed) -> Result<(), EngineError> {
        let is_recorded = self.order.applied.as_ref().is_some_and(|applied| applied.object == found.name);
        let is_ours = found.marker.as_ref().map_or(is_recorded, |marker| {
            let own = self.marker();
            marker.owner_id == own.owner_id && marker.environment == own.environment && (marker.address == own.address || is_recorded)
        });
        if is_ours { Ok(()) } else { Err(self.name_of_others(found)) }
    }

    fn name_of_others(&self, found: &Listed) -> EngineError {
        let whose = found
            .marker
            .as_ref()
            .map_or_else(|| "it exists and is not managed by ipr".to_owned(), |marker| format!("it carries the marker `{marker}`"));
        self.conflict(format!("{whose}; choose another name, or adopt it with `lifecycle: {{adopt: true}}`"))
    }
}

/// Who may not write the cluster's firewall is told so.
pub(super) async fn permissions(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let permissions = cluster.permissions().await?;
    let needed: Need = (vec!["/".to_owned()], "Sys.Modify");
    Ok(steps.iter().flat_map(|step| lacking(step, [needed.clone()], permissions)).collect())
}

/// Names that a step refers to and that are not there. What is made by a resource is left out: it comes first.
pub(super) fn unknown<'n>(step: &Step, path: &str, noun: &str, named: impl Iterator<Item = &'n str>, known: &[Listed]) -> Vec<Problem> {
    let missing = named.filter(|name| !known.iter().any(|listed| listed.name == *name));
    let names: Vec<&str> = known.iter().map(|listed| listed.name.as_str()).collect();
    let hint = if names.is_empty() { "there is none at all; make it first".to_owned() } else { format!("one of: {}", names.join(", ")) };
    missing.map(|name| problem(step, format!("`{path}`: the cluster has no {noun} `{name}`."), &hint)).collect()
}

/// How often a change is tried again that was refused because something else in its list was changed.
const ATTEMPTS_MAX: usize = 3;

impl Task<'_> {
    /// Writes the author's notes where they differ, with the mark that is there.
    pub(super) async fn write_comment(&self, names: Names, found: &Listed) -> Result<(), EngineError> {
        if !self.touches("metadata.notes") {
            return Ok(());
        }
        let mut found = found.clone();
        for _ in 0..ATTEMPTS_MAX {
            let comment = self.comment_of_name(found.marker.is_some());
            if mark::comment(found.notes.as_deref(), found.marker.as_ref().map(|_| self.marker())) == comment {
                return Ok(());
            }
            let parameters = vec![("comment".to_owned(), comment)];
            match self.calls.change_name(names, self.name(), parameters, found.digest.as_deref()).await {
                Err(error) if error.kind == ErrorKind::Conflict => found = self.existing_name(names).await?,
                other => return other,
            }
        }
        Err(self.conflict("the list it is in was changed again and again by somebody else; plan again"))
    }
}
