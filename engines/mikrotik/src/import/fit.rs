//! Would our own loader take what is imported? A router has names, words and records that no blueprint can say.

use core_model::schema::{Field, Kind};
use core_model::source::Span;
use core_model::state::{DesiredResource, Lifecycle};
use serde_json::{Map, Value, json};

use crate::shape::{Shape, as_values};

/// Why a blueprint cannot say it. `written` are the fields that it would have, `values` what they hold.
pub(super) fn refusal(shape: &dyn Shape, name: &str, object: &str, written: &Map<String, Value>, values: &Map<String, Value>) -> Option<String> {
    let facts = shape.facts();
    let field = |name: &str| facts.specs.iter().find(|field| field.name == name);
    if let Some(missing) = facts.specs.iter().find(|field| field.required && !written.contains_key(field.name)) {
        return Some(format!("the router does not tell its `{}`", missing.name));
    }
    let own_name = field("name").and_then(|field| unfit(field, &json!(object)));
    let of_field = |name: &String| unfit(field(name)?, values.get(name)?);
    own_name.or_else(|| written.keys().find_map(of_field)).or_else(|| {
        let specs = written.keys().filter_map(|name| Some((name.clone(), values.get(name)?.clone()))).collect();
        let finding = shape.validate(&desired(shape, name, object, specs)?).into_iter().next()?;
        Some(finding.detail)
    })
}

fn unfit(field: &Field, value: &Value) -> Option<String> {
    Some(format!("its `{}` {}", field.name, wrong(&field.kind, value)?))
}

/// What is wrong with a value, to complete "its `x` ...".
fn wrong(kind: &Kind, value: &Value) -> Option<String> {
    let not = |is_right: bool| (!is_right).then(|| format!("is not {}", kind.in_words()));
    match (kind, value) {
        (Kind::Checked(check), Value::String(text)) => (check.parse)(text).err(),
        (Kind::Word(words), Value::String(text)) => not(words.contains(&text.as_str())),
        (Kind::Integer { min, max }, Value::Number(number)) => not(number.as_i64().is_some_and(|number| (*min..=*max).contains(&number))),
        (Kind::Ip, Value::String(text)) => not(text.parse::<std::net::IpAddr>().is_ok()),
        (Kind::Cidr, Value::String(text)) => not(text.parse::<ipnet::IpNet>().is_ok()),
        (Kind::List(inner) | Kind::Set(inner), Value::Array(items)) => items.iter().find_map(|item| wrong(inner, item)),
        (Kind::Object(fields), Value::Object(values)) => {
            let lacking = fields.iter().find(|field| field.required && !values.contains_key(field.name));
            let lacking = || lacking.map(|field| format!("lacks its `{}`", field.name));
            let wrong = |field: &Field| Some(format!("has a `{}` that {}", field.name, wrong(&field.kind, values.get(field.name)?)?));
            fields.iter().find_map(wrong).or_else(lacking)
        }
        _ => None,
    }
}

/// The resource as the loader would make it, as far as types look at it.
fn desired(shape: &dyn Shape, name: &str, object: &str, specs: Map<String, Value>) -> Option<DesiredResource> {
    let facts = shape.facts();
    Some(DesiredResource {
        address: format!("imported.{name}").parse().ok()?,
        type_name: facts.name.to_owned(),
        provider: facts.provider.to_owned(),
        target: "imported".parse().ok()?,
        object: object.to_owned(),
        values: as_values(specs),
        lifecycle: Lifecycle::default(),
        depends_on: Default::default(),
        pins: Default::default(),
        sensitive: Default::default(),
        declared_at: Span::new("imported", 1, 1),
        origins: Default::default(),
    })
}
