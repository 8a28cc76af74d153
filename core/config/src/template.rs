//! What does a template file hold? A resource with typed parameters.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use core_model::diagnostic::nearest;
use core_model::tree::{Node, NodeValue};
use core_model::{Diagnostic, Name};

use crate::expression::{self, Piece};
use crate::parameter::{self, Parameter};
use crate::report::Report;
use crate::section;

/// A template of one file.
pub(crate) struct Template {
    pub(crate) name: Name,
    pub(crate) meaning: String,
    pub(crate) file: Arc<str>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) resource: Node,
    /// A parameter is wrong, which is reported. Resources that use the template are left out.
    pub(crate) is_broken: bool,
}

pub(crate) type Templates = BTreeMap<Name, Template>;

const KEYS: [&str; 5] = ["version", "template", "meaning", "parameters", "resource"];
/// What the resource that uses a template says, and the template cannot.
const OF_THE_RESOURCE: [&str; 3] = ["name", "each", "remove"];

/// Reads a template. `None` after a message.
pub(crate) fn read(file: Arc<str>, root: &Node, report: &mut Report) -> Option<Template> {
    if !section::is_map(root, report) {
        return None;
    }
    section::only(section::entries(root, "", report), &KEYS, "", report);
    section::version(root, report);
    let (mut parameters, mut broken) = (Vec::new(), HashSet::new());
    for entry in root.get("parameters").map(|node| section::entries(node, "parameters", report)).unwrap_or_default() {
        match parameter::read(entry, report) {
            Some(parameter) => parameters.push(parameter),
            None => _ = broken.insert(entry.key.clone()),
        }
    }
    let node = section::required(root, "template", "", "It is the name that resources use.", report);
    let resource = section::required(root, "resource", "", "It is what the template stands for.", report)?;
    for entry in section::entries(resource, "resource", report).iter().filter(|entry| OF_THE_RESOURCE.contains(&entry.key.as_str())) {
        let detail = format!("`resource.{}` belongs to the resource that uses the template.", entry.key);
        report.push(Diagnostic::error("Key of the resource", detail).hint("remove it here").at_origin(&entry.key_origin));
    }
    let all_known = check_parameters(resource, &parameters, &broken, report);
    let node = node?;
    let text = section::text(node, "template", report)?;
    let name = text.parse().map_err(|error| report.push(section::invalid_name("template", text, &error, &node.origin))).ok()?;
    let meaning = root.get("meaning").and_then(|node| section::text(node, "meaning", report)).unwrap_or_default().to_owned();
    Some(Template { name, meaning, file, parameters, resource: resource.clone(), is_broken: !broken.is_empty() || !all_known })
}

/// Every parameter is used, and every reference to one names one. Whether the second is so.
fn check_parameters(resource: &Node, parameters: &[Parameter], broken: &HashSet<String>, report: &mut Report) -> bool {
    let (mut used, mut all_known) = (HashSet::new(), true);
    each_reference(resource, &mut |inside, node| {
        let Ok(reference) = expression::parse(inside) else { return };
        let ("parameter", Some(name)) = (reference.scope, reference.path.first()) else { return };
        used.insert((*name).to_owned());
        if !broken.contains(*name) && !parameters.iter().any(|parameter| parameter.name == *name) {
            report.push(unknown_parameter(name, parameters).at_origin(&node.origin));
            all_known = false;
        }
    });
    for parameter in parameters.iter().filter(|parameter| !used.contains(&parameter.name)) {
        let diagnostic = Diagnostic::warning("Parameter never used", format!("The template does not use `{}`.", parameter.name));
        report.push(diagnostic.hint(format!("write ${{parameter.{}}}, or remove the parameter", parameter.name)).at(&parameter.span));
    }
    all_known
}

fn each_reference(node: &Node, visit: &mut dyn FnMut(&str, &Node)) {
    match &node.value {
        NodeValue::Null => {}
        NodeValue::List(items) => items.iter().for_each(|item| each_reference(item, visit)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| each_reference(&entry.node, visit)),
        NodeValue::Scalar(scalar) => {
            for piece in expression::pieces(scalar.as_text().unwrap_or_default()) {
                if let Piece::Reference(inside) = piece {
                    visit(inside, node);
                }
            }
        }
    }
}

/// The message for a parameter that a template does not have.
pub(crate) fn unknown_parameter(name: &str, parameters: &[Parameter]) -> Diagnostic {
    let known: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let diagnostic = Diagnostic::error("Unknown parameter", format!("The template has no parameter `{name}`."));
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.hint("it has no parameters"),
        None => diagnostic.hint(format!("it has: {}", known.join(", "))),
    }
}
