//! What would the reviewer of a guest's step not guess? What is not undone with the rest, and what is written and waits.

use core_model::plan::{Action, FieldChange, Inverse, Step};
use core_model::schema::Effect;

/// The disk of a container that cannot leave.
const ROOT: &str = "rootfs";

/// Why no step back can change it: a disk that is there and became larger. `disks` is the path under which disks stand by slot.
pub(crate) fn stays(change: &FieldChange, disks: &str) -> Option<&'static str> {
    let is_size = change.path == "specs.storage" || (change.path.starts_with(disks) && change.path.ends_with(".size"));
    let is_growth = is_size && change.effect != Effect::Replace && change.before.as_u64() < change.after.as_u64() && !change.before.is_null();
    is_growth.then_some("a disk does not shrink")
}

/// How changes of an existing guest are undone. What a disk that leaves held stays in an unused volume: a step back would make an
/// empty disk in its place. `of_effect` says how the others are.
pub(crate) fn inverse_of(changes: &[FieldChange], disks: &str, of_effect: impl Fn(Effect) -> Inverse) -> Inverse {
    if let Some(slot) = changes.iter().find_map(|change| leaving(change, disks)) {
        return Inverse::None { why: format!("the data of `{slot}` stays in an unused volume, which only a person attaches again") };
    }
    let stays = changes.iter().map(|change| stays(change, disks)).collect::<Option<Vec<&str>>>();
    match stays.as_ref().and_then(|whys| whys.first()) {
        Some(why) => Inverse::None { why: (*why).to_owned() },
        None => of_effect(changes.iter().map(|change| change.effect).max().unwrap_or(Effect::Restart)),
    }
}

/// The slot of a disk that leaves with this change: what it cannot be without is taken out.
pub(crate) fn leaving<'c>(change: &'c FieldChange, disks: &str) -> Option<&'c str> {
    let (slot, field) = change.path.strip_prefix(disks)?.split_once('.')?;
    let leaves = change.unset && !change.before.is_null() && matches!(field, "size" | "import" | "path") && slot != ROOT;
    leaves.then_some(slot)
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
