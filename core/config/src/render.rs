//! What does a resource that uses a template stand for? The template with the values filled in, and the resource's own keys over it.

use std::collections::BTreeMap;
use std::sync::Arc;

use core_model::diagnostic::nearest;
use core_model::tree::{Entry, Node, NodeValue};
use core_model::{Diagnostic, Name, Origin};

use crate::fuel::Fuel;
use crate::limits::TEMPLATE_DEPTH_MAX;
use crate::merge::{Nulls, merge_resource};
use crate::parameter::Parameter;
use crate::report::Report;
use crate::section;
use crate::substitute::{Scope, substitute};
use crate::template::{Template, Templates, unknown_parameter};
use crate::walk::{self, Lost, Missing};

/// A value given to a parameter whose references are not filled in yet. It is checked when they are.
pub(crate) struct Deferred<'a> {
    pub(crate) parameter: &'a Parameter,
    pub(crate) value: Node,
}

/// What rendering needs, beside the resource.
pub(crate) struct Rendering<'a, 'b> {
    pub(crate) templates: &'a Templates,
    /// Some template could not be read: one that is not found may be the one.
    pub(crate) is_partial: bool,
    /// The blueprint's defaults will lie below the metadata.
    pub(crate) has_defaults: bool,
    pub(crate) fuel: &'b mut Fuel,
    pub(crate) deferred: Vec<Deferred<'a>>,
}

impl<'a> Rendering<'a, '_> {
    /// Replaces `template` and `with` by what they stand for; the resource's own keys lie over it. `None` after a message.
    pub(crate) fn render(&mut self, resource: Node, report: &mut Report) -> Option<Node> {
        self.nested(resource, &mut Vec::new(), report)
    }

    fn nested(&mut self, resource: Node, chain: &mut Vec<&'a str>, report: &mut Report) -> Option<Node> {
        let Some(used) = resource.get("template") else {
            if let Some(with) = resource.as_map().and_then(|entries| entries.iter().find(|entry| entry.key == "with")) {
                let diagnostic = Diagnostic::error("Values without template", "`with` gives values to a template, but none is named.");
                report.push(diagnostic.hint("add template: <name>, or remove `with`").at_origin(&with.key_origin));
                return None;
            }
            return Some(resource);
        };
        let template = self.find(used, report).filter(|template| !template.is_broken)?;
        if let Some(diagnostic) = endless(template.name.as_str(), chain) {
            report.push(diagnostic.at_origin(&used.origin));
            return None;
        }
        chain.push(template.name.as_str());
        if !self.fuel.spend(walk::count(&template.resource), &used.origin, report) {
            return None;
        }
        let values = self.values(template, &resource, &used.origin, report)?;
        let mut rendered = template.resource.clone();
        substitute(&mut rendered, &ParameterScope { template, values: &values }, report);
        place(&mut rendered, template, &used.origin);
        let mut rendered = self.nested(rendered, chain, report)?;
        let own = resource.as_map().unwrap_or_default();
        let own: Vec<Entry> = own.iter().filter(|entry| !matches!(entry.key.as_str(), "template" | "with")).cloned().collect();
        let own = Node { value: NodeValue::Map(own), origin: resource.origin.clone() };
        merge_resource(&mut rendered, &own, Nulls::End, self.has_defaults, report);
        Some(Node { value: rendered.value, origin: resource.origin })
    }

    fn find(&self, used: &Node, report: &mut Report) -> Option<&'a Template> {
        let text = section::text(used, "template", report)?;
        let found = text.parse::<Name>().ok().and_then(|name| self.templates.get(&name));
        if found.is_none() && !self.is_partial {
            let known = self.templates.keys().map(Name::as_str);
            let diagnostic = Diagnostic::error("Unknown template", format!("The template `{text}` does not exist at this commit."));
            let diagnostic = match nearest(text, known) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None => diagnostic.hint(format!("write templates/{text}.yaml, or name another template")),
            };
            report.push(diagnostic.at_origin(&used.origin));
        }
        found
    }

    /// The value of every parameter: given, or its default. `None` when one is missing.
    fn values(&mut self, template: &'a Template, resource: &Node, used: &Origin, report: &mut Report) -> Option<BTreeMap<&'a str, Node>> {
        let given = resource.get("with").map(|with| section::entries(with, "with", report)).unwrap_or_default();
        let mut values = BTreeMap::new();
        for entry in given {
            let Some(parameter) = template.parameters.iter().find(|parameter| parameter.name == entry.key) else {
                report.push(unknown_parameter(&entry.key, &template.parameters).at_origin(&entry.key_origin));
                continue;
            };
            if walk::refers(&entry.node) {
                self.deferred.push(Deferred { parameter, value: entry.node.clone() });
            } else {
                parameter.check(&entry.node, &section::join("with", &entry.key), report);
            }
            values.insert(parameter.name.as_str(), entry.node.clone());
        }
        let mut is_complete = true;
        for parameter in template.parameters.iter().filter(|parameter| !given.iter().any(|entry| entry.key == parameter.name)) {
            let Some(default) = &parameter.default else {
                is_complete = false;
                let diagnostic = Diagnostic::error("Missing parameter", format!("The template `{}` needs `{}`.", template.name, parameter.name));
                report.push(diagnostic.hint(format!("add it to `with`: {{{}: ...}}", parameter.name)).at_origin(used));
                continue;
            };
            values.insert(parameter.name.as_str(), default.clone());
        }
        is_complete.then_some(values)
    }
}

