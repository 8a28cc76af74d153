//! Where does a path of a reference lead? One step at a time through maps, lists and parts of addresses.

use std::borrow::Cow;

use core_model::diagnostic::nearest;
use core_model::tree::{Node, NodeValue};

use crate::expression;

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) detail: String,
    pub(crate) hint: Option<String>,
}

/// Why a walk ended early.
#[derive(Debug)]
pub(crate) enum Lost {
    Missing(Missing),
    /// A value on the way could not be had, which is reported already.
    Failed,
}

/// Follows `path` from `start`, which the text calls `said`. `open` fills in a scalar on the way that is itself a reference.
pub(crate) fn walk<'a>(
    start: &'a Node,
    said: &str,
    path: &[&str],
    mut open: impl FnMut(&Node) -> Result<Option<Node>, Lost>,
) -> Result<Cow<'a, Node>, Lost> {
    let mut current = Cow::Borrowed(start);
    for (index, segment) in path.iter().enumerate() {
        if let Some(opened) = open(&current)? {
            current = Cow::Owned(opened);
        }
        let next = match &current {
            Cow::Borrowed(node) => step(node, segment).map(Cow::Borrowed),
            Cow::Owned(node) => step(node, segment).cloned().map(Cow::Owned),
        };
        current = match next {
            Some(next) => next,
            None => {
                let here = path[..index].iter().fold(said.to_owned(), |here, segment| format!("{here}.{segment}"));
                let is_last = index + 1 == path.len();
                Cow::Owned(attribute(&current, &here, segment, is_last).map_err(Lost::Missing)?)
            }
        };
    }
    Ok(current)
}

/// One step: the key of a map, the number of an item, or the name of an item.
fn step<'a>(node: &'a Node, segment: &str) -> Option<&'a Node> {
    match &node.value {
        NodeValue::Map(_) => node.get(segment),
        NodeValue::List(items) => match segment.parse::<usize>() {
            Ok(index) => items.get(index),
            Err(_) => items.iter().find(|item| item.get("name").and_then(Node::as_text) == Some(segment)),
        },
        NodeValue::Null | NodeValue::Scalar(_) => None,
    }
}

const ATTRIBUTES: [&str; 4] = ["address", "host", "network", "prefix"];

/// A part of an address with a prefix length, as a value of its own.
fn attribute(node: &Node, here: &str, word: &str, is_last: bool) -> Result<Node, Missing> {
    let NodeValue::Scalar(scalar) = &node.value else { return Err(not_there(node, here, word)) };
    let Some(text) = scalar.as_text() else {
        return Err(Missing { detail: format!("`{here}` is a secret, which has no parts."), hint: None });
    };
    if !ATTRIBUTES.contains(&word) || !is_last {
        return Err(Missing {
            detail: format!("`{here}` is a single value, which has no `{word}`."),
            hint: Some(format!("an address with a prefix length has {}", ATTRIBUTES.join(", "))),
        });
    }
    let Ok(net) = text.parse::<ipnet::IpNet>() else {
        let detail = format!("`{here}` is `{text}`, which has no `.{word}`: it is not an address with a prefix length.");
        let hint = if text.contains(expression::OPENING) { "refer to the value where it is written" } else { "for example 10.0.20.11/24" };
        return Err(Missing { detail, hint: Some(hint.to_owned()) });
    };
    let part = match word {
        "network" => net.trunc().to_string(),
        "prefix" => net.prefix_len().to_string(),
        _ => net.addr().to_string(),
    };
    Ok(Node::scalar(part, scalar.style, node.origin.clone()))
}

fn not_there(node: &Node, here: &str, word: &str) -> Missing {
    let known: Vec<&str> = match &node.value {
        NodeValue::Map(entries) => entries.iter().map(|entry| entry.key.as_str()).collect(),
        NodeValue::List(items) => items.iter().filter_map(|item| item.get("name").and_then(Node::as_text)).collect(),
        NodeValue::Null | NodeValue::Scalar(_) => Vec::new(),
    };
    let hint = match (nearest(word, known.iter().copied()), &node.value) {
        (Some(near), _) => Some(format!("did you mean `{near}`?")),
        (None, NodeValue::List(items)) => Some(format!("the list has {} items, counted from 0", items.len())),
        (None, _) if known.is_empty() => None,
        (None, _) => Some(format!("it has: {}", known.join(", "))),
    };
    Missing { detail: format!("`{here}` has no `{word}`."), hint }
}

/// How many values a tree holds.
pub(crate) fn count(node: &Node) -> usize {
    1 + match &node.value {
        NodeValue::Map(entries) => entries.iter().map(|entry| count(&entry.node)).sum(),
        NodeValue::List(items) => items.iter().map(count).sum(),
        NodeValue::Null | NodeValue::Scalar(_) => 0,
    }
}

/// How deep a tree nests.
pub(crate) fn depth(node: &Node) -> usize {
    1 + match &node.value {
        NodeValue::Map(entries) => entries.iter().map(|entry| depth(&entry.node)).max().unwrap_or(0),
        NodeValue::List(items) => items.iter().map(depth).max().unwrap_or(0),
        NodeValue::Null | NodeValue::Scalar(_) => 0,
    }
}

/// Whether a text of the tree holds `${`.
pub(crate) fn refers(node: &Node) -> bool {
    match &node.value {
        NodeValue::Null => false,
        NodeValue::Scalar(scalar) => scalar.as_text().is_some_and(|text| text.contains(expression::OPENING)),
        NodeValue::List(items) => items.iter().any(refers),
        NodeValue::Map(entries) => entries.iter().any(|entry| entry.key.contains(expression::OPENING) || refers(&entry.node)),
    }
}
