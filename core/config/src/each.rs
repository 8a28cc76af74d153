//! Which resources does one entry with `each` stand for? One for every key of the map, never counted.

use core_model::tree::{Entry, Node, NodeValue, Style};
use core_model::{Diagnostic, Origin};

use crate::fuel::Fuel;
use crate::report::Report;
use crate::section;
use crate::substitute::{Scope, substitute};
use crate::walk::{self, Lost, Missing};

/// The resources that `resource`, which has the map `each`, stands for. `each` itself is left out of them.
pub(crate) fn expand(resource: &Node, each: &Node, fuel: &mut Fuel, report: &mut Report) -> Vec<Node> {
    let keys = section::entries(each, "each", report);
    if keys.is_empty() && each.as_map().is_some() {
        let diagnostic = Diagnostic::warning("No key in each", "`each` has no key, so that there is no resource.");
        report.push(diagnostic.hint("add a key, or remove the resource").at_origin(&each.origin));
    }
    let template = without_each(resource);
    let keys = if keys.len() > 1 && !is_named_by_key(&template, report) { &keys[..1] } else { keys };
    let mut resources = Vec::with_capacity(keys.len());
    for entry in keys {
        if !is_field_map(entry, report) {
            continue;
        }
        if !fuel.spend(walk::count(&template), &resource.origin, report) {
            break;
        }
        let mut copy = template.clone();
        substitute(&mut copy, &EachScope { entry }, report);
        resources.push(copy);
    }
    resources
}

/// Whether the name tells the keys apart. Reported if not.
fn is_named_by_key(resource: &Node, report: &mut Report) -> bool {
    let Some(name) = resource.get("name") else { return true };
    let is_named = name.as_text().is_none_or(|text| text.contains("${each."));
    if !is_named {
        let detail = format!("Every key of `each` would make a resource `{}`.", name.as_text().unwrap_or_default());
        report.push(Diagnostic::error("Name without key", detail).hint("put ${each.key} into the name").at_origin(&name.origin));
    }
    is_named
}

fn without_each(resource: &Node) -> Node {
    let entries = resource.as_map().unwrap_or_default();
    let entries = entries.iter().filter(|entry| entry.key != "each").cloned().collect();
    Node { value: NodeValue::Map(entries), origin: resource.origin.clone() }
}

fn is_field_map(entry: &Entry, report: &mut Report) -> bool {
    let path = section::join("each", &entry.key);
    if entry.node.as_map().is_none() && !entry.node.is_null() {
        report.push(section::wrong_kind(&entry.node, &path, "a map of fields").hint(format!("for example {}: {{port: 8081}}", entry.key)));
        return false;
    }
    if let Some(field) = entry.node.as_map().unwrap_or_default().iter().find(|field| field.key == "key") {
        let diagnostic = Diagnostic::error("Reserved field", format!("`{path}.key` cannot be set: `${{each.key}}` is the key itself."));
        report.push(diagnostic.hint("choose another name for the field").at_origin(&field.key_origin));
        return false;
    }
    true
}

struct EachScope<'a> {
    entry: &'a Entry,
}

impl Scope for EachScope<'_> {
    fn word(&self) -> &'static str {
        "each"
    }

    fn value(&self, path: &[&str]) -> Result<Node, Missing> {
        let Entry { key, key_origin, node } = self.entry;
        if path == ["key"] {
            return Ok(Node::scalar(key.clone(), Style::Plain, key_origin.clone()));
        }
        if node.is_null() {
            let detail = format!("`${{each.{}}}` is not known: the key `{key}` of `each` has no fields.", path.join("."));
            return Err(Missing { detail, hint: Some(format!("write {key}: {{{}: ...}}", path.first().unwrap_or(&"field"))) });
        }
        match walk::walk(node, &format!("each.{key}"), path, |_| Ok(None)) {
            Ok(value) => Ok(value.into_owned()),
            Err(Lost::Missing(missing)) => Err(missing),
            Err(Lost::Failed) => unreachable!("a bug in the daemon: nothing is filled in on the way"),
        }
    }

    fn origin(&self, value: &Origin, used: &Origin) -> Origin {
        value.used_at("value of `each` at", used)
    }
}
