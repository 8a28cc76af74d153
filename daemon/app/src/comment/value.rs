//! How is a canonical value shown to a person? In the units people write, links by name, secrets by fingerprint.

use core_model::decode::shown_thousandths;
use core_model::plan::Step;
use core_model::resource_type::{Registry, ResourceType};
use core_model::schema::{Field, Kind, field_at};
use core_model::units;
use serde_json::{Map, Value};

/// Longer lists are shown an item on each line.
const INLINE_LENGTH_MAX: usize = 72;
/// Hex digits of a fingerprint or digest inside a value.
const FINGERPRINT_LENGTH: usize = 8;
const DIGEST_LENGTH: usize = 12;

/// What rules over a value: its kind, and whether it may be seen.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    kind: Option<&'static Kind>,
    sensitive: bool,
}

impl Facts {
    /// A value of which nothing is known.
    pub(crate) const NONE: Self = Self { kind: None, sensitive: false };

    pub(crate) fn of_step(registry: &Registry, step: &Step, path: &str) -> Self {
        registry.get(&step.provider, &step.type_name).map_or(Self::NONE, |kind| Self::at(kind, path))
    }

    /// For places where the provider is not known: the portable fields mean the same everywhere.
    pub(crate) fn of_type(registry: &Registry, type_name: &str, path: &str) -> Self {
        registry
            .iter()
            .filter(|kind| kind.facts().name == type_name)
            .map(|kind| Self::at(kind, path))
            .find(|facts| facts.kind.is_some())
            .unwrap_or(Self::NONE)
    }

    fn at(kind: &dyn ResourceType, path: &str) -> Self {
        let facts = kind.facts();
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        let fields = if root == "metadata" { facts.metadata } else { facts.specs };
        let segments: Vec<&str> = rest.split('.').collect();
        field_at(fields, &segments).map_or(Self::NONE, |field| Self::within(field, segments.len() > depth_of(fields, &segments)))
    }

    /// `key` says that the path goes on below the field: it names a key of a free map.
    fn within(field: &'static Field, key: bool) -> Self {
        let kind = match &field.kind {
            Kind::Map(inner) if key => inner,
            kind => kind,
        };
        Self { kind: Some(kind), sensitive: field.sensitive }
    }
}

/// How many segments lead to the field that rules over a path.
fn depth_of(fields: &[Field], path: &[&str]) -> usize {
    let Some((first, rest)) = path.split_first() else { return 0 };
    match fields.iter().find(|field| field.name == *first).map(|field| field.kind) {
        Some(Kind::Object(inner)) if !rest.is_empty() => 1 + depth_of(inner, rest),
        Some(Kind::Map(Kind::Object(inner))) if rest.len() > 1 => 2 + depth_of(inner, &rest[1..]),
        _ => 1,
    }
}

/// A value as lines: one for most, an item each for long lists, each line of a text of several.
pub(crate) fn lines(value: &Value, facts: Facts) -> Vec<String> {
    if hidden(value, facts) {
        return vec![secret(value)];
    }
    match value {
        Value::String(text) if text.trim_end_matches('\n').contains('\n') => text.lines().map(str::to_owned).collect(),
        Value::Array(items) => {
            let inline = inline(value, facts.kind);
            if inline.chars().count() <= INLINE_LENGTH_MAX {
                return vec![inline];
            }
            items.iter().map(|item| format!("- {}", self::inline(item, inner(facts.kind)))).collect()
        }
        value => vec![inline(value, facts.kind)],
    }
}

/// The key id of a sealed value's fingerprint.
pub(crate) fn fingerprint_key(value: &Value) -> Option<&str> {
    fingerprint(value)?.split_once(':').map(|(key, _)| key)
}

fn fingerprint(value: &Value) -> Option<&str> {
    value.get("$sealed")?.get("fingerprint")?.as_str()
}

fn is_sealed(value: &Value) -> bool {
    value.get("$sealed").is_some() || value.get("$secret").is_some()
}

fn hidden(value: &Value, facts: Facts) -> bool {
    is_sealed(value) || (facts.sensitive && !value.is_null())
}

/// A sensitive value that is not sealed is a bug elsewhere; it is not shown here either way.
fn secret(value: &Value) -> String {
    let Some((key, digits)) = fingerprint(value).and_then(|text| text.split_once(':')) else { return "••••".to_owned() };
    format!("•••• ({key}:{}…)", digits.chars().take(FINGERPRINT_LENGTH).collect::<String>())
}

fn inner(kind: Option<&'static Kind>) -> Option<&'static Kind> {
    match kind {
        Some(Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner)) => Some(inner),
        _ => None,
    }
}

fn inline(value: &Value, kind: Option<&'static Kind>) -> String {
    if is_sealed(value) {
        return secret(value);
    }
    match (value, kind) {
        (Value::Number(number), Some(kind)) => number_in_units(number, kind),
        (Value::String(text), _) => plain(text),
        (Value::Array(items), kind) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, inner(kind))).collect();
            format!("[{}]", items.join(", "))
        }
        (Value::Object(map), kind) => object(map, kind),
        (Value::Null, _) => "(nothing)".to_owned(),
        (value, _) => value.to_string(),
    }
}

fn number_in_units(number: &serde_json::Number, kind: &Kind) -> String {
    match (kind, number.as_u64(), number.as_i64()) {
        (Kind::Size, Some(bytes), _) => units::Size { bytes }.to_string(),
        (Kind::Duration, Some(milliseconds), _) => units::Span { milliseconds }.to_string(),
        (Kind::Thousandths { .. }, _, Some(thousandths)) => shown_thousandths(thousandths),
        _ => number.to_string(),
    }
}

fn object(map: &Map<String, Value>, kind: Option<&'static Kind>) -> String {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    match (text("external"), text("resource"), text("name")) {
        (Some(name), None, _) => return format!("{} (not managed here)", plain(name)),
        (None, Some(_), Some(name)) => return plain(name),
        _ => {}
    }
    let entry = |(key, value): (&String, &Value)| {
        let (kind, sensitive) = match kind {
            Some(Kind::Object(fields)) => {
                fields.iter().find(|field| field.name == key).map_or((None, false), |field| (Some(&field.kind), field.sensitive))
            }
            kind => (inner(kind), false),
        };
        let shown = if sensitive && !value.is_null() { secret(value) } else { inline(value, kind) };
        format!("{}: {shown}", plain(key))
    };
    format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
}

/// A text as an author would write it: quoted only where it would not be seen or would be taken for something else.
fn plain(text: &str) -> String {
    let ends_in_space = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    if text.is_empty() || ends_in_space || text.starts_with('"') || matches!(text, "(nothing)" | "null") || text.starts_with('•') {
        return format!("\"{}\"", text.replace('\n', "\\n"));
    }
    match text.split_once("sha256:") {
        Some((front, digits)) if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{front}sha256:{}…", &digits[..DIGEST_LENGTH])
        }
        _ => text.to_owned(),
    }
}
