//! What may a language model propose? The same commands, and no slot whose value does not follow from words that the author wrote.
//!
//! The model sees the schema, the names that the text may mean, and the visible text: no file, no history, no secret. What it answers is
//! data: it is parsed under bounds, every slot is read again from the words it points to, and whatever does not agree is refused with the
//! reason. A model that lies can waste a moment; it cannot make a value up.

mod prompt;
mod proposer;
mod slots;

use core_model::Hash;
use serde::{Deserialize, Serialize};

pub use self::prompt::{Prompt, prompt, schema};
pub use self::proposer::{ModelVersion, Proposed, Proposer, ProposerError};
use self::slots::{Unaccepted, accept};
use crate::conversation::{Request, Turn, go_on, read};
use crate::outcome::{Outcome, RefusalReason};
use crate::view::View;

/// A longer answer is not read.
pub const ANSWER_BYTES_MAX: usize = 16 << 10;
/// How often a model may correct itself.
pub const REPAIRS_MAX: usize = 2;
/// The most slots of a proposal.
const SLOTS_MAX: usize = 24;

/// Which way a request was read, for the audit and the summary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Reading {
    #[default]
    Deterministic,
    /// By this model, which was given the prompt of this hash, after so many repairs.
    Model { name: String, version: ModelVersion, prompt: Hash, repairs: usize },
    /// The model was asked and gave nothing that could be accepted; the last reason.
    ModelFailed { name: String, prompt: Hash, reason: String },
}

impl Reading {
    /// One word, for the audit.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Deterministic => "deterministic",
            Self::Model { .. } => "model",
            Self::ModelFailed { .. } => "model-failed",
        }
    }
}

/// Reads a request by rules, and asks the model only where those give up.
pub async fn read_with(request: &Request<'_>, view: &View<'_>, proposer: &dyn Proposer) -> (Turn, Reading) {
    let turn = read(request, view);
    if !gives_up(&turn.outcome) {
        return (turn, Reading::Deterministic);
    }
    let name = proposer.name();
    let mut complaint = None;
    let mut repairs = 0;
    loop {
        let given = prompt(request, view, complaint);
        let failed = |reason: String| Reading::ModelFailed { name: name.to_owned(), prompt: given.hash(), reason };
        let proposed = match proposer.propose(&given).await {
            Ok(proposed) => proposed,
            Err(error) => return (turn, failed(error.to_string())),
        };
        match accept(request, &proposed.text, view) {
            Ok(mut draft) => {
                let reading = Reading::Model { name: name.to_owned(), version: proposed.version, prompt: given.hash(), repairs };
                draft.notes.reading = reading.clone();
                return (go_on(draft, 0, view), reading);
            }
            Err(Unaccepted::NoCommand) => return (turn, failed("the model found nothing that is asked for".to_owned())),
            Err(Unaccepted::Repair(reason)) if repairs == REPAIRS_MAX => return (turn, failed(reason)),
            Err(Unaccepted::Repair(reason)) => complaint = Some(reason),
        }
        repairs += 1;
    }
}

/// Where rules give up, a model may try. What they refuse for a reason stays refused, and what they ask about stays a question.
fn gives_up(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refusal(refusal) if refusal.reason == RefusalReason::NotUnderstood)
}
