//! Where does a value come from? Every slot of a command has a source; a slot without one is a question.

use serde::{Deserialize, Serialize};

/// The source of one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Source {
    /// Words that the author wrote: in the request (turn 0) or in the answer to our n-th question. Bytes of that text, from 0.
    Author { turn: u32, start: usize, end: usize, words: String },
    /// What the repository says already, at a line of one of its files.
    Repository { file: String, line: u32 },
    /// A rule of ours, a profile or a template. `rule` is a sentence for the table of slots.
    Default { rule: String },
}

impl Source {
    pub fn rule(rule: impl Into<String>) -> Self {
        Self::Default { rule: rule.into() }
    }

    pub fn at(span: &core_model::Span) -> Self {
        Self::Repository { file: span.file.to_string(), line: span.line }
    }

    /// Whether a person said it, and not a default.
    pub fn is_author(&self) -> bool {
        matches!(self, Self::Author { .. })
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced<T> {
    pub value: T,
    pub source: Source,
}

impl<T> Sourced<T> {
    pub fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), source: self.source }
    }
}
