//! What does a change cost a container as it is now? Facts of pve-container 6.1, `vmconfig_hotplug_pending`: what a running
//! container takes at once, what waits for its next start, and what needs it to be off.

use core_model::diff::Sides;
use core_model::plan::{FieldChange, Risk, Step};
use core_model::schema::Effect;
use serde_json::{Map, Value};

use super::makes;
use crate::container::checks::ROOT;
use crate::guest::GuestKind;

const NODE: &str = "metadata.node";

/// What the container is like.
struct Live {
    is_off: bool,
    may_restart: bool,
}

pub(super) fn weigh(changes: &mut [FieldChange], sides: &Sides<'_>) {
    let live = Live { is_off: !runs(sides.live), may_restart: spec(sides.desired, "restart") != Some(&Value::from("never")) };
    let is_there = |map: &Map<String, Value>, slot: &str| spec(map, "mounts").is_some_and(|mounts| mounts.get(slot).is_some());
    for change in changes.iter_mut().filter(|change| change.effect != Effect::Replace && change.risk != Risk::None) {
        let is_new = mount_of(&change.path).is_some_and(|(slot, _)| slot != ROOT && !is_there(sides.live, slot));
        let goes = mount_of(&change.path).is_some_and(|(slot, _)| slot != ROOT && !is_there(sides.desired, slot));
        let stays = change.path == NODE && node(sides.live) == node(sides.desired);
        (change.effect, change.risk) = match (is_new || stays, goes) {
            // A new mount point appears while the container runs; one that leaves stays in it until it starts again.
            (true, _) => (Effect::InPlace, Risk::InPlace),
            (_, true) => live.waiting(),
            _ => live.cost(change),
        };
    }
}

impl Live {
    fn cost(&self, change: &FieldChange) -> (Effect, Risk) {
        if change.path == "specs.power" {
            return (Effect::InPlace, if change.after == "off" { Risk::Restart } else { Risk::InPlace });
        }
        match change.effect {
            _ if self.is_off => (Effect::InPlace, Risk::InPlace),
            // It cannot be written and wait: with `restart: never` the plan is refused.
            _ if is_move(change) => (Effect::Restart, Risk::Restart),
            Effect::InPlace => (Effect::InPlace, change.risk),
            _ => self.waiting(),
        }
    }

    /// Of what is written and waits for a restart.
    fn waiting(&self) -> (Effect, Risk) {
        if self.may_restart && !self.is_off { (Effect::Restart, Risk::Restart) } else { (Effect::InPlace, Risk::InPlace) }
    }
}

fn spec<'m>(map: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    map.get("specs").and_then(|specs| specs.get(name))
}

fn node(map: &Map<String, Value>) -> Option<&Value> {
    map.get("metadata").and_then(|metadata| metadata.get("node"))
}

/// Whether the values say that the container runs.
fn runs(live: &Map<String, Value>) -> bool {
    spec(live, "power") != Some(&Value::from("off"))
}

/// `mp0` and `path` of `specs.mounts.mp0.path`.
fn mount_of(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("specs.mounts.")?.split_once('.')
}

/// Whether a change takes the container, or a volume that it has, to another place.
fn is_move(change: &FieldChange) -> bool {
    let is_storage = mount_of(&change.path).is_some_and(|(_, field)| field == "storage");
    change.path == NODE || (is_storage && !change.before.is_null())
}

/// The fields of a step for which a container that runs has to be off for a while.
pub(in crate::container) fn needs_it_off(step: &Step) -> Vec<&str> {
    let moves = step.changes.iter().filter(|change| !makes(step) && change.effect == Effect::Restart && is_move(change));
    moves.map(|change| change.path.as_str()).collect()
}

/// The fields that a step writes and that a container which must not be restarted does not take while it runs.
pub(super) fn waiting(step: &Step) -> Vec<&str> {
    let is = |name: &str, word: &str| spec(&step.desired, name) == Some(&Value::from(word));
    if !is("restart", "never") || is("power", "off") {
        return Vec::new();
    }
    let is_new = |change: &FieldChange| {
        let (slot, field) = mount_of(&change.path).unwrap_or_default();
        matches!(field, "path" | "size") && slot != ROOT && change.before.is_null()
    };
    let new: Vec<&str> = step.changes.iter().filter(|change| is_new(change)).filter_map(|change| Some(mount_of(&change.path)?.0)).collect();
    let waits = |change: &&FieldChange| {
        let is_usual = GuestKind::Container.field_of(&change.path).is_some_and(|field| field.effect == Effect::Restart);
        let is_of_new = mount_of(&change.path).is_some_and(|(slot, _)| new.contains(&slot));
        is_usual && change.risk != Risk::None && !is_of_new && !is_move(change)
    };
    step.changes.iter().filter(waits).map(|change| change.path.as_str()).collect()
}

pub(super) fn remarks(step: &Step) -> Vec<String> {
    let mut remarks = Vec::new();
    if !needs_it_off(step).is_empty() {
        remarks.push("A container cannot move while it runs: it is shut down, moved and started.".to_owned());
    }
    if !makes(step) && step.changes.iter().any(|change| change.path.starts_with("specs.user.")) {
        remarks.push("Proxmox sets `user` only when it makes a container: the one that exists keeps its password and keys.".to_owned());
    }
    remarks
}
