//! What does a property string such as `virtio,bridge=vmbr0` say?

use std::collections::BTreeMap;

use crate::methods::{Field, Fields};

/// The parts of a property string by name.
pub(crate) type Properties = BTreeMap<String, String>;

/// Reads a property string without checking it. The value without a name gets `default`.
pub(crate) fn parse(text: &str, default: &str) -> Properties {
    let parts = text.split(',').filter(|part| !part.is_empty());
    parts
        .map(|part| match part.split_once('=') {
            Some((name, value)) => (name.to_owned(), value.to_owned()),
            None => (default.to_owned(), part.to_owned()),
        })
        .collect()
}

/// What is wrong with a property string. Source: pve-common `JSONSchema.pm` `parse_property_string`.
pub(super) fn check(parts: &Fields, path: &str, text: &str) -> Result<(), String> {
    let given = split(parts, text)?;
    let mut problems = BTreeMap::new();
    for (name, value) in &given {
        let place = format!("{path}.{name}");
        let outcome = parts.get(name).map(|field| super::value_of(field, &place, value));
        if let Some(Err(problem)) = outcome {
            problems.insert(place, problem);
        }
    }
    for (name, field) in parts {
        if field.required && field.alias.is_none() && !given.contains_key(name) {
            problems.insert(format!("{path}.{name}"), super::MISSING.to_owned());
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    let lines: String = problems.iter().map(|(place, problem)| format!("{place}: {problem}\n")).collect();
    Err(format!("format error\n{}", lines.trim_end()))
}

/// The parts by name, aliases resolved.
fn split(parts: &Fields, text: &str) -> Result<Properties, String> {
    let mut given = Properties::new();
    let mut has_default = false;
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        let twice = |name: &str| Err(format!("duplicate key in comma-separated list property: {name}"));
        let Some((key, value)) = part.split_once('=') else {
            let default = parts.iter().find(|(_, field)| field.default_key.is_some()).map(|(name, _)| name);
            let Some(default) = default else { return Err("value without key, but schema does not define a default key".to_owned()) };
            if has_default || given.contains_key(default) {
                return twice(default);
            }
            has_default = true;
            given.insert(default.clone(), canonical(parts.get(default), part));
            continue;
        };
        if key.is_empty() || value.is_empty() {
            return Err("missing key in comma-separated list property".to_owned());
        }
        let field = parts.get(key);
        if given.contains_key(key) {
            return twice(key);
        }
        let name = match field.and_then(|field| field.alias.as_deref()) {
            Some(_) if field.and_then(|field| field.key_alias.as_ref()).is_some_and(|key_alias| given.contains_key(key_alias)) => {
                let key_alias = field.and_then(|field| field.key_alias.clone()).unwrap_or_default();
                return Err(format!("key alias '{key_alias}' is already defined"));
            }
            Some(target) if given.contains_key(target) => return Err(format!("key '{target}' is already defined (via alias)")),
            Some(target) => {
                given.extend(field.and_then(|field| field.key_alias.clone()).map(|key_alias| (key_alias, key.to_owned())));
                target
            }
            None => key,
        };
        let Some(field) = parts.get(name) else { return Err(format!("invalid key in comma-separated list property: {name}")) };
        given.insert(name.to_owned(), canonical(Some(field), value));
    }
    Ok(given)
}

/// Booleans in their one form; what is none stays as it is, for the check to find.
fn canonical(field: Option<&Field>, value: &str) -> String {
    let boolean = field.filter(|field| field.kind == "boolean").and_then(|_| super::boolean(value));
    boolean.unwrap_or(value).to_owned()
}
