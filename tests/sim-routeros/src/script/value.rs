//! Which values do scripts know?

use std::cmp::Ordering;

use crate::values::boolean;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    Number(i64),
    Bool(bool),
    List(Vec<Value>),
}

impl Value {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Bool(truth) => truth.to_string(),
            Self::List(items) => items.iter().map(Value::text).collect::<Vec<_>>().join(";"),
        }
    }

    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(truth) => *truth,
            Self::Number(number) => *number != 0,
            Self::Text(text) => boolean(text).unwrap_or(!text.is_empty()),
            Self::List(items) => !items.is_empty(),
        }
    }

    /// As long as a text, or as many as a list.
    pub(super) fn length(&self) -> i64 {
        let length = match self {
            Self::List(items) => items.len(),
            other => other.text().chars().count(),
        };
        i64::try_from(length).unwrap_or(i64::MAX)
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            other => other.text().parse().ok(),
        }
    }

    /// Truths by what they mean, numbers by their size, all else by its letters.
    pub(super) fn compare(&self, other: &Value) -> Ordering {
        let (left, right) = (self.text(), other.text());
        if let (Some(left), Some(right)) = (boolean(&left), boolean(&right)) {
            return left.cmp(&right);
        }
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left.cmp(&right),
        }
    }

    pub(super) fn items(self) -> Vec<Value> {
        match self {
            Self::Nothing => Vec::new(),
            Self::List(items) => items,
            other => vec![other],
        }
    }
}

/// Whether a text contains a pattern; `^` and `$` tie it to the ends. All else of regular expressions is taken as it stands.
pub(super) fn matches_pattern(text: &str, pattern: &str) -> bool {
    let (is_start, pattern) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let (is_end, pattern) = pattern.strip_suffix('$').map_or((false, pattern), |rest| (true, rest));
    match (is_start, is_end) {
        (true, true) => text == pattern,
        (true, false) => text.starts_with(pattern),
        (false, true) => text.ends_with(pattern),
        (false, false) => text.contains(pattern),
    }
}
