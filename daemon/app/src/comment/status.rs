//! What does the line beside a commit say? A state and at most 140 characters.

use core_model::plan::{Plan, Risk};
use core_model::record::ParkedReason;

use super::markdown::{capped, counted, visible};
use super::view::{EnvironmentState, EnvironmentView, PullView};
use super::{outcomes, section, steps};

/// GitHub takes 140 characters.
pub const DESCRIPTION_LENGTH_MAX: usize = 140;

/// The words of GitHub's commit statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusState {
    Success,
    Pending,
    Failure,
}

impl StatusState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Pending => "pending",
            Self::Failure => "failure",
        }
    }
}

/// One status for the whole pull request.
pub fn status(view: &PullView<'_>) -> (StatusState, String) {
    let errors = view.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if view.merge_conflict.is_some() {
        return (StatusState::Failure, "Conflicts with the base branch".to_owned());
    }
    if errors > 0 {
        return (StatusState::Failure, format!("{} in the blueprints", counted(errors, "error")));
    }
    let all: Vec<(StatusState, String)> = view.environments.iter().map(environment_status).collect();
    let worst = all.iter().map(|(state, _)| *state).max().unwrap_or(StatusState::Success);
    let told: Vec<String> = view
        .environments
        .iter()
        .zip(&all)
        .filter(|(environment, _)| !is_nothing(&environment.state))
        .map(|(environment, (_, text))| format!("{}: {text}", visible(&environment.name)))
        .collect();
    let text = if told.is_empty() { "Nothing to do".to_owned() } else { told.join("; ") };
    (worst, fitting(&text))
}

/// The status of one environment.
pub fn environment_status(environment: &EnvironmentView) -> (StatusState, String) {
    let plan = environment.plan.as_deref();
    let (state, text) = match &environment.state {
        EnvironmentState::Planned => (StatusState::Success, planned(plan)),
        EnvironmentState::NothingToDo | EnvironmentState::NothingToDoAtMerge => (StatusState::Success, "nothing to do".to_owned()),
        EnvironmentState::Problems => {
            (StatusState::Failure, format!("cannot be applied, {}", counted(plan.map_or(0, |plan| plan.problems.len()), "problem")))
        }
        EnvironmentState::Denied => {
            let denials = environment.verdict.denials().count() + environment.verdict.faults.len();
            (StatusState::Failure, format!("denied by {}, {}", counted(denials, "rule"), planned(plan)))
        }
        EnvironmentState::Provisional { why } => (StatusState::Pending, format!("provisional, {why}")),
        EnvironmentState::Running { .. } => (StatusState::Pending, "being applied".to_owned()),
        EnvironmentState::Applied { record, .. } => (StatusState::Success, format!("applied, record {record}")),
        EnvironmentState::Superseded { .. } => (StatusState::Success, "superseded by a later merge".to_owned()),
        EnvironmentState::Skipped { by } => (StatusState::Success, format!("skipped by {by}")),
        EnvironmentState::Parked { reason: reason @ ParkedReason::Window, .. } => (StatusState::Pending, section::parked_word(*reason).to_owned()),
        EnvironmentState::Parked { reason, digest, .. } => {
            (StatusState::Failure, format!("{}, /apply {}", section::parked_word(*reason), digest.short()))
        }
        EnvironmentState::Failed { outcomes } => (StatusState::Failure, format!("failed: {}", outcomes::summary(outcomes))),
        EnvironmentState::RolledBack { outcomes } => (StatusState::Failure, format!("failed and undone: {}", outcomes::summary(outcomes))),
        EnvironmentState::Unreachable { why } => (StatusState::Failure, format!("a target cannot be read: {why}")),
    };
    (state, fitting(&text))
}

fn is_nothing(state: &EnvironmentState) -> bool {
    matches!(state, EnvironmentState::NothingToDo | EnvironmentState::NothingToDoAtMerge)
}

fn planned(plan: Option<&Plan>) -> String {
    let Some(plan) = plan else { return "planned".to_owned() };
    let risk = if plan.risk() >= Risk::Restart { format!(", {}", plan.risk().word()) } else { String::new() };
    format!("{}{risk}", steps::counts(plan))
}

fn fitting(text: &str) -> String {
    capped(&visible(text), DESCRIPTION_LENGTH_MAX - 1)
}
