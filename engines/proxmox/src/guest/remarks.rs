//! What would the reviewer of a guest's step not guess? What is not undone with the rest, and what is written and waits.

use core_model::plan::{Action, FieldChange, Inverse, Step};
use core_model::schema::Effect;

/// Why no step back can change it: a disk that is there and became larger. `disks` is the path under which disks stand by slot.
pub(crate) fn stays(change: &FieldChange, disks: &str) -> Option<&'static str> {
    let is_size = change.path == "specs.storage" || (change.path.starts_with(disks) && change.path.ends_with(".size"));
    let is_growth = is_size && change.effect != Effect::Replace && change.before.as_u64() < change.after.as_u64() && !change.before.is_null();
    is_growth.then_some("a disk does not shrink")
}

/// What stays as it is when the rest of a step is undone.
pub(crate) fn not_undone(step: &Step, disks: &str) -> Vec<String> {
    let stays = |change: &FieldChange| Some(format!("`{}` stays as it is if the run fails: {}", change.path, stays(change, disks)?));
    let is_undone = matches!(step.inverse, Inverse::Exact);
    step.changes.iter().filter(|_| is_undone).filter_map(stays).collect()
}

/// An update that says nothing of a restart would be read as done once it is written. `paths` are those that wait.
pub(crate) fn waiting(step: &Step, noun: &str, paths: &[&str]) -> Option<String> {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.strip_prefix("specs.").unwrap_or(path))).collect();
    let (last, others) = names.split_last().filter(|_| step.action == Action::Update)?;
    let what = if others.is_empty() { format!("{last} takes") } else { format!("{} and {last} take", others.join(", ")) };
    Some(format!("{what} effect at the {noun}'s next restart, which this plan does not make: it has `restart: never`"))
}
