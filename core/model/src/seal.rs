//! How do secrets go through plans, comments and records without being there? As keyed fingerprints.
//!
//! Before sealing a value is `{"$secret": ["text", {"name": "db_password"}]}`: names, no values. Sealed it is
//! `{"$sealed": {"fingerprint": "k1:..", "parts": [..]}}`: the fingerprint of the whole text, and the names to make it again.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::resource_type::TypeFacts;
use crate::schema::{Field, Kind};
use crate::secret::{FingerprintKey, Secret};

/// Finds the value of a secret by its name in ipr.yaml.
pub trait SecretSource {
    fn secret(&self, name: &str) -> Result<Secret, String>;
}

/// Which paths hold secrets by reference or by the type's word (list items as `[]`).
pub fn sensitive_paths(facts: &TypeFacts, values: &Map<String, Value>) -> BTreeSet<String> {
    let mut found = Found::default();
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        found.below(root, |found| {
            found.by_type(fields);
            if let Some(value) = values.get(root) {
                found.by_reference(value);
            }
        });
    }
    found.paths
}

/// Paths that were found, and the way to the place that is looked at.
#[derive(Default)]
struct Found {
    paths: BTreeSet<String>,
    way: String,
}

impl Found {
    fn below(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let end = self.way.len();
        if end > 0 {
            self.way.push('.');
        }
        self.way.push_str(name);
        look(self);
        self.way.truncate(end);
    }

    fn in_items(&mut self, look: impl FnOnce(&mut Self)) {
        let end = self.way.len();
        self.way.push_str("[]");
        look(self);
        self.way.truncate(end);
    }

    fn by_type(&mut self, fields: &[Field]) {
        for field in fields {
            self.below(field.name, |found| {
                if field.sensitive {
                    found.paths.insert(found.way.clone());
                }
                match field.kind {
                    Kind::Object(inner) => found.by_type(inner),
                    Kind::List(Kind::Object(inner)) | Kind::Set(Kind::Object(inner)) => found.in_items(|found| found.by_type(inner)),
                    _ => {}
                }
            });
        }
    }

    fn by_reference(&mut self, value: &Value) {
        match value {
            Value::Object(map) if map.contains_key("$secret") || map.contains_key("$sealed") => {
                self.paths.insert(self.way.clone());
            }
            Value::Object(map) => map.iter().for_each(|(key, value)| self.below(key, |found| found.by_reference(value))),
            Value::Array(items) => self.in_items(|found| items.iter().for_each(|item| found.by_reference(item))),
            _ => {}
        }
    }
}

/// Replaces every reference to a secret, and every plain value at a sensitive path, by its fingerprint.
/// The error names the secret that could not be had, never its value. A plain value stays beside its fingerprint: it stands
/// in the repository anyway, and is needed to carry the plan out. It is not shown.
pub fn seal(
    values: &Map<String, Value>,
    sensitive: &BTreeSet<String>,
    key: &FingerprintKey,
    source: &dyn SecretSource,
) -> Result<Map<String, Value>, String> {
    Sealer { sensitive, key, source: Some(source) }.map(values, "")
}

/// Seals what a target showed. Nothing of the values at sensitive paths is left but their fingerprints.
pub fn seal_observed(values: &Map<String, Value>, sensitive: &BTreeSet<String>, key: &FingerprintKey) -> Map<String, Value> {
    Sealer { sensitive, key, source: None }.map(values, "").unwrap_or_default()
}

struct Sealer<'a> {
    sensitive: &'a BTreeSet<String>,
    key: &'a FingerprintKey,
    /// `None` for values that a target showed: they refer to no secret by name.
    source: Option<&'a dyn SecretSource>,
}

impl Sealer<'_> {
    fn map(&self, map: &Map<String, Value>, path: &str) -> Result<Map<String, Value>, String> {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        map.iter().map(|(name, value)| Ok((name.clone(), self.value(value, &below(name))?))).collect()
    }

    fn value(&self, value: &Value, path: &str) -> Result<Value, String> {
        Ok(match value {
            Value::Object(map) => match (map.get("$secret"), self.source) {
                (Some(Value::Array(parts)), Some(source)) => {
                    let text = assemble(parts, source)?;
                    json!({"$sealed": {"fingerprint": self.key.fingerprint(text.expose()), "parts": parts}})
                }
                _ if map.contains_key("$sealed") => value.clone(),
                _ => Value::Object(self.map(map, path)?),
            },
            Value::Array(items) => {
                let inner = format!("{path}[]");
                Value::Array(items.iter().map(|item| self.value(item, &inner)).collect::<Result<_, _>>()?)
            }
            Value::Null => Value::Null,
            scalar if self.sensitive.contains(path) => {
                let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
                let parts: Vec<&str> = self.source.iter().map(|_| text.as_str()).collect();
                json!({"$sealed": {"fingerprint": self.key.fingerprint(&text), "parts": parts}})
            }
            scalar => scalar.clone(),
        })
    }
}

