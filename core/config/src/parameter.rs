//! Which values does a parameter of a template take? A type, and limits.

use core_model::diagnostic::nearest;
use core_model::tree::{Entry, Node, NodeValue};
use core_model::units::{Size, Span as Duration};
use core_model::{Diagnostic, Span};

use crate::report::Report;
use crate::section;

/// A parameter of a template.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) meaning: String,
    kind: ParameterKind,
    words: Vec<String>,
    min: Option<Limit>,
    max: Option<Limit>,
    pub(crate) default: Option<Node>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParameterKind {
    Text,
    Word,
    Integer,
    Size,
    Duration,
    Boolean,
    Cidr,
    Ip,
}

/// A limit as a number to compare with, and as it was written.
#[derive(Debug, Clone)]
struct Limit {
    number: i128,
    written: String,
}

const KINDS: [(&str, ParameterKind); 8] = [
    ("text", ParameterKind::Text),
    ("word", ParameterKind::Word),
    ("integer", ParameterKind::Integer),
    ("size", ParameterKind::Size),
    ("duration", ParameterKind::Duration),
    ("boolean", ParameterKind::Boolean),
    ("cidr", ParameterKind::Cidr),
    ("ip", ParameterKind::Ip),
];
const KEYS: [&str; 7] = ["type", "default", "required", "min", "max", "words", "meaning"];

/// Reads the declaration of a parameter. `None` after a message.
pub(crate) fn read(entry: &Entry, report: &mut Report) -> Option<Parameter> {
    let path = section::join("parameters", &entry.key);
    if entry.key.is_empty() || !entry.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        let diagnostic = Diagnostic::error("Invalid name", format!("`{path}` is not made of letters, digits, `_` and `-`."));
        report.push(diagnostic.hint("for example disk_size").at_origin(&entry.key_origin));
        return None;
    }
    section::only(section::entries(&entry.node, &path, report), &KEYS, &path, report);
    let kind = kind(&entry.node, &path, report)?;
    let mut parameter = Parameter {
        name: entry.key.clone(),
        meaning: entry
            .node
            .get("meaning")
            .and_then(|node| section::text(node, &section::join(&path, "meaning"), report))
            .unwrap_or_default()
            .to_owned(),
        kind,
        words: words(&entry.node, kind, &path, report),
        min: limit(&entry.node, "min", kind, &path, report),
        max: limit(&entry.node, "max", kind, &path, report),
        default: None,
        span: entry.key_origin.span.clone(),
    };
    parameter.default = default(entry, &parameter, &path, report);
    Some(parameter)
}

fn kind(node: &Node, path: &str, report: &mut Report) -> Option<ParameterKind> {
    let node = section::required(node, "type", path, "It says which values the parameter takes.", report)?;
    let text = section::text(node, &section::join(path, "type"), report)?;
    let found = KINDS.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind);
    if found.is_none() {
        let words = KINDS.map(|(word, _)| word);
        let hint = nearest(text, words).map_or_else(|| format!("one of: {}", words.join(", ")), |near| format!("did you mean `{near}`?"));
        report.push(section::wrong_value(&section::join(path, "type"), text, &"is not a type of parameters", &node.origin).hint(hint));
    }
    found
}

fn words(node: &Node, kind: ParameterKind, path: &str, report: &mut Report) -> Vec<String> {
    let path = section::join(path, "words");
    match (node.get("words"), kind) {
        (Some(words), ParameterKind::Word) => {
            section::items(words, &path, report).iter().filter_map(|word| section::text(word, &path, report).map(str::to_owned)).collect()
        }
        (Some(words), _) => {
            let diagnostic = Diagnostic::error("Limit without meaning", format!("`{path}` is for parameters of the type `word`."));
            report.push(diagnostic.hint("write type: word").at_origin(&words.origin));
            Vec::new()
        }
        (None, ParameterKind::Word) => {
            let diagnostic = Diagnostic::error("Missing field", format!("`{path}` is required. It lists the words that may be used."));
            report.push(diagnostic.hint("for example words: [small, large]").at_origin(&node.origin));
            Vec::new()
        }
        (None, _) => Vec::new(),
    }
}

fn limit(node: &Node, key: &str, kind: ParameterKind, path: &str, report: &mut Report) -> Option<Limit> {
    let path = section::join(path, key);
    let node = node.get(key)?;
    let text = section::text(node, &path, report)?;
    match number(kind, text) {
        Some(Ok(number)) => Some(Limit { number, written: text.to_owned() }),
        Some(Err(problem)) => {
            report.push(section::wrong_value(&path, text, &problem, &node.origin));
            None
        }
        None => {
            let diagnostic =
                Diagnostic::error("Limit without meaning", format!("`{path}` is for parameters of the types integer, size and duration."));
            report.push(diagnostic.hint("remove it").at_origin(&node.origin));
            None
        }
    }
}

