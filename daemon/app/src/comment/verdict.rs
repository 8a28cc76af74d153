//! How does it stand, in one line? The title of the living comment.

use core_model::plan::{Plan, Risk};

use super::markdown::{counted, listed, prose};
use super::steps;
use super::view::{EnvironmentState, EnvironmentView, PullView};

type Matches = fn(&EnvironmentState) -> bool;

/// The worst thing that is so, and where.
pub(crate) fn verdict(view: &PullView<'_>) -> String {
    if view.merge_conflict.is_some() {
        return "❌ Conflicts with the base branch".to_owned();
    }
    let errors = view.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if errors > 0 {
        return format!("❌ {} in the blueprints", counted(errors, "error"));
    }
    let ranks: [(Matches, &str); 8] = [
        (|state| matches!(state, EnvironmentState::Failed { .. }), "❌ Failed in"),
        (|state| matches!(state, EnvironmentState::RolledBack { .. }), "❌ Failed and undone in"),
        (|state| matches!(state, EnvironmentState::Problems), "❌ Cannot be applied to"),
        (|state| matches!(state, EnvironmentState::Denied), "❌ Denied by the rules of"),
        (|state| matches!(state, EnvironmentState::Parked { .. }), "⏸ Waits for a person in"),
        (|state| matches!(state, EnvironmentState::Running { .. }), "⏳ Being applied to"),
        (|state| matches!(state, EnvironmentState::Unreachable { .. }), "⚠️ Cannot see all of"),
        (|state| matches!(state, EnvironmentState::Planned | EnvironmentState::Provisional { .. }), ""),
    ];
    for (matches, words) in ranks {
        let here: Vec<&EnvironmentView> = view.environments.iter().filter(|environment| matches(&environment.state)).collect();
        if !here.is_empty() {
            return if words.is_empty() { planned(&here) } else { format!("{words} {}", names(&here)) };
        }
    }
    ended(view)
}

fn names(environments: &[&EnvironmentView]) -> String {
    if environments.len() > 4 {
        return counted(environments.len(), "environment");
    }
    listed(&environments.iter().map(|environment| prose(&environment.name)).collect::<Vec<_>>())
}

fn planned(environments: &[&EnvironmentView]) -> String {
    let plans = || environments.iter().filter_map(|environment| environment.plan.as_deref());
    let risk = match plans().map(Plan::risk).max() {
        Some(Risk::DataLoss) => "; data would be lost",
        Some(Risk::MayDisconnect) => "; may disconnect",
        _ => "",
    };
    let warning = if risk.is_empty() { "" } else { "⚠️ " };
    format!("{warning}Plan for {}: {}{risk}", names(environments), steps::in_words(plans()))
}

fn ended(view: &PullView<'_>) -> String {
    let applied: Vec<&EnvironmentView> =
        view.environments.iter().filter(|environment| matches!(environment.state, EnvironmentState::Applied { .. })).collect();
    let skipped = view.environments.iter().any(|environment| matches!(environment.state, EnvironmentState::Skipped { .. }));
    match (applied.as_slice(), skipped) {
        ([], true) => "Skipped".to_owned(),
        ([], false) => "Nothing to do".to_owned(),
        (applied, _) => format!("✅ Applied to {}", names(applied)),
    }
}
