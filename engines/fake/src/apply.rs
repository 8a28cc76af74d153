//! What does a step do to its object? A fresh read, and then only the calls that are still needed.
//!
//! Every function here can be called again after a crash or a lost reply: it finds what was done, and does the rest.

use std::collections::BTreeMap;

use core_model::Marker;
use core_model::diff::{Leaf, equal, leaves};
use core_model::plan::Action;
use core_model::resource_type::{Ownership, TypeFacts};
use engine_api::fields::{Flat, flatten};
use engine_api::{EngineError, ErrorKind, Order, Repeat};
use serde_json::Value;

use crate::observe::{is_write_only, told};
use crate::state::StoredObject;
use crate::writer::{Edits, Subject, Writer};

/// One step being carried out.
pub(crate) struct Work<'a> {
    pub(crate) facts: &'static TypeFacts,
    pub(crate) order: &'a Order,
    pub(crate) writer: Writer<'a>,
}

const NETWORKS: &str = "specs.networks";

impl Work<'_> {
    pub(crate) async fn carry_out(&self) -> Result<(), EngineError> {
        match self.order.step.action {
            Action::Adopt | Action::Move | Action::Release => Ok(()),
            Action::Create => self.create().await,
            Action::Update => self.update().await,
            Action::Restart => self.restart().await,
            Action::Replace => self.replace().await,
            Action::Delete => self.delete().await,
        }
    }

    async fn create(&self) -> Result<(), EngineError> {
        if self.always_there() {
            return self.update().await;
        }
        match self.ours()? {
            None => self.make().await,
            Some(object) => {
                let edits = self.unfinished(&object);
                if self.facts.ownership == Ownership::Recorded && self.order.applied.is_none() && !edits.is_empty() {
                    return Err(self.error(ErrorKind::Conflict, "there is another object of this name, and nothing says that it is ours"));
                }
                self.write(edits).await?;
                self.ensure_started().await
            }
        }
    }

    async fn update(&self) -> Result<(), EngineError> {
        let object = self.ours()?;
        if object.is_none() && !self.always_there() {
            return Err(self.error(ErrorKind::NotFound, "there is no such object"));
        }
        self.write(self.changed(object.as_ref())).await?;
        self.run_once().await
    }

    async fn restart(&self) -> Result<(), EngineError> {
        self.update().await?;
        let restarted = self.ours()?.is_some_and(|object| object.restarted_by == self.writer.signature());
        if restarted { Ok(()) } else { self.writer.restart(self.subject(), self.always_there()).await }
    }

    async fn replace(&self) -> Result<(), EngineError> {
        match self.ours()? {
            Some(object) if object.made_by == self.writer.signature() => return self.ensure_started().await,
            Some(_) => self.writer.delete(self.subject(), true).await?,
            None => {}
        }
        self.make().await
    }

    async fn delete(&self) -> Result<(), EngineError> {
        if self.always_there() {
            return Err(self.error(ErrorKind::Rejected, "it always exists and can only be released"));
        }
        match self.ours()? {
            Some(_) => self.writer.delete(self.subject(), false).await,
            None => Ok(()),
        }
    }

    async fn make(&self) -> Result<(), EngineError> {
        let marker = (self.facts.ownership == Ownership::Marked).then(|| self.order.marker.clone());
        self.writer.create(self.subject(), marker, self.wanted()).await?;
        self.ensure_started().await
    }

    async fn ensure_started(&self) -> Result<(), EngineError> {
        let waits = self.facts.name == "compute" && self.stored()?.is_some_and(|object| !object.running);
        if waits { self.writer.start(self.subject()).await } else { Ok(()) }
    }

    async fn write(&self, edits: Edits) -> Result<(), EngineError> {
        if edits.is_empty() { Ok(()) } else { self.writer.update(self.subject(), self.always_there(), edits).await }
    }

    /// The one-shot part of a task: carried out unless the target knows the token.
    async fn run_once(&self) -> Result<(), EngineError> {
        let asked = self.order.step.changes.iter().any(|change| change.path.starts_with("specs.once.") && !change.unset);
        let wanted = self.wanted();
        let Some(token) = wanted.get("specs.once.token").and_then(Value::as_str).filter(|_| asked && self.facts.name == "task") else {
            return Ok(());
        };
        let state = self.writer.target.look()?;
        let stored = state.object("task", self.subject().object);
        let is_logged = told(self.facts, self.subject().object, stored).get("specs.logged") == Some(&Value::Bool(true));
        let is_done = state.executions.iter().any(|execution| execution.object == self.subject().object && execution.token == token);
        match (is_logged, is_done) {
            (true, true) => Ok(()),
            (true, false) => self.writer.run(self.subject(), token, Repeat::Check).await,
            (false, _) => self.writer.run(self.subject(), token, Repeat::Never).await,
        }
    }

    /// All wanted values that the target has a place for.
    fn wanted(&self) -> Flat {
        flatten(self.facts, &self.order.desired).into_iter().filter(|(path, _)| path.starts_with("specs.")).collect()
    }

    /// What an object that we made lacks. Its creation carried what can only be written.
    fn unfinished(&self, object: &StoredObject) -> Edits {
        let leaves = leaves(self.facts, &self.order.desired);
        let live = told(self.facts, self.subject().object, Some(object));
        let lacking = leaves.iter().filter(|(path, leaf)| !is_write_only(self.facts, path) && differs(leaf, live.get(*path)));
        Edits { set: lacking.map(|(path, leaf)| (path.clone(), leaf.value.clone())).collect(), unset: Vec::new() }
    }

    /// What is left to do of the reviewed changes. Networks that were made anew are joined again.
    fn changed(&self, object: Option<&StoredObject>) -> Edits {
        let wanted = leaves(self.facts, &self.order.desired);
        let live = told(self.facts, self.subject().object, object);
        let mut edits = Edits::default();
        let reviewed = self.order.step.changes.iter().filter(|change| has_a_place(&change.path));
        for change in reviewed {
            if change.unset {
                let is_set = object.is_some_and(|object| object.fields.contains_key(&change.path));
                edits.unset.extend(is_set.then(|| change.path.clone()));
            } else {
                edits.set.extend(self.still_wanted(&wanted, &live, &change.path));
            }
        }
        edits.set.extend(self.still_wanted(&wanted, &live, NETWORKS));
        edits
    }

    fn still_wanted(&self, wanted: &BTreeMap<String, Leaf<'_>>, live: &Flat, path: &str) -> Option<(String, Value)> {
        let leaf = wanted.get(path)?;
        let needed = is_write_only(self.facts, path) || differs(leaf, live.get(path));
        needed.then(|| (path.to_owned(), leaf.value.clone()))
    }

    /// The object, if it is there and we may change it.
    fn ours(&self) -> Result<Option<StoredObject>, EngineError> {
        let Some(object) = self.stored()? else { return Ok(None) };
        if self.facts.ownership != Ownership::Marked || self.may_change(object.marker.as_ref()) {
            return Ok(Some(object));
        }
        Err(self.error(ErrorKind::Conflict, "the object is there and is not ours"))
    }

    /// Ours by its marker, or by the record: an adopted object has no marker, a moved one has its former address.
    fn may_change(&self, marker: Option<&Marker>) -> bool {
        let ours = &self.order.marker;
        let recorded = self.order.applied.is_some();
        marker.map_or(recorded, |marker| {
            marker.owner_id == ours.owner_id && marker.environment == ours.environment && (recorded || marker.address == ours.address)
        })
    }

    fn stored(&self) -> Result<Option<StoredObject>, EngineError> {
        Ok(self.writer.target.look()?.object(self.facts.name, self.subject().object).cloned())
    }

    fn always_there(&self) -> bool {
        self.facts.ownership == Ownership::Singleton
    }

    fn subject(&self) -> Subject<'_> {
        Subject { type_name: self.facts.name, object: &self.order.step.object }
    }

    fn error(&self, kind: ErrorKind, message: &str) -> EngineError {
        let step = &self.order.step;
        EngineError::new(kind, format!("{} the {} `{}`", step.action.word(), step.type_name, step.object), message)
    }
}

fn differs(leaf: &Leaf<'_>, live: Option<&Value>) -> bool {
    live.is_none_or(|live| !equal(&leaf.kind, leaf.value, live))
}

/// Metadata is the record's alone, and what is done once is not a value.
fn has_a_place(path: &str) -> bool {
    path.starts_with("specs.") && !path.starts_with("specs.once.")
}
