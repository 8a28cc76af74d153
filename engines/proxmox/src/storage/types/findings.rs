//! Which mistakes does the table of fields not see? What a kind of storage does not take, or cannot be without.

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::kinds::{self, StorageKind};
use crate::checks::STORAGE_ID;

pub(super) fn of(resource: &DesiredResource) -> Vec<Finding> {
    let Some(kind) = resource.spec("kind").and_then(Value::as_str).and_then(kinds::of) else { return Vec::new() };
    let mut findings = Vec::new();
    findings.extend(name(resource));
    findings.extend(missing(resource, kind));
    findings.extend(foreign(resource, kind));
    findings.extend(contents(resource, kind));
    findings.extend(password(resource));
    findings
}

fn finding(path: impl Into<String>, summary: &'static str, detail: impl Into<String>, hint: impl Into<String>) -> Finding {
    Finding { path: path.into(), summary, detail: detail.into(), hint: Some(hint.into()) }
}

fn name(resource: &DesiredResource) -> Option<Finding> {
    let why = (STORAGE_ID.parse)(&resource.object).err()?;
    let detail = format!("`{}` cannot be the name of a storage: it {why}.", resource.object);
    Some(finding("specs.name", "Name not possible", detail, "for example nas-01"))
}

fn missing(resource: &DesiredResource, kind: &StorageKind) -> Vec<Finding> {
    let missing = kind.required.iter().filter(|field| resource.spec(field).is_none());
    missing
        .map(|field| {
            let detail = format!("A storage of the kind `{}` cannot be without `{field}`.", kind.word);
            finding(format!("specs.{field}"), "Missing field", detail, format!("a `{}` needs: {}", kind.word, kind.required.join(", ")))
        })
        .collect()
}

fn foreign(resource: &DesiredResource, kind: &StorageKind) -> Vec<Finding> {
    let fields = resource.values.get("specs").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let takes: Vec<&str> = kind.required.iter().chain(kind.optional).copied().collect();
    fields
        .filter(|field| !kind.takes(field))
        .map(|field| {
            let detail = format!("A storage of the kind `{}` has no `{field}`.", kind.word);
            finding(format!("specs.{field}"), "Field of another kind", detail, format!("a `{}` has: {}", kind.word, takes.join(", ")))
        })
        .collect()
}

fn contents(resource: &DesiredResource, kind: &StorageKind) -> Vec<Finding> {
    let wanted: Vec<&str> = resource.spec("content").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut findings = Vec::new();
    for content in wanted.iter().filter(|content| !kind.contents.contains(*content)) {
        let detail = format!("A storage of the kind `{}` cannot hold `{content}`.", kind.word);
        findings.push(finding("specs.content", "Content not possible", detail, format!("it can hold: {}", kind.contents.join(", "))));
    }
    if wanted.contains(&"none") && wanted.len() > 1 {
        findings.push(finding("specs.content", "Content not possible", "`none` stands alone.", "leave the others out, or `none`"));
    }
    if wanted.is_empty() && resource.spec("content").is_some() {
        let hint = if kind.contents.contains(&"none") { "write [none]" } else { "set `disabled: true` to keep it out of use" };
        findings.push(finding("specs.content", "Content not possible", "A storage must be for something.", hint));
    }
    findings
}

/// Proxmox ignores it without a word where there is no user.
fn password(resource: &DesiredResource) -> Option<Finding> {
    let is_lonely = resource.spec("password").is_some() && resource.spec("username").is_none();
    is_lonely.then(|| finding("specs.password", "Nobody to log in", "There is a password and no `username`.", "for example username: ops"))
}
