//! Which grammar do the answers of a schema have? llama.cpp's notation, so that a model can say nothing else.
//!
//! Only what the assistant's schema is made of is understood: closed objects, lists, words to choose from, and texts, all of them bounded.
//! Another schema is refused, for a grammar that lets more through than its schema would be none.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// More is no schema of ours.
const RULES_MAX: usize = 100;
/// llama.cpp unrolls repetitions.
const REPETITIONS_MAX: u64 = 1_000;

/// A letter of a text in JSON. Escapes by number are left out: with them, halves of characters could be said.
const LETTER: &str = "letter ::= [^\"\\\\\\x00-\\x1F\\x7F] | \"\\\\\" [\"\\\\/bfnrt]\n";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{place}` of the schema {problem}")]
pub struct GrammarError {
    place: String,
    problem: &'static str,
}

/// The grammar of a schema, beginning with the rule `root`.
pub fn grammar(schema: &Value) -> Result<String, GrammarError> {
    let mut rules = Rules::default();
    let body = rules.of(schema, "#")?;
    let mut text = format!("root ::= {body}\n{LETTER}");
    for (place, rule) in rules.made.iter().enumerate() {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "r{place} ::= {rule}");
    }
    Ok(text)
}

#[derive(Default)]
struct Rules {
    made: Vec<String>,
}

impl Rules {
    fn of(&mut self, schema: &Value, place: &str) -> Result<String, GrammarError> {
        let refused = |problem| GrammarError { place: place.to_owned(), problem };
        let object = schema.as_object().ok_or_else(|| refused("is no object"))?;
        if let Some(words) = object.get("enum") {
            allow(object, &["enum"], place)?;
            return choice(words).ok_or_else(|| refused("has words that are no texts"));
        }
        match object.get("type").and_then(Value::as_str) {
            Some("string") => text(object, place),
            Some("array") => self.list(object, place),
            Some("object") => self.object(object, place),
            _ => Err(refused("is of a kind that is not understood")),
        }
    }

    fn list(&mut self, object: &Map<String, Value>, place: &str) -> Result<String, GrammarError> {
        let refused = |problem| GrammarError { place: place.to_owned(), problem };
        allow(object, &["type", "items", "maxItems"], place)?;
        let items = object.get("items").ok_or_else(|| refused("has no `items`"))?;
        let most = bound(object, "maxItems").ok_or_else(|| refused("has no `maxItems`"))?;
        let item = self.rule(items, &format!("{place}/items"))?;
        Ok(match most {
            0 => quoted("[]"),
            1 => format!("\"[\" {item}? \"]\""),
            _ => format!("\"[\" ({item} (\",\" {item}){{0,{}}})? \"]\"", most - 1),
        })
    }

    fn object(&mut self, object: &Map<String, Value>, place: &str) -> Result<String, GrammarError> {
        let refused = |problem| GrammarError { place: place.to_owned(), problem };
        allow(object, &["type", "properties", "required", "additionalProperties"], place)?;
        let properties = object.get("properties").and_then(Value::as_object).filter(|all| !all.is_empty());
        let properties = properties.ok_or_else(|| refused("has no `properties`"))?;
        let required: Vec<&str> = object.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let is_closed = object.get("additionalProperties") == Some(&Value::Bool(false));
        if !is_closed || required.len() != properties.len() || !required.iter().all(|name| properties.contains_key(*name)) {
            return Err(refused("does not name all of its properties, or not them alone"));
        }
        let mut parts = Vec::new();
        for (name, property) in properties {
            let rule = self.rule(property, &format!("{place}/{name}"))?;
            parts.push(format!("{} {rule}", quoted(&format!("{}:", Value::from(name.as_str())))));
        }
        Ok(format!("\"{{\" {} \"}}\"", parts.join(" \",\" ")))
    }

    /// A rule of its own, by its name.
    fn rule(&mut self, schema: &Value, place: &str) -> Result<String, GrammarError> {
        let body = self.of(schema, place)?;
        if self.made.len() >= RULES_MAX {
            return Err(GrammarError { place: place.to_owned(), problem: "is one part too many" });
        }
        self.made.push(body);
        Ok(format!("r{}", self.made.len() - 1))
    }
}

fn text(object: &Map<String, Value>, place: &str) -> Result<String, GrammarError> {
    let refused = |problem| GrammarError { place: place.to_owned(), problem };
    allow(object, &["type", "minLength", "maxLength"], place)?;
    let most = bound(object, "maxLength").ok_or_else(|| refused("has no `maxLength`"))?;
    let least = object.get("minLength").and_then(Value::as_u64).unwrap_or(0);
    if least > most {
        return Err(refused("is longer than it may be"));
    }
    Ok(format!("\"\\\"\" letter{{{least},{most}}} \"\\\"\""))
}

fn bound(object: &Map<String, Value>, key: &str) -> Option<u64> {
    object.get(key).and_then(Value::as_u64).filter(|bound| *bound <= REPETITIONS_MAX)
}

fn choice(words: &Value) -> Option<String> {
    let words = words.as_array().filter(|words| !words.is_empty() && words.iter().all(Value::is_string))?;
    Some(format!("({})", words.iter().map(|word| quoted(&word.to_string())).collect::<Vec<_>>().join(" | ")))
}

/// What is not understood is refused: it might take something away.
fn allow(object: &Map<String, Value>, known: &[&str], place: &str) -> Result<(), GrammarError> {
    let is_known = object.keys().all(|key| known.contains(&key.as_str()));
    if is_known { Ok(()) } else { Err(GrammarError { place: place.to_owned(), problem: "has a rule that is not understood" }) }
}

/// A text as it stands in a grammar.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_becomes_its_grammar() {
        let slot = json!({"type": "object", "additionalProperties": false, "required": ["value"], "properties": {"value": {"type": "string", "minLength": 1, "maxLength": 9}}});
        let schema = json!({
            "type": "object", "additionalProperties": false, "required": ["command", "slots"],
            "properties": {"command": {"enum": ["a", "b\"c"]}, "slots": {"type": "array", "maxItems": 3, "items": slot}},
        });
        let expected = r#"root ::= "{" "\"command\":" r0 "," "\"slots\":" r3 "}"
letter ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]
r0 ::= ("\"a\"" | "\"b\\\"c\"")
r1 ::= "\"" letter{1,9} "\""
r2 ::= "{" "\"value\":" r1 "}"
r3 ::= "[" (r2 ("," r2){0,2})? "]"
"#;
        assert_eq!(grammar(&schema).unwrap(), expected);
    }

    #[test]
    fn what_is_not_bounded_or_not_understood_is_refused() {
        for schema in [
            json!(true),
            json!({"type": "string"}),
            json!({"type": "string", "maxLength": 100_000}),
            json!({"type": "string", "maxLength": 5, "pattern": "^a"}),
            json!({"type": "string", "maxLength": 5, "minLength": 6}),
            json!({"type": "number"}),
            json!({"enum": [1]}),
            json!({"enum": []}),
            json!({"type": "array", "items": {"enum": ["a"]}}),
            json!({"type": "object", "properties": {"a": {"enum": ["a"]}}, "required": ["a"]}),
            json!({"type": "object", "properties": {"a": {"enum": ["a"]}}, "required": [], "additionalProperties": false}),
            json!({"anyOf": []}),
        ] {
            assert!(grammar(&schema).is_err(), "{schema}");
        }
    }
}
