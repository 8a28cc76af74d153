//! What does an engine get for a step? The step, its values with the real secrets, and what the record holds.

use std::collections::BTreeSet;

use core_model::Marker;
use core_model::diff::{self, Sides};
use core_model::plan::{Action, Step};
use core_model::record::AppliedResource;
use core_model::resource_type::Ownership;
use core_model::seal::unseal;
use core_model::state::{AppliedState, ObservedObject, Sight};
use engine_api::Order;
use serde_json::Map;

use crate::{Executor, RunOrder};

impl Executor {
    /// The error is a sentence; it never holds a secret.
    pub(crate) fn order(&self, run: &RunOrder<'_>, step: &Step) -> Result<Order, String> {
        let desired = unseal(&step.desired, &self.fingerprint_key, self.secrets.as_ref())?;
        Ok(Order {
            step: step.clone(),
            desired,
            applied: recorded(run.applied, step).cloned(),
            marker: Marker { owner_id: self.owner_id.clone(), environment: run.plan.environment.clone(), address: step.address.clone() },
        })
    }

    /// Whether the effect of a step is there already. A step that only remakes cannot be seen and is not; nor can a restart: the
    /// values may be written and wait for it, and only the engine knows. An object that does not run is none either: it may have
    /// been made, and not been started, when a daemon was killed.
    pub(crate) fn is_already_so(&self, run: &RunOrder<'_>, step: &Step) -> bool {
        match (step.action, run.observed.see(&step.target, &step.type_name, &step.object)) {
            (Action::Delete, Sight::Absent) => true,
            (Action::Create | Action::Update | Action::Replace, Sight::Present(object)) => {
                let is_whole = !step.changes.is_empty() && object.ready != Some(false);
                is_whole && self.is_ours(run, step, object) && self.lacking(run, step, object).is_empty()
            }
            _ => false,
        }
    }

    /// Whether the target shows what a step did, as far as it can be seen: nobody changed it since.
    pub(crate) fn is_still_so(&self, run: &RunOrder<'_>, step: &Step) -> bool {
        match (step.action, run.observed.see(&step.target, &step.type_name, &step.object)) {
            (Action::Delete, Sight::Absent) => true,
            (Action::Create | Action::Update | Action::Restart | Action::Replace, Sight::Present(object)) => {
                self.is_ours(run, step, object) && self.lacking(run, step, object).iter().all(|difference| difference.is_write_only)
            }
            _ => false,
        }
    }

    /// Whether nobody could tell how the object is.
    pub(crate) fn is_unseen(&self, run: &RunOrder<'_>, step: &Step) -> bool {
        matches!(run.observed.see(&step.target, &step.type_name, &step.object), Sight::Unknown(_))
    }

    /// An object without a marker is no object of a type that is marked when it is created.
    fn is_ours(&self, run: &RunOrder<'_>, step: &Step, object: &ObservedObject) -> bool {
        let Some(marker) = &object.marker else {
            let ownership = self.registry.get(&step.provider, &step.type_name).map(|kind| kind.facts().ownership);
            return step.action != Action::Create || ownership != Some(Ownership::Marked);
        };
        let known = marker.address == step.address || step.action != Action::Create && recorded(run.applied, step).is_some();
        known && marker.owner_id == self.owner_id && marker.environment == run.plan.environment
    }

    /// The changes of a step that an object does not show.
    fn lacking(&self, run: &RunOrder<'_>, step: &Step, object: &ObservedObject) -> Vec<Lacking> {
        let Some(kind) = self.registry.get(&step.provider, &step.type_name) else { return vec![Lacking { is_write_only: false }] };
        let nothing = Map::new();
        let sides = Sides {
            desired: &step.desired,
            applied: recorded(run.applied, step).map_or(&nothing, |resource| &resource.values),
            live: &object.values,
            defaults: &object.defaults,
            ignore: &[],
        };
        let reviewed: BTreeSet<&str> = step.changes.iter().map(|change| change.path.as_str()).collect();
        let (wanted, had) = (diff::leaves(kind.facts(), sides.desired), diff::leaves(kind.facts(), sides.applied));
        let differing = diff::compare(kind.facts(), &sides);
        // As if the record had it already: what still differs then is what the target shows.
        let shown = diff::compare(kind.facts(), &Sides { applied: &step.desired, ..sides });
        let is_write_only = |path: &str| {
            let by_its_field = wanted.get(path).or_else(|| had.get(path)).is_some_and(|leaf| leaf.field.write_only);
            by_its_field || wanted.contains_key(path) && !shown.iter().any(|difference| difference.path == path)
        };
        let missing = differing.iter().filter(|difference| reviewed.contains(difference.path.as_str()));
        missing.map(|difference| Lacking { is_write_only: is_write_only(&difference.path) }).collect()
    }
}

/// A change that an object does not show.
struct Lacking {
    /// It would not show in any case.
    is_write_only: bool,
}

fn recorded<'a>(applied: &'a AppliedState, step: &Step) -> Option<&'a AppliedResource> {
    applied.resources.get(step.moved_from.as_ref().unwrap_or(&step.address))
}
