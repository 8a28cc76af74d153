//! What does the author's text mean to a resource type? Raw nodes become canonical values, checked against the type's table.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, nearest};
use crate::name::Address;
use crate::schema::{Field, Kind};
use crate::source::Origin;
use crate::tree::{Node, NodeValue, Part, Scalar, Style};
use crate::units::{Size, Span, UnitError};

/// Finds the resource that a link names.
pub trait LinkResolver {
    /// `text` is `<resource>` or `<blueprint>.<resource>`; `types` are the types that may be linked.
    fn resolve(&self, text: &str, types: &[&str]) -> Result<LinkedResource, LinkProblem>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedResource {
    pub address: Address,
    /// What the object is called on the target.
    pub object_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkProblem {
    pub detail: String,
    pub hint: Option<String>,
}

/// What decoding found, besides the values.
#[derive(Debug, Default)]
pub struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    /// The path and origin of every field that was set, for messages of later stages.
    pub origins: Vec<(String, Origin)>,
    pub links: Vec<Address>,
    pub secrets: Vec<(String, Origin)>,
}

/// Decodes the map `node` by `fields`. `root` is the path that messages and origins begin with (`specs`, `metadata`).
/// Every mistake is reported; the values of wrong fields are left out of the result.
pub fn decode(fields: &[Field], node: &Node, root: &str, links: &dyn LinkResolver, findings: &mut Findings) -> Map<String, Value> {
    Decoder { links, findings }.object(fields, node, root, false)
}

struct Decoder<'a> {
    links: &'a dyn LinkResolver,
    findings: &'a mut Findings,
}

