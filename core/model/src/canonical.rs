//! When are two documents the same? When their canonical texts are: one line, keys sorted, no spaces.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a canonical document, as 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(String);

/// How many digits people see and type.
const SHORT_LENGTH: usize = 12;
/// How many digits are enough to name a digest in a command.
const PREFIX_LENGTH_MIN: usize = 8;

impl Hash {
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    pub fn of(value: &Value) -> Self {
        Self::of_bytes(text(value).as_bytes())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn short(&self) -> &str {
        &self.0[..SHORT_LENGTH.min(self.0.len())]
    }

    /// Whether what a person typed names this hash: at least eight digits, all of them right.
    pub fn is_named_by(&self, typed: &str) -> bool {
        typed.len() >= PREFIX_LENGTH_MIN && self.0.starts_with(&typed.to_ascii_lowercase())
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.short())
    }
}

/// The canonical text of a value. Keys are sorted by code point here, whatever order the map type keeps.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(&map[key.as_str()], out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// The canonical text, indented, for files that people read. Ends with a line break.
pub fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(value)).expect("a JSON value always serialises");
    text.push('\n');
    text
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_unstable_by_key(|(key, _)| *key);
            Value::Object(pairs.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn key_order_does_not_matter() {
        let one: Value = serde_json::from_str(r#"{"b":1,"a":{"d":[1,2],"c":null}}"#).expect("valid");
        let other: Value = serde_json::from_str(r#"{"a":{"c":null,"d":[1,2]},"b":1}"#).expect("valid");
        assert_eq!(text(&one), r#"{"a":{"c":null,"d":[1,2]},"b":1}"#);
        assert_eq!(Hash::of(&one), Hash::of(&other));
        assert_ne!(Hash::of(&one), Hash::of(&json!({"b": 2})));
    }

    #[test]
    fn a_digest_is_named_by_eight_digits_or_more() {
        let hash = Hash::of_bytes(b"x");
        assert!(hash.is_named_by(hash.short()));
        assert!(hash.is_named_by(&hash.as_str()[..8].to_uppercase()));
        assert!(!hash.is_named_by(&hash.as_str()[..7]));
        assert!(!hash.is_named_by("00000000"));
    }
}
