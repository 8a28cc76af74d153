//! What does an engine get for a step? The step, its values with the real secrets, and what the record holds.

use core_model::Marker;
use core_model::diff::{self, Sides};
use core_model::plan::{Action, Step};
use core_model::seal::unseal;
use core_model::state::{AppliedState, ObservedState, Sight};
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

    /// Whether the effect of a step is there already. A step that only restarts or remakes cannot be seen and is not.
    pub(crate) fn is_already_so(&self, observed: &ObservedState, applied: &AppliedState, step: &Step) -> bool {
        let sight = observed.see(&step.target, &step.type_name, &step.object);
        let object = match (step.action, sight) {
            (Action::Delete, Sight::Absent) => return true,
            (Action::Create | Action::Update | Action::Restart | Action::Replace, Sight::Present(object)) => object,
            _ => return false,
        };
        if step.changes.is_empty() || (step.action == Action::Create && object.marker.is_none()) {
            return false;
        }
        let Some(kind) = self.registry.get(&step.provider, &step.type_name) else { return false };
        let nothing = Map::new();
        let sides = Sides {
            desired: &step.desired,
            applied: recorded(applied, step).map_or(&nothing, |resource| &resource.values),
            live: &object.values,
            defaults: &object.defaults,
            ignore: &[],
        };
        let differing = diff::compare(kind.facts(), &sides);
        step.changes.iter().all(|change| !differing.iter().any(|difference| difference.path == change.path))
    }
}

fn recorded<'a>(applied: &'a AppliedState, step: &Step) -> Option<&'a core_model::record::AppliedResource> {
    applied.resources.get(step.moved_from.as_ref().unwrap_or(&step.address))
}
