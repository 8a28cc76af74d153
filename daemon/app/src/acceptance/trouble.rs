//! Why did a trial not go on?

use core_model::plan::Plan;

use crate::planning::Blocked;

/// What stopped a trial, in words that go after "could not create the machine: ".
#[derive(Debug, thiserror::Error)]
pub enum TrialTrouble {
    #[error("it cannot be planned: {}", .0.join("; "))]
    Unplanned(Vec<String>),
    #[error("the plan says that it would not work: {}", .0.join("; "))]
    Problems(Vec<String>),
    #[error("{0}")]
    Failed(String),
    #[error("it was told to stop")]
    Stopped,
    /// Carried out, and the next plan would do something again.
    #[error("it was done, and a second plan is not empty: {}", .0.join("; "))]
    Unsettled(Vec<String>),
    #[error("`{0}` exists and is not of a trial by this owner id; rename or remove it")]
    Foreign(String),
    #[error("the target does not tell what is there: {0}")]
    Unseen(String),
    #[error("still there: {}", .0.join(", "))]
    Left(Vec<String>),
}

impl TrialTrouble {
    pub(super) fn blocked(blocked: Blocked) -> Self {
        Self::Unplanned(blocked.diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect())
    }

    /// What in the plan itself forbids to carry it out.
    pub(super) fn in_plan(plan: &Plan) -> Option<Self> {
        let with_hint = |detail: &str, hint: &Option<String>| hint.as_ref().map_or(detail.to_owned(), |hint| format!("{detail} Hint: {hint}"));
        let problems: Vec<String> = plan.problems.iter().map(|problem| with_hint(&problem.detail, &problem.hint)).collect();
        if !problems.is_empty() {
            return Some(Self::Problems(problems));
        }
        plan.unknown.first().map(|unknown| Self::Unseen(unknown.why.clone()))
    }

    pub(super) fn unsettled(plan: &Plan) -> Self {
        let paths = |step: &core_model::plan::Step| step.changes.iter().map(|change| change.path.as_str()).collect::<Vec<_>>().join(", ");
        Self::Unsettled(plan.steps.iter().map(|step| format!("{} `{}` ({})", step.action.word(), step.object, paths(step))).collect())
    }
}
