//! What must be asked? One thing at a time, at most five options, the default named.

use core_model::{Address, Name};
use serde::{Deserialize, Serialize};

use crate::command::{FieldChange, Scope};
use crate::past::Past;

/// The most options of a question.
pub const OPTIONS_MAX: usize = 5;

/// What a question asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    /// What shall be done at all.
    Command,
    Resource,
    Environment,
    FromEnvironment,
    ToEnvironment,
    Name,
    Count,
    Provider,
    /// Processors, memory and disk of a new machine, in one answer.
    Size,
    /// One field, by its path.
    Field(String),
    Past,
    Object,
    /// Whether a command that was read with doubt is meant.
    Confirmation,
    /// Which of several wishes comes first.
    Order,
}

impl Slot {
    /// The word by which the audit and the figures call it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Command => "command",
            Self::Resource => "resource",
            Self::Environment => "environment",
            Self::FromEnvironment => "from-environment",
            Self::ToEnvironment => "to-environment",
            Self::Name => "name",
            Self::Count => "count",
            Self::Provider => "provider",
            Self::Size => "size",
            Self::Field(path) => path,
            Self::Past => "past",
            Self::Object => "object",
            Self::Confirmation => "confirmation",
            Self::Order => "order",
        }
    }
}

/// What an answer fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fill {
    Resources(Vec<Address>),
    Environment(Scope),
    Names(Vec<Name>),
    Count(u32),
    /// A provider and one of its types.
    Provider(String, String),
    Settings(Vec<(String, FieldChange)>),
    Past(Past),
    Object(String),
    Yes,
    No,
    /// A part of the request, to be read by itself.
    Clause(String),
}

/// One option: what is shown, and what choosing it fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub label: String,
    pub fill: Fill,
}

/// A question to the author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub slot: Slot,
    /// One sentence in the author's language.
    pub text: String,
    /// At most [`OPTIONS_MAX`].
    pub options: Vec<Choice>,
    /// The option that "yes" chooses.
    pub default: Option<usize>,
}

impl Question {
    pub(crate) fn new(slot: Slot, text: impl Into<String>) -> Self {
        Self { slot, text: text.into(), options: Vec::new(), default: None }
    }

    /// Adds options; the first is the default. What is over the limit is left out.
    pub(crate) fn options(mut self, options: impl IntoIterator<Item = (String, Fill)>) -> Self {
        self.options.extend(options.into_iter().map(|(label, fill)| Choice { label, fill }));
        self.options.truncate(OPTIONS_MAX);
        self.default = (!self.options.is_empty()).then_some(0);
        self
    }

    /// The same, with no option as the default: a wrong guess would cost too much.
    pub(crate) fn without_default(mut self) -> Self {
        self.default = None;
        self
    }
}
