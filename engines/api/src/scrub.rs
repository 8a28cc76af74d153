//! How do an engine's own words stay free of our secrets? Every value that the plan keeps sealed is struck from them.

use core_model::plan::Step;
use serde_json::Value;

use crate::{EngineError, Order};

/// The secret values of one order. Never printed.
pub struct Scrubber {
    secrets: Vec<String>,
}

/// Shorter values are not struck: they would tear words apart, and hide nothing that could not be guessed.
const SECRET_LENGTH_MIN: usize = 4;

impl Scrubber {
    /// The values that are sealed in the order's step and open in its `desired`.
    pub fn of(order: &Order) -> Self {
        let mut secrets = Vec::new();
        let Step { desired: sealed, .. } = &order.step;
        for (key, value) in &order.desired {
            collect(sealed.get(key), value, &mut secrets);
        }
        // Longest first, so that a secret which holds another is struck whole.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// The same text with `[secret]` in place of each of them.
    pub fn text(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "[secret]"))
    }

    /// The same error without secrets. The source is dropped when it might hold one.
    pub fn error(&self, error: EngineError) -> EngineError {
        let message = self.text(&error.message);
        if message == error.message { error } else { EngineError::new(error.kind, error.attempted, message) }
    }
}

fn collect(sealed: Option<&Value>, open: &Value, secrets: &mut Vec<String>) {
    let is_sealed = sealed.is_some_and(|sealed| sealed.get("$sealed").is_some());
    match open {
        Value::String(text) if is_sealed && text.len() >= SECRET_LENGTH_MIN => secrets.push(text.clone()),
        Value::Object(map) => map.iter().for_each(|(key, value)| collect(sealed.and_then(|sealed| sealed.get(key)), value, secrets)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| collect(sealed.and_then(|sealed| sealed.get(index)), value, secrets))
        }
        _ => {}
    }
}
