//! Which privileges does a step on a guest need, of whatever kind? Proxmox VE says no at the call; this says it in the plan.

use std::collections::BTreeSet;

use core_model::plan::{Action, Step};
use serde_json::Value;

use super::preflight::wanted;
use crate::preflight::{Need, makes};
use crate::reader::Guest;

/// Privileges, each with the paths of which one is enough. `by_field` says which one a change of a field needs, the first that
/// fits; `disks` is the path under which disks stand by slot.
pub(crate) fn needed(step: &Step, guest: Option<&Guest>, by_field: &[(&str, &'static str)], disks: &str) -> BTreeSet<Need> {
    let values = wanted(step);
    let text = |path: &str| values.get(path).and_then(Value::as_str);
    let pool = text("metadata.pool").map(str::to_owned).or_else(|| guest.and_then(|guest| guest.pool.clone()));
    let path = guest.map_or_else(|| "/vms".to_owned(), |guest| format!("/vms/{}", guest.vmid));
    let here: Vec<String> = std::iter::once(path).chain(pool.map(|pool| format!("/pool/{pool}"))).collect();
    let mut needed = BTreeSet::new();
    for change in &step.changes {
        let privilege =
            by_field.iter().find(|(field, _)| change.path == *field || change.path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')));
        // A new guest is made by one privilege; the others are for what is changed.
        needed.extend(privilege.filter(|_| !makes(step) || step.action == Action::Update).map(|(_, privilege)| (here.clone(), *privilege)));
    }
    if makes(step) || step.action == Action::Delete {
        needed.insert((here.clone(), "VM.Allocate"));
    }
    if makes(step) || matches!(step.action, Action::Restart | Action::Delete) {
        needed.insert((here.clone(), "VM.PowerMgmt"));
    }
    if makes(step) {
        let is_storage = |path: &str| path.starts_with(disks) && path.ends_with(".storage");
        for (_, storage) in values.iter().filter(|(path, _)| is_storage(path)) {
            needed.extend(storage.as_str().map(|storage| (vec![format!("/storage/{storage}")], "Datastore.AllocateSpace")));
        }
    }
    needed
}
