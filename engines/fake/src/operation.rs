//! What can be asked of a fake target? The words in its log, in faults and in the journal.

use serde::{Deserialize, Serialize};

/// One call of the fake target's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    Probe,
    Observe,
    Resolve,
    Create,
    Start,
    Update,
    Restart,
    Delete,
    /// Carries out a one-shot task.
    Run,
    /// Makes a batch lasting.
    Confirm,
    /// Undoes a batch.
    Abandon,
}

impl Operation {
    pub const MUTATING: [Self; 8] = [Self::Create, Self::Start, Self::Update, Self::Restart, Self::Delete, Self::Run, Self::Confirm, Self::Abandon];

    pub fn name(self) -> &'static str {
        match self {
            Self::Probe => "Probe",
            Self::Observe => "Observe",
            Self::Resolve => "Resolve",
            Self::Create => "Create",
            Self::Start => "Start",
            Self::Update => "Update",
            Self::Restart => "Restart",
            Self::Delete => "Delete",
            Self::Run => "Run",
            Self::Confirm => "Confirm",
            Self::Abandon => "Abandon",
        }
    }
}