/// The message for a template that leads back to itself, or too deep.
fn endless(name: &str, chain: &[&str]) -> Option<Diagnostic> {
    let way = || chain.iter().map(|name| format!("`{name}`, which uses ")).collect::<String>();
    if chain.contains(&name) {
        let detail = format!("The resource uses {}`{name}` again.", way());
        return Some(Diagnostic::error("Template uses itself", detail).hint("write one of the templates out"));
    }
    (chain.len() >= TEMPLATE_DEPTH_MAX).then(|| {
        let detail = format!("The resource uses {}`{name}`: more than {TEMPLATE_DEPTH_MAX} templates.", way());
        Diagnostic::error("Templates nest too deep", detail).hint("write one of the templates out")
    })
}

/// What a template wrote shows the place that uses it first, and then the line of the template.
fn place(node: &mut Node, template: &Template, used: &Origin) {
    let what: Arc<str> = format!("template `{}` at", template.name).into();
    place_below(node, &template.file, &what, used);
}

fn place_below(node: &mut Node, file: &Arc<str>, what: &Arc<str>, used: &Origin) {
    let placed = |origin: &mut Origin| {
        if origin.span.file == *file {
            *origin = origin.used_at(what.clone(), used);
        }
    };
    placed(&mut node.origin);
    match &mut node.value {
        NodeValue::Null | NodeValue::Scalar(_) => {}
        NodeValue::List(items) => items.iter_mut().for_each(|item| place_below(item, file, what, used)),
        NodeValue::Map(entries) => {
            for entry in entries {
                placed(&mut entry.key_origin);
                place_below(&mut entry.node, file, what, used);
            }
        }
    }
}

struct ParameterScope<'a> {
    template: &'a Template,
    values: &'a BTreeMap<&'a str, Node>,
}

impl Scope for ParameterScope<'_> {
    fn word(&self) -> &'static str {
        "parameter"
    }

    fn value(&self, path: &[&str]) -> Result<Node, Missing> {
        let Some((value, rest)) = path.split_first().and_then(|(name, rest)| Some((self.values.get(name)?, rest))) else {
            return Err(Missing { detail: format!("`{}` is not a parameter.", path.join(".")), hint: None });
        };
        match walk::walk(value, &format!("parameter.{}", path[0]), rest, |_| Ok(None)) {
            Ok(value) => Ok(value.into_owned()),
            Err(Lost::Missing(missing)) => Err(missing),
            Err(Lost::Failed) => unreachable!("a bug in the daemon: nothing is filled in on the way"),
        }
    }

    /// The value that was given comes first: that is what the author of the resource changes.
    fn origin(&self, value: &Origin, used: &Origin) -> Origin {
        if value.span.file == self.template.file {
            return used.clone();
        }
        used.used_at(format!("template `{}` at", self.template.name), value)
    }
}
