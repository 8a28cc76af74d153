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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use core_model::resource_type::Registry;

    use crate::{Files, load};

    const TEMPLATE: &str = "version: \"1.0\"\ntemplate: small\nmeaning: A small machine.\nparameters:\n  cores: {type: integer, min: 1, max: 4, \
        default: 2, meaning: How many.}\n  person: {type: text}\nresource:\n  type: compute\n  provider: proxmox\n  specs: {cpu: \
        \"${parameter.cores}\", user: {name: \"${parameter.person}\"}, packages: [\"for-${parameter.person}\"]}\n";

    fn offers(template: &str) -> super::BTreeMap<core_model::Name, super::TemplateOffer> {
        let files = Files::from([("templates/small.yaml".to_owned(), template.as_bytes().to_vec())]);
        load(&files, &Registry::new([])).templates
    }

    #[test]
    fn parameters_are_told_with_their_limits_and_fields() {
        let offers = offers(TEMPLATE);
        let small = &offers[&"small".parse().unwrap()];
        assert_eq!((small.meaning.as_str(), small.type_name.as_str(), small.provider.as_str()), ("A small machine.", "compute", "proxmox"));
        let cores = small.parameter("cores").unwrap();
        assert_eq!((cores.meaning(), cores.default().as_deref(), cores.is_required()), ("How many.", Some("2"), false));
        assert_eq!((cores.check("4"), cores.check("5")), (Ok(()), Err("is more than 4".to_owned())));
        assert_eq!(cores.expectation(), "a whole number, from 1 to 4");
        assert!(small.parameter("person").unwrap().is_required());
        assert_eq!((small.filling("specs.cpu"), small.filling("specs.packages")), (Some("cores"), None));
        assert_eq!(small.filled_by("person").collect::<Vec<_>>(), ["specs.user.name"]);
        assert!(small.says("specs.packages") && small.says("specs.user") && !small.says("specs.memory"));
    }

    #[test]
    fn what_has_no_type_of_its_own_or_cannot_be_read_is_not_offered() {
        assert!(offers(&TEMPLATE.replace("type: compute", "template: other")).is_empty());
        assert!(offers(&TEMPLATE.replace("type: integer", "type: number")).is_empty());
    }
}
