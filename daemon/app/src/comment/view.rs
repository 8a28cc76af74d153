//! What does a comment tell? Everything the texts are made from, gathered by the flows and owned by nobody here.

use std::sync::Arc;

use core_model::plan::Plan;
use core_model::record::{ParkedReason, StepOutcome};
use core_model::resource_type::Registry;
use core_model::{Diagnostic, Hash, Sources};
use core_policy::Verdict;

use crate::rehearsal::Rehearsal;

/// Finds the living comment of a pull request again. Nothing else is ever read back from a comment.
pub const MARKER: &str = "<!-- ipr:plan -->";

/// A pull request as its living comment shows it.
pub struct PullView<'a> {
    /// The first line of the comment, usually [`MARKER`]. It is put in as it is.
    pub marker: &'a str,
    pub number: u64,
    /// The short name of the head commit that was planned.
    pub head: &'a str,
    /// In the order in which they are shown.
    pub environments: Vec<EnvironmentView>,
    /// What is wrong with the blueprints, policies or `ipr.yaml` of the merge result.
    pub diagnostics: Vec<&'a Diagnostic>,
    /// The texts that snippets are taken from.
    pub sources: &'a Sources,
    /// What the pull request changes about how merges are judged: names of files, and words.
    pub judgement: &'a [String],
    /// What the plans that were applied last would have got under the rules that it brings.
    pub rehearsals: &'a [Rehearsal],
    /// The files that do not merge, where the head does not merge into its base.
    pub merge_conflict: Option<Vec<String>>,
    /// Tells sizes, durations and secrets from plain numbers and texts.
    pub registry: &'a Registry,
}

/// One environment of a pull request.
#[derive(Debug, Clone)]
pub struct EnvironmentView {
    pub name: String,
    /// `None` where no plan could be made.
    pub plan: Option<Arc<Plan>>,
    /// What the rules say of the plan.
    pub verdict: Verdict,
    pub state: EnvironmentState,
    /// What a person can do now, each a sentence of ours in Markdown.
    pub next_step: Vec<String>,
    /// Every condition of an apply, met or not: why it goes on, or why not.
    pub requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum EnvironmentState {
    Planned,
    NothingToDo,
    /// The plan has problems: it cannot be applied.
    Problems,
    /// A rule forbids the plan, or a rule could not be asked.
    Denied,
    /// A run is open in this environment; the plan is made again after it.
    Provisional {
        why: String,
    },
    Running {
        run: String,
    },
    Applied {
        /// The short name of the record's commit.
        record: String,
        url: Option<String>,
    },
    /// The merge asked for nothing here.
    NothingToDoAtMerge,
    /// A later merge asks for the same addresses and covers this one.
    Superseded {
        by: String,
    },
    Parked {
        reason: ParkedReason,
        detail: String,
        digest: Hash,
    },
    Failed {
        outcomes: Vec<StepOutcome>,
    },
    RolledBack {
        outcomes: Vec<StepOutcome>,
    },
    Skipped {
        by: String,
    },
    /// A target that the plan needs does not answer.
    Unreachable {
        why: String,
    },
}

/// One condition for a command or a merge to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    pub met: bool,
    /// `1 approval of the plan`.
    pub text: String,
    /// Who can meet it: `@acme/platform`. Never notified. Empty where nobody in particular can.
    pub who: String,
    /// How: `approve this pull request`. Empty where `text` says it.
    pub how: String,
}
