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

/// What is wrong with a property string, a line for each part.
pub(super) fn check(parts: &Fields, text: &str) -> Result<(), String> {
    let mut seen = BTreeMap::new();
    let mut problems = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        match check_part(parts, part) {
            Ok((name, value)) => {
                let key_alias = part.split_once('=').and_then(|(key, _)| Some((key, parts.get(key)?.key_alias.clone()?)));
                if let Some((key, key_alias)) = key_alias {
                    seen.insert(key_alias, key.to_owned());
                }
                if seen.insert(name.clone(), value).is_some() {
                    problems.push(format!("duplicate key in comma-separated list property: {name}"));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        let missing = parts.iter().filter(|(name, field)| field.required && field.alias.is_none() && !seen.contains_key(*name));
        problems.extend(missing.map(|(name, _)| format!("{name}: property is missing and it is not optional")));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n") + "\n") }
}

fn check_part(parts: &Fields, part: &str) -> Result<(String, String), String> {
    let (name, value) = match part.split_once('=') {
        Some((name, value)) => (name, value),
        None => (default_name(parts).ok_or_else(|| "value without key, but schema does not define a default key".to_owned())?, part),
    };
    let field = parts.get(name).ok_or_else(|| format!("{name}: {}", super::UNKNOWN))?;
    if let Some(target) = field.alias.as_deref() {
        // `virtio=MAC` says the model and the MAC at once.
        let aliased = parts.get(target).unwrap_or(field);
        return checked(target, aliased, value);
    }
    checked(name, field, value)
}

fn checked(name: &str, field: &Field, value: &str) -> Result<(String, String), String> {
    let value = super::typed(field, value).map_err(|problem| format!("{name}: {problem}"))?;
    Ok((name.to_owned(), value))
}

fn default_name(parts: &Fields) -> Option<&str> {
    parts.iter().find(|(_, field)| field.default_key.is_some()).map(|(name, _)| name.as_str())
}
