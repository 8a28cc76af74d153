//! How does the router write a value, and when do two of its texts mean the same?
//!
//! Between the canonical values of the types' tables and the texts of the API there is one way each, chosen by the kind of the field.
//! What a router tells back is often another spelling than what it was told: `yes` and `true`, `1d` and `24h`, `10.0.0.1` and
//! `10.0.0.1/32`, sets in an order of its own, MAC addresses in capitals.

mod duration;
mod spelling;

use core_model::schema::Kind;
use serde_json::{Value, json};

pub(crate) use duration::{parse as parse_duration, write as write_duration};
pub(crate) use spelling::{canonical, is_mac, same};

/// The text of a value. `None`: such a value is no argument (a map, a nested list).
pub(crate) fn to_router(kind: &Kind, value: &Value) -> Option<String> {
    Some(match (kind, value) {
        (Kind::Boolean, Value::Bool(set)) => yes_or_no(*set).to_owned(),
        (Kind::Duration, Value::Number(number)) => write_duration(number.as_u64()?),
        (Kind::Link(_), Value::Object(link)) => link.get("name")?.as_str()?.to_owned(),
        (Kind::List(inner) | Kind::Set(inner), Value::Array(items)) => {
            items.iter().map(|item| to_router(inner, item)).collect::<Option<Vec<_>>>()?.join(",")
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        _ => return None,
    })
}

/// The value of a text, in the canonical form of the kind. `None`: it is not set, or is nothing that the kind knows.
pub(crate) fn from_router(kind: &Kind, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    match kind {
        Kind::Boolean => Some(json!(matches!(text, "yes" | "true"))),
        Kind::Integer { .. } => text.parse::<i64>().ok().map(Value::from),
        Kind::Duration => parse_duration(text).map(Value::from),
        Kind::Ip => Some(json!(text.strip_suffix("/32").or_else(|| text.strip_suffix("/128")).unwrap_or(text))),
        // An export says `10.0.0.1` where the API says `10.0.0.1/32`.
        Kind::Cidr => {
            let alone = || text.parse::<std::net::IpAddr>().map(ipnet::IpNet::from);
            Some(json!(text.parse::<ipnet::IpNet>().or_else(|_| alone()).map_or_else(|_| text.to_owned(), |net| net.to_string())))
        }
        // A text that the check refuses was put there by somebody else, and differs from whatever is wanted.
        Kind::Checked(check) => Some(json!((check.parse)(text).unwrap_or_else(|_| text.to_owned()))),
        Kind::Link(_) => Some(json!({"external": text, "name": text})),
        Kind::List(inner) => items(inner, text).map(Value::Array),
        Kind::Set(inner) => items(inner, text).map(|mut items| {
            items.sort_by_cached_key(core_model::canonical::text);
            items.dedup();
            Value::Array(items)
        }),
        _ => Some(json!(text)),
    }
}

fn items(inner: &Kind, text: &str) -> Option<Vec<Value>> {
    text.split(',').map(|item| from_router(inner, item.trim())).collect()
}

pub(crate) fn yes_or_no(set: bool) -> &'static str {
    if set { "yes" } else { "no" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_come_back_from_their_texts() {
        const TEXTS: Kind = Kind::Text;
        for (kind, value, text) in [
            (Kind::Boolean, json!(true), "yes"),
            (Kind::Integer { min: 0, max: 9_999 }, json!(1500), "1500"),
            (Kind::Duration, json!(90_000), "1m30s"),
            (Kind::Cidr, json!("10.0.20.1/24"), "10.0.20.1/24"),
            (Kind::Ip, json!("10.0.20.1"), "10.0.20.1"),
            (Kind::List(&TEXTS), json!(["b", "a"]), "b,a"),
            (Kind::Set(&TEXTS), json!(["a", "b"]), "a,b"),
            (Kind::Link(&["network"]), json!({"external": "lan", "name": "lan"}), "lan"),
        ] {
            assert_eq!(to_router(&kind, &value).as_deref(), Some(text));
            assert_eq!(from_router(&kind, text), Some(value));
        }
        assert_eq!(from_router(&Kind::Boolean, "false"), Some(json!(false)));
        assert_eq!(from_router(&Kind::Ip, "10.0.20.1/32"), Some(json!("10.0.20.1")));
        assert_eq!(from_router(&Kind::Cidr, "10.0.20.1"), Some(json!("10.0.20.1/32")));
        assert_eq!(from_router(&Kind::Set(&TEXTS), "b, a,b"), Some(json!(["a", "b"])));
        assert_eq!(from_router(&Kind::Text, ""), None);
    }

    proptest! {
        #[test]
        fn any_text_of_a_router_is_read_without_a_panic(text in prop_oneof![".{0,60}", "[0-9a-fA-F:./,!wdhms -]{0,40}"]) {
            const TEXTS: Kind = Kind::Text;
            const LENGTHS: Kind = Kind::Duration;
            let kinds = [Kind::Boolean, Kind::Integer { min: 0, max: 9 }, LENGTHS, Kind::Cidr, Kind::Ip, Kind::List(&TEXTS), Kind::Set(&LENGTHS), Kind::Link(&[])];
            for kind in kinds {
                let value = from_router(&kind, &text);
                let _ = value.and_then(|value| to_router(&kind, &value));
            }
        }
    }
}
