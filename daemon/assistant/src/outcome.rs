//! What comes of a request? A question, a change, an answer to be looked up, or a refusal with its reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clean::Aside;
use crate::command::{Command, RollBack};
use crate::language::Language;
use crate::proposal::Reading;
use crate::question::Question;
use crate::source::Sourced;

/// What comes of a request or an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// One thing is missing. Its state goes to `Conversation`, which is kept by us and never read from the thread.
    Question(Question),
    /// Edits that load, and that do what was asked and nothing else. The daemon plans them before it opens a pull request.
    Change(Box<Change>),
    /// The daemon's own way back makes the pull request.
    RollBack(Box<RollBack>, Notes),
    /// To be answered from records and plans, with links.
    Answer(Box<Command>, Notes),
    Refusal(Refusal),
}

/// What was noticed on the way, to be shown under the summary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    pub language: Language,
    /// Taken for granted, in full sentences.
    pub assumptions: Vec<String>,
    /// Parts of the text that were set aside unread.
    pub asides: Vec<Aside>,
    /// Words that were not used.
    pub unread: Vec<String>,
    /// By rules, or by a model. It stays with the request until its pull request.
    #[serde(default)]
    pub reading: Reading,
}

/// A change that is ready to be planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub command: Command,
    /// The new texts of the files, by path. Every path is under `blueprints/`; `None` removes the file.
    pub edits: BTreeMap<String, Option<String>>,
    /// Every slot with its value and source, in the order of the table.
    pub slots: Vec<(String, Sourced<String>)>,
    /// One line in the author's language, fit for a title. Holds no text of the author but checked names and values.
    pub summary: String,
    /// How to take it back, in one sentence.
    pub undo: String,
    pub notes: Notes,
}

/// Why nothing is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub reason: RefusalReason,
    /// What, and what to do instead: full sentences in the author's language.
    pub text: String,
}

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// Applying, merging and approving are for people.
    NotOurs,
    Secrets,
    /// ipr.yaml, policies, workflows and permissions are changed by people.
    Settings,
    /// More than one pull request should do.
    Mass,
    /// Commands on machines.
    Shell,
    /// Nothing about infrastructure.
    OtherSubject,
    /// The text speaks to the assistant and tries to steer it.
    Steering,
    /// Only under a condition, or at another time.
    Conditional,
    /// No engine here can do it.
    NotPossible,
    /// The text is too long.
    TooLong,
    /// Nothing was asked for that could be read.
    NotUnderstood,
    /// The author took it back.
    Withdrawn,
    /// The repository itself does not load.
    Repository,
    /// The blueprint is written in a way that cannot be edited safely.
    NotEditable,
}