fn assemble(parts: &[Value], source: &dyn SecretSource) -> Result<Secret, String> {
    let mut text = zeroize::Zeroizing::new(String::new());
    for part in parts {
        match part {
            Value::String(plain) => text.push_str(plain),
            part => {
                let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
                text.push_str(source.secret(name)?.expose());
            }
        }
    }
    Ok(Secret::new(text.as_str()))
}

/// Puts the real values back, at the last moment before an engine is called. A secret whose fingerprint is no longer the
/// reviewed one is an error: what was reviewed is what is applied.
pub fn unseal(values: &Map<String, Value>, key: &FingerprintKey, source: &dyn SecretSource) -> Result<Map<String, Value>, String> {
    values.iter().map(|(name, value)| Ok((name.clone(), unseal_value(value, key, source)?))).collect()
}

/// [`unseal`] for one value.
pub fn unseal_value(value: &Value, key: &FingerprintKey, source: &dyn SecretSource) -> Result<Value, String> {
    Ok(match value {
        Value::Object(map) => {
            if let Some(sealed) = map.get("$sealed") {
                let parts = sealed.get("parts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let text = assemble(parts, source)?;
                if sealed.get("fingerprint").and_then(Value::as_str) != Some(&key.fingerprint(text.expose())) {
                    return Err("a secret has changed since the plan was made".to_owned());
                }
                return Ok(Value::String(text.expose().to_owned()));
            }
            Value::Object(map.iter().map(|(name, value)| Ok((name.clone(), unseal_value(value, key, source)?))).collect::<Result<_, String>>()?)
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| unseal_value(item, key, source)).collect::<Result<_, _>>()?),
        scalar => scalar.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One;
    impl SecretSource for One {
        fn secret(&self, name: &str) -> Result<Secret, String> {
            if name == "db" { Ok(Secret::new("canary")) } else { Err(format!("the secret `{name}` is not set")) }
        }
    }

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn desired_and_observed_seal_to_the_same_fingerprint() {
        let key = FingerprintKey::new("k1", Secret::new("key"));
        let paths = BTreeSet::from(["specs.env.URL".to_owned()]);
        let desired = map(json!({"specs": {"env": {"URL": {"$secret": ["pg://", {"name": "db"}]}}}}));
        let sealed = seal(&desired, &paths, &key, &One).expect("sealed");
        let observed = seal_observed(&map(json!({"specs": {"env": {"URL": "pg://canary"}}})), &paths, &key);
        let url = |values: &Map<String, Value>| crate::plan::comparable(&values["specs"]["env"]["URL"]);
        assert_eq!(url(&sealed), url(&observed));
        assert!(!crate::canonical::text(&Value::Object(sealed.clone())).contains("canary"));
        let open = unseal(&sealed, &key, &One).expect("unsealed");
        assert_eq!(open["specs"]["env"]["URL"], "pg://canary");
        let other = FingerprintKey::new("k1", Secret::new("other key"));
        assert!(unseal(&sealed, &other, &One).is_err());
    }

    #[test]
    fn a_plain_text_at_a_sensitive_path_can_be_carried_out_and_is_not_taken_from_a_target() {
        let key = FingerprintKey::new("k1", Secret::new("key"));
        let paths = BTreeSet::from(["specs.password".to_owned()]);
        let values = map(json!({"specs": {"password": "canary"}}));
        let sealed = seal(&values, &paths, &key, &One).expect("sealed");
        assert_eq!(unseal(&sealed, &key, &One).expect("unsealed"), values);
        assert!(!crate::canonical::text(&Value::Object(seal_observed(&values, &paths, &key))).contains("canary"));
    }

    #[test]
    fn a_missing_secret_is_named() {
        let key = FingerprintKey::new("k1", Secret::new("key"));
        let values = map(json!({"specs": {"$secret": [{"name": "nope"}]}}));
        assert_eq!(seal(&values, &BTreeSet::new(), &key, &One), Err("the secret `nope` is not set".to_owned()));
    }
}