impl Decoder<'_> {
    fn object(&mut self, fields: &[Field], node: &Node, path: &str, secrets: bool) -> Map<String, Value> {
        let mut values = Map::new();
        let NodeValue::Map(entries) = &node.value else {
            if !node.is_null() || fields.iter().any(|field| field.required) {
                self.report(
                    Diagnostic::error("Wrong kind of value", format!("`{path}` is {}, but must be a map.", node.kind())).at_origin(&node.origin),
                );
            }
            return values;
        };
        for entry in entries {
            let Some(field) = fields.iter().find(|field| field.name == entry.key) else {
                self.report(unknown_key(&entry.key, path, fields.iter().map(|field| field.name)).at_origin(&entry.key_origin));
                continue;
            };
            let path = format!("{path}.{}", field.name);
            if entry.node.is_null() {
                self.report(
                    Diagnostic::error("Missing value", format!("`{path}` is there, but empty."))
                        .hint("leave the key out to use the default; write \"\" for an empty text")
                        .at_origin(&entry.key_origin),
                );
                continue;
            }
            self.findings.origins.push((path.clone(), entry.node.origin.clone()));
            if let Some(value) = self.value(&field.kind, &entry.node, &path, secrets || field.accepts_secret) {
                values.insert(field.name.to_owned(), value);
            }
        }
        for field in fields.iter().filter(|field| field.required && !entries.iter().any(|entry| entry.key == field.name)) {
            self.report(
                Diagnostic::error("Missing field", format!("`{path}.{}` is required. {}", field.name, field.meaning)).at_origin(&node.origin),
            );
        }
        values
    }

    fn value(&mut self, kind: &Kind, node: &Node, path: &str, secrets: bool) -> Option<Value> {
        match kind {
            Kind::List(inner) => self.list(inner, node, path, secrets).map(Value::Array),
            Kind::Set(inner) => self.list(inner, node, path, secrets).map(|mut items| {
                items.sort_by_cached_key(crate::canonical::text);
                items.dedup();
                Value::Array(items)
            }),
            Kind::Map(inner) => self.free_keys(inner, node, path, secrets),
            Kind::Object(fields) => Some(Value::Object(self.object(fields, node, path, secrets))),
            Kind::Link(types) => self.link(types, node, path),
            Kind::Command if node.as_list().is_some() => self.list(&Kind::Text, node, path, secrets).map(Value::Array),
            Kind::Any => Some(self.untyped(node, path)),
            _ => self.scalar(kind, node, path, secrets),
        }
    }

    fn list(&mut self, inner: &Kind, node: &Node, path: &str, secrets: bool) -> Option<Vec<Value>> {
        let Some(items) = node.as_list() else {
            self.report(
                Diagnostic::error("Wrong kind of value", format!("`{path}` is {}, but must be a list.", node.kind()))
                    .hint("write it in brackets: [first, second]")
                    .at_origin(&node.origin),
            );
            return None;
        };
        Some(items.iter().enumerate().filter_map(|(index, item)| self.value(inner, item, &format!("{path}[{index}]"), secrets)).collect())
    }

    fn free_keys(&mut self, inner: &Kind, node: &Node, path: &str, secrets: bool) -> Option<Value> {
        let Some(entries) = node.as_map() else {
            self.report(Diagnostic::error("Wrong kind of value", format!("`{path}` is {}, but must be a map.", node.kind())).at_origin(&node.origin));
            return None;
        };
        let mut values = Map::new();
        for entry in entries {
            let path = format!("{path}.{}", entry.key);
            if entry.node.is_null() {
                self.report(
                    Diagnostic::error("Missing value", format!("`{path}` is there, but empty."))
                        .hint("write \"\" for an empty text")
                        .at_origin(&entry.key_origin),
                );
                continue;
            }
            self.findings.origins.push((path.clone(), entry.node.origin.clone()));
            if let Some(value) = self.value(inner, &entry.node, &path, secrets) {
                values.insert(entry.key.clone(), value);
            }
        }
        Some(Value::Object(values))
    }

    fn link(&mut self, types: &[&str], node: &Node, path: &str) -> Option<Value> {
        if let Some(external) = node.get("external").filter(|_| node.as_map().is_some_and(|entries| entries.len() == 1)) {
            let name = external.as_text()?;
            return Some(json!({"external": name, "name": name}));
        }
        let Some(text) = node.as_text() else {
            self.report(
                Diagnostic::error("Wrong kind of value", format!("`{path}` must name a resource."))
                    .hint("write the name of a resource, or {external: name} for an object that is not managed here")
                    .at_origin(&node.origin),
            );
            return None;
        };
        match self.links.resolve(text, types) {
            Ok(linked) => {
                self.findings.links.push(linked.address.clone());
                Some(json!({"resource": linked.address.to_string(), "name": linked.object_name}))
            }
            Err(problem) => {
                let mut diagnostic =
                    Diagnostic::error("Dangling link", format!("`{path}` names `{text}`. {}", problem.detail)).at_origin(&node.origin);
                diagnostic.hint = problem.hint;
                self.report(diagnostic);
                None
            }
        }
    }

    fn scalar(&mut self, kind: &Kind, node: &Node, path: &str, secrets: bool) -> Option<Value> {
        let NodeValue::Scalar(scalar) = &node.value else {
            self.report(
                Diagnostic::error("Wrong kind of value", format!("`{path}` is {}, but must be {}.", node.kind(), expectation(kind)))
                    .at_origin(&node.origin),
            );
            return None;
        };
        let Some(text) = scalar.as_text() else { return self.secret(scalar, node, path, secrets) };
        match decode_text(kind, text) {
            Ok(value) => Some(value),
            Err(problem) => {
                let mut diagnostic =
                    Diagnostic::error("Wrong value", format!("`{path}` is `{text}`, which {}.", problem.detail)).at_origin(&node.origin);
                diagnostic.hint = problem.hint;
                self.report(diagnostic);
                None
            }
        }
    }

    fn secret(&mut self, scalar: &Scalar, node: &Node, path: &str, accepted: bool) -> Option<Value> {
        if !accepted {
            self.report(
                Diagnostic::error("Secret not accepted here", format!("`{path}` cannot hold a secret: its value is shown in plans and records."))
                    .hint("secrets go into fields that accept them, such as `env`")
                    .at_origin(&node.origin),
            );
            return None;
        }
        let parts: Vec<Value> = scalar
            .clone()
            .into_parts()
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => Value::String(text),
                Part::Secret(name) => {
                    self.findings.secrets.push((name.clone(), node.origin.clone()));
                    json!({"name": name})
                }
            })
            .collect();
        Some(json!({"$secret": parts}))
    }

    /// YAML 1.2's core schema, for fields that no target reads.
    fn untyped(&mut self, node: &Node, path: &str) -> Value {
        match &node.value {
            NodeValue::Null => Value::Null,
            NodeValue::Scalar(scalar) => match scalar.as_text() {
                Some(text) if scalar.style == Style::Plain => core_scalar(text),
                Some(text) => Value::String(text.to_owned()),
                None => self.secret(scalar, node, path, false).unwrap_or(Value::Null),
            },
            NodeValue::List(items) => Value::Array(items.iter().map(|item| self.untyped(item, path)).collect()),
            NodeValue::Map(entries) => {
                Value::Object(entries.iter().map(|entry| (entry.key.clone(), self.untyped(&entry.node, &format!("{path}.{}", entry.key)))).collect())
            }
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.findings.diagnostics.push(diagnostic);
    }
}

/// The message for a key that a map does not know. Shared with the reader of ipr.yaml and of blueprints.
pub fn unknown_key<'a>(key: &str, path: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
    let diagnostic = Diagnostic::error("Unknown key", format!("`{key}` is not known{place}."));
    match nearest(key, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!("known here: {}", known.join(", "))),
    }
}