fn default(entry: &Entry, parameter: &Parameter, path: &str, report: &mut Report) -> Option<Node> {
    let default = entry.node.get("default").filter(|node| !node.is_null());
    let required: Option<bool> = entry.node.get("required").and_then(|node| section::boolean(node, &section::join(path, "required"), report));
    let contradiction = match (required, default) {
        (Some(true), Some(_)) => Some("is required, so that its default is never used"),
        (Some(false), None) => Some("is not required, but has no default"),
        _ => None,
    };
    if let Some(contradiction) = contradiction {
        let diagnostic = Diagnostic::error("Contradicting parameter", format!("`{path}` {contradiction}."));
        report.push(diagnostic.hint("a parameter with a default is optional, one without is required").at_origin(&entry.key_origin));
    }
    let node = default?;
    parameter.check(node, &section::join(path, "default"), report).then(|| node.clone())
}

/// The value as a number to compare with limits; `None` for types that have none.
fn number(kind: ParameterKind, text: &str) -> Option<Result<i128, String>> {
    match kind {
        ParameterKind::Integer => Some(text.parse::<i64>().map(i128::from).map_err(|_| "is not a whole number".to_owned())),
        ParameterKind::Size => Some(text.parse::<Size>().map(|size| i128::from(size.bytes)).map_err(|error| error.to_string())),
        ParameterKind::Duration => Some(text.parse::<Duration>().map(|span| i128::from(span.milliseconds)).map_err(|error| error.to_string())),
        _ => None,
    }
}

impl Parameter {
    /// Whether `node` is a value of this parameter; reported as `path` if not. Its references must be filled in.
    pub(crate) fn check(&self, node: &Node, path: &str, report: &mut Report) -> bool {
        let text = match (&node.value, self.kind) {
            (NodeValue::Scalar(scalar), kind) => match scalar.as_text() {
                Some(text) => text,
                None if kind == ParameterKind::Text => return true,
                None => {
                    let diagnostic = Diagnostic::error("Secret not accepted here", format!("`{path}` is a secret, whose value cannot be checked."));
                    report.push(diagnostic.hint("only parameters of the type text can be secrets").at_origin(&node.origin));
                    return false;
                }
            },
            _ => {
                report.push(section::wrong_kind(node, path, "one text"));
                return false;
            }
        };
        let Err(problem) = self.accepts(text) else { return true };
        report.push(section::wrong_value(path, text, &problem, &node.origin).hint(self.expectation(text)));
        false
    }

    pub(crate) fn accepts(&self, text: &str) -> Result<(), String> {
        if let Some(number) = number(self.kind, text) {
            return self.within(number?);
        }
        let is_right = match self.kind {
            ParameterKind::Word => self.words.iter().any(|word| word == text),
            ParameterKind::Boolean => matches!(text, "true" | "false"),
            ParameterKind::Cidr => text.parse::<ipnet::IpNet>().is_ok(),
            ParameterKind::Ip => text.parse::<std::net::IpAddr>().is_ok(),
            _ => true,
        };
        if is_right { Ok(()) } else { Err("is not a value of this parameter".to_owned()) }
    }

    fn within(&self, number: i128) -> Result<(), String> {
        match (&self.min, &self.max) {
            (Some(min), _) if number < min.number => Err(format!("is less than {}", min.written)),
            (_, Some(max)) if number > max.number => Err(format!("is more than {}", max.written)),
            _ => Ok(()),
        }
    }

    pub(crate) fn expectation(&self, text: &str) -> String {
        let what = match self.kind {
            ParameterKind::Text => "a text",
            ParameterKind::Word => {
                let near = nearest(text, self.words.iter().map(String::as_str));
                return near.map_or_else(|| format!("one of: {}", self.words.join(", ")), |near| format!("did you mean `{near}`?"));
            }
            ParameterKind::Integer => "a whole number",
            ParameterKind::Size => "a size such as 8GB",
            ParameterKind::Duration => "a duration such as 30s",
            ParameterKind::Boolean => "true or false",
            ParameterKind::Cidr => "an address with a prefix length such as 10.0.20.11/24",
            ParameterKind::Ip => "an IP address",
        };
        match (&self.min, &self.max) {
            (Some(min), Some(max)) => format!("{what}, from {} to {}", min.written, max.written),
            (Some(min), None) => format!("{what}, at least {}", min.written),
            (None, Some(max)) => format!("{what}, at most {}", max.written),
            (None, None) => what.to_owned(),
        }
    }
}
