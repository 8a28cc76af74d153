//! How is one value of a plan written in one line? Secrets are shown as what they are, never what they say.

use serde_json::Value;

use super::plain;

const LENGTH_MAX: usize = 120;

/// A value in at most one line.
pub(super) fn one_line(value: &Value) -> String {
    let text = plain(&write(value)).replace('\n', "\\n").replace('\t', "\\t");
    if text.chars().count() <= LENGTH_MAX {
        return text;
    }
    let begin: String = text.chars().take(LENGTH_MAX).collect();
    format!("{begin}... ({} characters)", text.chars().count())
}

fn write(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Object(map) => match (map.get("$sealed"), map.get("$secret")) {
            (Some(sealed), _) => format!("(secret {})", sealed.get("fingerprint").and_then(Value::as_str).unwrap_or("hidden")),
            (None, Some(_)) => "(secret)".to_owned(),
            (None, None) => {
                let fields: Vec<String> = map.iter().map(|(key, value)| format!("{key}: {}", write(value))).collect();
                format!("{{{}}}", fields.join(", "))
            }
        },
        Value::Array(items) => format!("[{}]", items.iter().map(write).collect::<Vec<_>>().join(", ")),
        Value::String(_) | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_one_bounded_line() {
        let rows = [
            (json!(null), "nothing"),
            (json!("a\nb"), r#""a\nb""#),
            (json!({"at": "/data", "ports": [80, true]}), r#"{at: "/data", ports: [80, true]}"#),
            (json!({"$sealed": {"fingerprint": "k1:0011", "parts": [{"name": "db"}]}}), "(secret k1:0011)"),
            (json!([{"$secret": ["x", {"name": "db"}]}]), "[(secret)]"),
        ];
        for (value, text) in rows {
            assert_eq!(one_line(&value), text);
        }
        let long = one_line(&json!("x".repeat(500)));
        assert!(long.len() < 160 && long.ends_with("... (502 characters)"), "{long}");
    }
}