struct TextProblem {
    detail: String,
    hint: Option<String>,
}

fn problem(detail: impl Into<String>, hint: impl Into<String>) -> TextProblem {
    TextProblem { detail: detail.into(), hint: Some(hint.into()) }
}

fn decode_text(kind: &Kind, text: &str) -> Result<Value, TextProblem> {
    match kind {
        Kind::Text | Kind::Command => Ok(Value::String(text.to_owned())),
        Kind::Word(words) if words.contains(&text) => Ok(Value::String(text.to_owned())),
        Kind::Word(words) => Err(problem(
            "is not one of the words known here",
            nearest(text, words.iter().copied()).map_or_else(|| format!("one of: {}", words.join(", ")), |near| format!("did you mean `{near}`?")),
        )),
        Kind::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(problem("is neither `true` nor `false`", "in YAML 1.2 only true and false are booleans")),
        },
        Kind::Integer { min, max } => {
            let number: i64 = text.parse().map_err(|_| problem("is not a whole number", format!("a number from {min} to {max}")))?;
            in_range(number, *min, *max)
                .map(Value::from)
                .map_err(|()| problem(format!("is not between {min} and {max}"), "choose a number in that range"))
        }
        Kind::Thousandths { min, max } => thousandths(text, *min, *max),
        Kind::Size => text.parse::<Size>().map(|size| Value::from(size.bytes)).map_err(|error| unit_problem(&error, "8GB, 512MB")),
        Kind::Duration => text.parse::<Span>().map(|span| Value::from(span.milliseconds)).map_err(|error| unit_problem(&error, "30s, 5m, 1h")),
        Kind::Cidr => text
            .parse::<ipnet::IpNet>()
            .map(|net| Value::String(net.to_string()))
            .map_err(|_| problem("is not an address with a prefix length", "for example 10.0.20.11/24")),
        Kind::Ip => text
            .parse::<std::net::IpAddr>()
            .map(|address| Value::String(address.to_string()))
            .map_err(|_| problem("is not an IP address", "for example 10.0.20.11")),
        Kind::Checked(check) => {
            (check.parse)(text).map(Value::String).map_err(|detail| problem(detail, format!("{}, for example {}", check.what, check.example)))
        }
        Kind::List(_) | Kind::Set(_) | Kind::Map(_) | Kind::Object(_) | Kind::Link(_) | Kind::Any => {
            unreachable!("a bug in the daemon: not a scalar kind")
        }
    }
}

fn in_range(number: i64, min: i64, max: i64) -> Result<i64, ()> {
    if (min..=max).contains(&number) { Ok(number) } else { Err(()) }
}

fn thousandths(text: &str, min: i64, max: i64) -> Result<Value, TextProblem> {
    let (integer, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(integer) || !digits(fraction) || fraction.len() > 3 || integer.len() > 9 {
        return Err(problem("is not a number with at most three digits after the point", "for example 2 or 0.5"));
    }
    let number: i64 = format!("{integer}{fraction:0<3}").parse().map_err(|_| problem("is not a number", "for example 2 or 0.5"))?;
    in_range(number, min, max)
        .map(Value::from)
        .map_err(|()| problem(format!("is not between {} and {}", shown_thousandths(min), shown_thousandths(max)), "choose a number in that range"))
}

/// `1500` as `1.5`.
pub fn shown_thousandths(number: i64) -> String {
    let text = format!("{}.{:03}", number / 1000, number % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn unit_problem(error: &UnitError, example: &str) -> TextProblem {
    problem(error.to_string(), format!("a number with a unit, for example {example}"))
}

fn core_scalar(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>() {
        return Value::from(number);
    }
    // Decimal numbers stay text: their canonical form would depend on how floating point is printed.
    Value::String(text.to_owned())
}

fn expectation(kind: &Kind) -> String {
    match kind {
        Kind::Text => "a text".to_owned(),
        Kind::Word(words) => format!("one of {}", words.join(", ")),
        Kind::Boolean => "true or false".to_owned(),
        Kind::Integer { .. } | Kind::Thousandths { .. } => "a number".to_owned(),
        Kind::Size => "a size such as 8GB".to_owned(),
        Kind::Duration => "a duration such as 30s".to_owned(),
        Kind::Cidr => "an address with a prefix length such as 10.0.20.11/24".to_owned(),
        Kind::Ip => "an IP address".to_owned(),
        Kind::Checked(check) => check.what.to_owned(),
        Kind::Command => "a command: a list of arguments or one text".to_owned(),
        Kind::List(_) | Kind::Set(_) => "a list".to_owned(),
        Kind::Map(_) | Kind::Object(_) => "a map".to_owned(),
        Kind::Link(_) => "the name of a resource".to_owned(),
        Kind::Any => "a value".to_owned(),
    }
}
