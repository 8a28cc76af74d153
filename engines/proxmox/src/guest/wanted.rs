//! Which values does a step set, and which does it take back? The paths it may touch, and nothing else.

use std::collections::BTreeSet;

use core_model::plan::Risk;
use engine_api::Order;
use engine_api::fields::{Flat, flatten};
use serde_json::Value;

use super::GuestKind;

/// What a step is to bring about.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    kind: GuestKind,
    /// Everything the author sets, by path, with the real secrets. Never logged.
    desired: Flat,
    /// The paths that the step touches.
    touched: BTreeSet<String>,
}

impl Wanted {
    /// Everything that is set: for a guest that is made.
    pub(crate) fn all(order: &Order) -> Self {
        let kind = GuestKind::of_type(&order.step.type_name);
        let desired = flatten(kind.facts(), &order.desired);
        Self { kind, touched: desired.keys().cloned().collect(), desired }
    }

    /// What the step changes.
    pub(crate) fn changes(order: &Order) -> Self {
        let kind = GuestKind::of_type(&order.step.type_name);
        let desired = flatten(kind.facts(), &order.desired);
        Self { kind, touched: order.step.changes.iter().map(|change| change.path.clone()).collect(), desired }
    }

    pub(crate) fn touches(&self, path: &str) -> bool {
        self.touched.contains(path)
    }

    /// Whether something at or below one of the paths is touched.
    pub(crate) fn touches_any(&self, prefixes: &[&str]) -> bool {
        self.touched.iter().any(|path| prefixes.iter().any(|prefix| is_at_or_below(path, prefix)))
    }

    /// What the author sets, touched or not.
    pub(crate) fn value(&self, path: &str) -> Option<&Value> {
        self.desired.get(path)
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.value(path).and_then(Value::as_str)
    }

    pub(crate) fn bytes(&self, path: &str) -> Option<u64> {
        self.value(path).and_then(Value::as_u64)
    }

    pub(crate) fn is_set(&self, path: &str) -> bool {
        self.value(path) == Some(&Value::Bool(true))
    }

    /// Whether the author says anything at or below the path.
    pub(crate) fn says(&self, prefix: &str) -> bool {
        self.desired.keys().any(|path| is_at_or_below(path, prefix))
    }

    /// The slots below a path that the author says something of.
    pub(crate) fn slots(&self, group: &str) -> BTreeSet<String> {
        slots_of(self.desired.keys(), group)
    }

    /// The slots below a path that are touched, `specs.disks` has `scsi1`.
    pub(crate) fn touched_slots(&self, group: &str) -> BTreeSet<String> {
        slots_of(self.touched.iter(), group)
    }

    /// Everything that the cluster can be told, without what the record alone keeps.
    pub(crate) fn touches_the_cluster(&self) -> bool {
        // A disk of which only its image was said can leave, too.
        self.touched.iter().any(|path| !self.is_noted(path) || path.starts_with("specs.disks."))
    }

    /// For the record alone: it is neither told nor read back.
    fn is_noted(&self, path: &str) -> bool {
        self.kind.field_of(path).is_some_and(|field| field.write_only && field.risk == Some(Risk::None))
    }
}

fn slots_of<'p>(paths: impl Iterator<Item = &'p String>, group: &str) -> BTreeSet<String> {
    paths.filter_map(|path| path.strip_prefix(group)?.strip_prefix('.')?.split_once('.').map(|(slot, _)| slot.to_owned())).collect()
}

fn is_at_or_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
impl Wanted {
    /// Of a machine: sets and touches the given values, and touches the given paths without setting them.
    pub(crate) fn of(set: &[(&str, Value)], unset: &[&str]) -> Self {
        Self::of_kind(GuestKind::Machine, set, unset)
    }

    /// [`Wanted::of`] for a container.
    pub(crate) fn of_container(set: &[(&str, Value)], unset: &[&str]) -> Self {
        Self::of_kind(GuestKind::Container, set, unset)
    }

    fn of_kind(kind: GuestKind, set: &[(&str, Value)], unset: &[&str]) -> Self {
        let desired: Flat = set.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect();
        Self { kind, touched: desired.keys().cloned().chain(unset.iter().map(|path| (*path).to_owned())).collect(), desired }
    }
}
