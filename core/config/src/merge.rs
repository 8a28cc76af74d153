//! What is left when one map is laid over another? Maps merge, lists replace, lists of named items match by name, `null` removes a key.

use std::collections::{HashMap, HashSet};

use core_model::Diagnostic;
use core_model::tree::{Entry, Node, NodeValue};

use crate::report::Report;

/// What a `null` means whose key is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// There is nothing to remove, which is worth a warning.
    End,
    /// Something else will lie below: a template, or the blueprint's defaults. The `null` waits for it.
    Wait,
}

impl Nulls {
    pub(crate) fn wait_if(more_below: bool) -> Self {
        if more_below { Self::Wait } else { Self::End }
    }
}

/// Lays one resource over another. `below_metadata` says whether defaults will lie below the metadata.
pub(crate) fn merge_resource(base: &mut Node, over: &Node, nulls: Nulls, below_metadata: bool, report: &mut Report) {
    let NodeValue::Map(entries) = &over.value else { return };
    let waits = |entry: &&Entry| match entry.key.as_str() {
        // What these hold is used up before a template is.
        "each" | "with" | "name" | "template" => false,
        "metadata" => below_metadata || nulls == Nulls::Wait,
        _ => nulls == Nulls::Wait,
    };
    let (waiting, ended): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(waits);
    for (part, nulls) in [(ended, Nulls::End), (waiting, Nulls::Wait)] {
        let part = Node { value: NodeValue::Map(part.into_iter().cloned().collect()), origin: over.origin.clone() };
        merge(base, &part, nulls, report);
    }
}

/// Lays `over` over `base`. Every value keeps the position it was written at.
pub(crate) fn merge(base: &mut Node, over: &Node, nulls: Nulls, report: &mut Report) {
    match (&mut base.value, &over.value) {
        (NodeValue::Map(entries), NodeValue::Map(others)) => merge_maps(entries, others, nulls, report),
        (NodeValue::List(items), NodeValue::List(others)) if are_named(items) && are_named(others) => merge_items(items, others, nulls, report),
        (_, NodeValue::Map(others)) => {
            let mut entries = Vec::with_capacity(others.len());
            merge_maps(&mut entries, others, nulls, report);
            *base = Node { value: NodeValue::Map(entries), origin: over.origin.clone() };
        }
        _ => *base = over.clone(),
    }
}

fn merge_maps(base: &mut Vec<Entry>, over: &[Entry], nulls: Nulls, report: &mut Report) {
    let places: HashMap<String, usize> = base.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)).collect();
    let mut removed = HashSet::new();
    for entry in over {
        match places.get(&entry.key) {
            Some(place) if entry.node.is_null() && nulls == Nulls::End => {
                removed.insert(*place);
            }
            Some(place) => merge(&mut base[*place].node, &entry.node, nulls, report),
            None if entry.node.is_null() && nulls == Nulls::End => report.push(nothing_to_remove(&entry.key, entry)),
            None => {
                let mut node = Node { value: NodeValue::Null, origin: entry.node.origin.clone() };
                merge(&mut node, &entry.node, nulls, report);
                base.push(Entry { key: entry.key.clone(), key_origin: entry.key_origin.clone(), node });
            }
        }
    }
    retain_except(base, &removed);
}

fn merge_items(base: &mut Vec<Node>, over: &[Node], nulls: Nulls, report: &mut Report) {
    let places: HashMap<String, usize> = base.iter().enumerate().rev().filter_map(|(place, item)| Some((name_of(item)?.to_owned(), place))).collect();
    let mut removed = HashSet::new();
    for item in over {
        match name_of(item).and_then(|name| places.get(name)) {
            Some(place) if is_removal(item, report) => {
                removed.insert(*place);
            }
            Some(place) => merge(&mut base[*place], item, nulls, report),
            None if is_removal(item, report) => {
                let name = name_of(item).unwrap_or_default();
                let known = base.iter().filter_map(name_of);
                report.push(unknown_item(name, known).at_origin(&item.origin));
            }
            None => base.push(item.clone()),
        }
    }
    retain_except(base, &removed);
}

fn retain_except<T>(items: &mut Vec<T>, removed: &HashSet<usize>) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        !removed.contains(&(place - 1))
    });
}

/// Whether an item of an overlay says `remove: true`. Any other value of `remove` is reported.
pub(crate) fn is_removal(item: &Node, report: &mut Report) -> bool {
    let Some(node) = item.get("remove") else { return false };
    if node.as_text() != Some("true") {
        let diagnostic = Diagnostic::error("Wrong value", "`remove` can only be `true`.");
        report.push(diagnostic.hint("leave `remove` out to keep the item").at_origin(&node.origin));
    } else if let Some(other) = item.as_map().unwrap_or_default().iter().find(|entry| !matches!(entry.key.as_str(), "name" | "remove")) {
        let diagnostic = Diagnostic::error("Removed and changed", format!("The item is removed, so `{}` has no effect.", other.key));
        report.push(diagnostic.hint("keep `name` and `remove` only").at_origin(&other.key_origin));
    }
    true
}

/// The message for something that an overlay removes or changes, and that is not there.
pub(crate) fn unknown_item<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic = Diagnostic::error("Nothing to remove", format!("There is no `{name}` here to remove."));
    match core_model::diagnostic::nearest(name, known) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`? Names are matched as they are written in the blueprint")),
        None => diagnostic.hint("names are matched as they are written in the blueprint"),
    }
}

fn nothing_to_remove(key: &str, entry: &Entry) -> Diagnostic {
    Diagnostic::warning("Nothing to remove", format!("`{key}: null` removes a key that is not there."))
        .hint(format!("remove the line; an empty map is written `{key}: {{}}`"))
        .at_origin(&entry.key_origin)
}

fn are_named(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| name_of(item).is_some())
}

/// The name of an item as written.
pub(crate) fn name_of(item: &Node) -> Option<&str> {
    item.get("name")?.as_text()
}
