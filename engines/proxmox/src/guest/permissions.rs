//! Which privileges does a step on a guest need, of whatever kind? Proxmox VE says no at the call; this says it in the plan.

use std::collections::BTreeMap;

use core_model::plan::{Action, FieldChange, Step};
use serde_json::Value;

use super::preflight::wanted;
use super::snapshot;
use crate::preflight::{Need, makes};
use crate::reader::Guest;

/// Privileges, each with the paths of which one is enough, and with the fields that ask for it. `by_field` says which one a change
/// of a field needs, the first that fits; `disks` is the path under which disks stand by slot.
pub(crate) fn needed(step: &Step, guest: Option<&Guest>, by_field: &[(&str, &'static str)], disks: &str) -> BTreeMap<Need, Vec<String>> {
    let values = wanted(step);
    let text = |path: &str| values.get(path).and_then(Value::as_str);
    let pool = text("metadata.pool").map(str::to_owned).or_else(|| guest.and_then(|guest| guest.pool.clone()));
    let path = guest.map_or_else(|| "/vms".to_owned(), |guest| format!("/vms/{}", guest.vmid));
    let here: Vec<String> = std::iter::once(path).chain(pool.map(|pool| format!("/pool/{pool}"))).collect();
    let mut needed: BTreeMap<Need, Vec<String>> = BTreeMap::new();
    let mut need =
        |paths: Vec<String>, privilege, field: Option<&str>| needed.entry((paths, privilege)).or_default().extend(field.map(str::to_owned));
    for change in &step.changes {
        let privilege =
            by_field.iter().find(|(field, _)| change.path == *field || change.path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')));
        // A new guest is made by one privilege; the others are for what is changed.
        if let Some((_, privilege)) = privilege.filter(|_| !makes(step)) {
            need(here.clone(), privilege, Some(&change.path));
        }
    }
    if makes(step) || step.action == Action::Delete {
        need(here.clone(), "VM.Allocate", None);
    }
    if makes(step) || matches!(step.action, Action::Restart | Action::Delete) {
        need(here.clone(), "VM.PowerMgmt", None);
    }
    if snapshot::is_wanted(step) {
        need(here.clone(), "VM.Snapshot", Some(snapshot::PATH));
    }
    // Of a disk that is made, moved or grown. Where its storage is not said, it is known only when the step is carried out.
    for (path, storage) in &values {
        let Some(slot) = path.strip_prefix(disks).and_then(|rest| rest.strip_suffix(".storage")) else { continue };
        let takes_space = |change: &FieldChange| {
            let field = change.path.strip_prefix(disks).and_then(|rest| rest.strip_prefix(slot)).and_then(|rest| rest.strip_prefix('.'));
            !change.unset && matches!(field, Some("size" | "storage" | "import"))
        };
        if let Some(storage) = storage.as_str().filter(|_| makes(step) || step.changes.iter().any(takes_space)) {
            need(vec![format!("/storage/{storage}")], "Datastore.AllocateSpace", Some(path));
        }
    }
    needed
}
