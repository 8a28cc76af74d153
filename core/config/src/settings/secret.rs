//! Which secrets are there, where do they come from, and who may use them? Names only: no value is ever read here.

use std::collections::BTreeMap;

use core_model::tree::{Entry, Node};
use core_model::{Diagnostic, Name, Span};
use serde_json::{Map, Value};

use super::{Origins, by_table, table, unknown_environment};
use crate::report::Report;
use crate::section;

/// A secret by its name in ipr.yaml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretDeclaration {
    pub name: String,
    pub source: SecretSource,
    /// The environments that may use it.
    pub environments: Vec<Name>,
    pub span: Span,
}

/// Where the daemon finds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable of the daemon.
    Environment {
        variable: String,
    },
    /// A file in the daemon's folder of secrets: one path component.
    File {
        name: String,
    },
    Vault {
        path: String,
        key: String,
    },
    Sops {
        file: String,
        key: String,
    },
}

const SOURCES: [&str; 4] = ["env", "file", "vault", "sops"];
const NAME_LENGTH_MAX: usize = 64;

pub(super) fn read(node: &Node, environments: &[&Name], report: &mut Report) -> BTreeMap<String, SecretDeclaration> {
    let entries = section::entries(node, "secrets", report);
    entries.iter().filter_map(|entry| Some((entry.key.clone(), declaration(entry, environments, report)?))).collect()
}

fn declaration(entry: &Entry, known: &[&Name], report: &mut Report) -> Option<SecretDeclaration> {
    let path = format!("secrets.{}", entry.key);
    if !is_name(&entry.key) {
        let detail = format!("`{path}` is not made of at most {NAME_LENGTH_MAX} letters, digits, `_` and `-`.");
        report.push(Diagnostic::error("Invalid name", detail).hint("for example db_password").at_origin(&entry.key_origin));
        return None;
    }
    let (values, origins) = by_table(table::SECRET, &entry.node, &path, report);
    let environments = allowed(&path, entry, &values, known, report);
    let source = source(&path, entry, &values, &origins, report);
    Some(SecretDeclaration { name: entry.key.clone(), source, environments, span: entry.key_origin.span.clone() })
}

fn is_name(text: &str) -> bool {
    (1..=NAME_LENGTH_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn allowed(path: &str, entry: &Entry, values: &Map<String, Value>, known: &[&Name], report: &mut Report) -> Vec<Name> {
    let Some(listed) = entry.node.get("environments").and_then(Node::as_list) else {
        // A list that cannot be read allows nothing; it is reported.
        let is_open = entry.node.get("environments").is_none();
        return if is_open { known.iter().map(|name| (*name).clone()).collect() } else { Vec::new() };
    };
    let names: Vec<Name> = values.get("environments").cloned().and_then(|names| serde_json::from_value(names).ok()).unwrap_or_default();
    for item in listed {
        let is_known = |text: &str| known.iter().any(|name| name.as_str() == text);
        if let Some(text) = item.as_text().filter(|text| text.parse::<Name>().is_ok() && !is_known(text)) {
            report.push(unknown_environment(text, known.iter().copied(), &item.origin));
        }
    }
    if listed.is_empty() {
        let diagnostic = Diagnostic::warning("Secret nobody may use", format!("`{path}.environments` is empty."));
        report.push(diagnostic.hint("leave it out to allow every environment").at_origin(&entry.key_origin));
    }
    names
}

fn source(path: &str, entry: &Entry, values: &Map<String, Value>, origins: &Origins, report: &mut Report) -> SecretSource {
    let given: Vec<&str> = SOURCES.iter().copied().filter(|key| entry.node.get(key).is_some()).collect();
    let [key] = given.as_slice() else {
        if entry.node.as_map().is_some() || entry.node.is_null() {
            let detail = match given.as_slice() {
                [] => format!("`{path}` does not say where its value comes from."),
                several => format!("`{path}` has {} sources: {}.", several.len(), several.join(", ")),
            };
            let hint = "name exactly one of env, file, vault and sops";
            report.push(Diagnostic::error("Secret needs one source", detail).hint(hint).at_origin(&entry.key_origin));
        }
        return SecretSource::File { name: String::new() };
    };
    if let ("vault" | "sops", Some(origin)) = (*key, origins.get(&format!("{path}.{key}"))) {
        report.not_yet(format!("`{path}` comes from `{key}`, which this version cannot read."), origin);
    }
    let text = values.get(*key).and_then(Value::as_str).unwrap_or_default();
    let (front, back) = text.split_once('#').unwrap_or((text, ""));
    match *key {
        "env" => SecretSource::Environment { variable: text.to_owned() },
        "vault" => SecretSource::Vault { path: front.to_owned(), key: back.to_owned() },
        "sops" => SecretSource::Sops { file: front.to_owned(), key: back.to_owned() },
        _ => SecretSource::File { name: text.to_owned() },
    }
}
