//! How is a map with known keys read? The checks that ipr.yaml, blueprints and templates share.

use core_model::decode::unknown_key;
use core_model::tree::{Entry, Node, NodeValue};
use core_model::{Diagnostic, Name, Origin};

use crate::report::Report;

/// A path of keys, for messages.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The entries of a map. Anything else is reported; nothing at all is an empty map.
pub(crate) fn entries<'a>(node: &'a Node, path: &str, report: &mut Report) -> &'a [Entry] {
    if let Some(entries) = node.as_map() {
        return entries;
    }
    if !node.is_null() {
        report.push(wrong_kind(node, path, "a map"));
    }
    &[]
}

/// Whether a file is a map at all. Reported if not.
pub(crate) fn is_map(root: &Node, report: &mut Report) -> bool {
    if root.as_map().is_none() {
        report.push(wrong_kind(root, "", "a map"));
    }
    root.as_map().is_some()
}

/// The items of a list. Anything else is reported.
pub(crate) fn items<'a>(node: &'a Node, path: &str, report: &mut Report) -> &'a [Node] {
    match node.as_list() {
        Some(items) => items,
        None => {
            report.push(wrong_kind(node, path, "a list").hint("write it in brackets: [first, second]"));
            &[]
        }
    }
}

/// Reports keys that are not among `known`.
pub(crate) fn only(entries: &[Entry], known: &[&str], path: &str, report: &mut Report) {
    for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
        report.push(unknown_key(&entry.key, path, known.iter().copied()).at_origin(&entry.key_origin));
    }
}

/// The value of a key that must be there.
pub(crate) fn required<'a>(node: &'a Node, key: &str, path: &str, meaning: &str, report: &mut Report) -> Option<&'a Node> {
    match node.get(key) {
        Some(value) if !value.is_null() => Some(value),
        Some(value) => {
            report.push(Diagnostic::error("Missing value", format!("`{}` is there, but empty. {meaning}", join(path, key))).at_origin(&value.origin));
            None
        }
        None => {
            report.push(Diagnostic::error("Missing field", format!("`{}` is required. {meaning}", join(path, key))).at_origin(&node.origin));
            None
        }
    }
}

/// One text.
pub(crate) fn text<'a>(node: &'a Node, path: &str, report: &mut Report) -> Option<&'a str> {
    let text = node.as_text();
    if text.is_none() {
        let is_secret = matches!(node.value, NodeValue::Scalar(_));
        let secret = || Diagnostic::error("Secret not accepted here", format!("`{path}` cannot hold a secret.")).at_origin(&node.origin);
        report.push(if is_secret { secret() } else { wrong_kind(node, path, "one text") });
    }
    text
}

/// `true` or `false`.
pub(crate) fn boolean(node: &Node, path: &str, report: &mut Report) -> Option<bool> {
    match text(node, path, report)? {
        "true" => Some(true),
        "false" => Some(false),
        other => {
            report.push(wrong_value(path, other, &"is neither `true` nor `false`", &node.origin));
            None
        }
    }
}

/// A name that is the key of a map.
pub(crate) fn key_name(entry: &Entry, path: &str, report: &mut Report) -> Option<Name> {
    entry.key.parse().map_err(|error| report.push(invalid_name(&join(path, &entry.key), &entry.key, &error, &entry.key_origin))).ok()
}

/// `false` after a message, unless the version is the one of this language.
pub(crate) fn version(node: &Node, report: &mut Report) -> bool {
    let Some(value) = required(node, "version", "", "It is the version of the language: \"1.0\".", report) else { return false };
    if value.as_text() == Some("1.0") {
        return true;
    }
    let shown = value.as_text().map_or_else(|| value.kind().to_owned(), |text| format!("`{text}`"));
    let diagnostic = Diagnostic::error("Unknown language version", format!("`version` is {shown}, but this program reads version \"1.0\"."));
    report.push(diagnostic.hint("write version: \"1.0\", or use a newer ipr").at_origin(&value.origin));
    false
}

pub(crate) fn invalid_name(path: &str, text: &str, error: &impl std::fmt::Display, origin: &Origin) -> Diagnostic {
    let hint = match text {
        "specs" | "metadata" => "`specs` and `metadata` are words of the language",
        _ => "names are lower-case letters, digits and `-`, start with a letter, and have at most 40 characters",
    };
    Diagnostic::error("Invalid name", format!("`{path}` is `{text}`, which {error}.")).hint(hint).at_origin(origin)
}

pub(crate) fn wrong_value(path: &str, text: &str, error: &impl std::fmt::Display, origin: &Origin) -> Diagnostic {
    Diagnostic::error("Wrong value", format!("`{path}` is `{text}`, which {error}.")).at_origin(origin)
}

pub(crate) fn wrong_kind(node: &Node, path: &str, wanted: &str) -> Diagnostic {
    let place = if path.is_empty() { "The file".to_owned() } else { format!("`{path}`") };
    Diagnostic::error("Wrong kind of value", format!("{place} is {}, but must be {wanted}.", node.kind())).at_origin(&node.origin)
}
