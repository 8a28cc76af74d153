//! What does a single value of an answer say? Its text: numbers come as numbers from some calls and as texts from others.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::config::text_of;

/// What [`text_of`] says of a value, without the value: a text that needs no change is not copied.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

fn told<'de, E>(value: impl Into<Value>) -> Result<Cow<'de, str>, E> {
    Ok(Cow::Owned(text_of(&value.into())))
}

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        told(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        told(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        told(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        told(value)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        told(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        told(Value::deserialize(SeqAccessDeserializer::new(items))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        told(Value::deserialize(MapAccessDeserializer::new(entries))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_value_is_it_says_the_same_as_in_a_tree() {
        for json in ["\"a\"", "\"a\\u0062\\n\"", "7", "-7", "0.02", "1e30", "true", "false", "null", "[1,\"a\"]", "{\"b\":[null]}"] {
            let text: Text<'_> = serde_json::from_str(json).expect("a text");
            let tree: Value = serde_json::from_str(json).expect("a tree");
            assert_eq!(text.0, text_of(&tree), "{json}");
        }
    }
}
