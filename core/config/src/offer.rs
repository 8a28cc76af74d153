//! What does a template offer to whoever fills it in? Its parameters with their limits, and the fields that they fill.

use std::collections::BTreeMap;

use core_model::Name;
use core_model::tree::{Node, NodeValue};

use crate::expression;
use crate::parameter::Parameter;
use crate::template::Template;

/// A template, as a form or a wizard may offer it.
#[derive(Debug, Clone)]
pub struct TemplateOffer {
    pub name: Name,
    pub meaning: String,
    pub provider: String,
    pub type_name: String,
    pub parameters: Vec<ParameterOffer>,
    fills: BTreeMap<String, String>,
    sets: Vec<String>,
}

/// One parameter of a template.
#[derive(Debug, Clone)]
pub struct ParameterOffer {
    parameter: Parameter,
}

impl TemplateOffer {
    /// `None` for a template whose type is another template's, or a parameter.
    pub(crate) fn of(template: &Template) -> Option<Self> {
        let text = |key: &str| template.resource.get(key).and_then(plain);
        let (mut fills, mut sets) = (BTreeMap::new(), Vec::new());
        for section in ["specs", "metadata"] {
            if let Some(node) = template.resource.get(section) {
                walk(node, section, &mut fills, &mut sets);
            }
        }
        Some(Self {
            name: template.name.clone(),
            meaning: template.meaning.clone(),
            provider: text("provider")?,
            type_name: text("type")?,
            parameters: template.parameters.iter().map(|parameter| ParameterOffer { parameter: parameter.clone() }).collect(),
            fills,
            sets,
        })
    }

    /// The parameter that is the whole value of a field: `cores` for `specs.cpu`.
    pub fn filling(&self, path: &str) -> Option<&str> {
        self.fills.get(path).map(String::as_str)
    }

    /// The fields whose whole value a parameter is.
    pub fn filled_by<'o>(&'o self, parameter: &'o str) -> impl Iterator<Item = &'o str> {
        self.fills.iter().filter(move |(_, own)| *own == parameter).map(|(path, _)| path.as_str())
    }

    /// Whether the template says something of a field.
    pub fn says(&self, path: &str) -> bool {
        self.sets.iter().any(|own| own == path || own.starts_with(&format!("{path}.")))
    }

    pub fn parameter(&self, name: &str) -> Option<&ParameterOffer> {
        self.parameters.iter().find(|parameter| parameter.name() == name)
    }
}

impl ParameterOffer {
    pub fn name(&self) -> &str {
        &self.parameter.name
    }

    pub fn meaning(&self) -> &str {
        &self.parameter.meaning
    }

    /// The value of whoever gives none.
    pub fn default(&self) -> Option<String> {
        self.parameter.default.as_ref().and_then(plain)
    }

    /// Without a default there must be a value.
    pub fn is_required(&self) -> bool {
        self.parameter.default.is_none()
    }

    /// What is taken, in words: `a size such as 8GB, from 512MB to 1TB`.
    pub fn expectation(&self) -> String {
        self.parameter.expectation("")
    }

    /// Whether a text is a value of it. The error completes the sentence "`x` ...".
    pub fn check(&self, text: &str) -> Result<(), String> {
        self.parameter.accepts(text)
    }
}

/// The text of a scalar that refers to nothing.
fn plain(node: &Node) -> Option<String> {
    let NodeValue::Scalar(scalar) = &node.value else { return None };
    scalar.as_text().filter(|text| !text.contains(expression::OPENING)).map(str::to_owned)
}

fn walk(node: &Node, path: &str, fills: &mut BTreeMap<String, String>, sets: &mut Vec<String>) {
    match &node.value {
        NodeValue::Map(entries) => entries.iter().for_each(|entry| walk(&entry.node, &format!("{path}.{}", entry.key), fills, sets)),
        NodeValue::Scalar(scalar) => {
            sets.push(path.to_owned());
            let whole = scalar.as_text().and_then(expression::whole).and_then(|inside| expression::parse(inside).ok());
            if let Some(reference) = whole.filter(|reference| reference.scope == "parameter" && reference.path.len() == 1) {
                fills.insert(path.to_owned(), reference.path[0].to_owned());
            }
        }
        NodeValue::List(_) | NodeValue::Null => sets.push(path.to_owned()),
    }
}
