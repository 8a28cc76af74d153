//! What is found where a member of a group should be? Enough to name it and to write it into a blueprint of the whole group.

use serde_json::{Map, Value};

/// One member of a group, as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub type_name: &'static str,
    pub provider: &'static str,
    /// What it is known by, in words: two addresses that lead to one member tell the same.
    pub identity: String,
    /// What people may call it, the best first: a host name, a serial number.
    pub names: Vec<String>,
    /// For people: "Dell PowerEdge R650".
    pub what: String,
    /// What it would not tell; each completes "not told: ...".
    pub untold: Vec<String>,
    /// What a blueprint would say of it. Whatever it tells, no text in here is a reference.
    pub specs: Map<String, Value>,
    /// Paths of texts in `specs` that are each member's own: `identity.serial`.
    pub own: &'static [&'static str],
}

/// A text as a blueprint has to write it, so that nothing in it is a reference.
pub fn literal(text: &str) -> String {
    text.replace("${", "$${")
}

/// [`literal`] for every text in a value.
pub fn literals(value: &mut Value) {
    match value {
        Value::String(text) => *text = literal(text),
        Value::Array(items) => items.iter_mut().for_each(literals),
        Value::Object(map) => map.values_mut().for_each(literals),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_a_target_tells_is_a_reference() {
        let mut told = json!({"a": "${secret.x}", "b": [{"c": "$${env.y}"}, 1, null], "d": "$5"});
        literals(&mut told);
        assert_eq!(told, json!({"a": "$${secret.x}", "b": [{"c": "$$${env.y}"}, 1, null], "d": "$5"}));
    }
}
