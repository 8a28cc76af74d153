//! What became of each step of a run? Failures first.

use core_model::plan::Plan;
use core_model::record::{StepOutcome, StepState};

use super::markdown::{capped, fence, visible};

const OUTCOMES_MAX: usize = 60;
const MESSAGE_LENGTH_MAX: usize = 300;

/// A fence with a line for each step.
pub(crate) fn fenced(outcomes: &[StepOutcome], plan: Option<&Plan>) -> String {
    let mut sorted: Vec<&StepOutcome> = outcomes.iter().collect();
    sorted.sort_by_key(|outcome| rank(outcome));
    let width = sorted.iter().take(OUTCOMES_MAX).map(|outcome| outcome.address.to_string().len()).max().unwrap_or(0);
    let mut lines: Vec<String> = sorted.iter().take(OUTCOMES_MAX).map(|outcome| line(outcome, plan, width)).collect();
    let more = sorted.len().saturating_sub(OUTCOMES_MAX);
    if more > 0 {
        let worst = sorted.get(OUTCOMES_MAX).map_or("", |outcome| word(outcome));
        lines.push(format!("  and {more} more, none worse than \"{worst}\""));
    }
    fence("text", &lines)
}

fn line(outcome: &StepOutcome, plan: Option<&Plan>, width: usize) -> String {
    let action = plan.and_then(|plan| plan.steps.iter().find(|step| step.digest == outcome.step)).map_or("", |step| step.action.word());
    let mut line = format!("{} {action:7} {:width$}   {}", sign(outcome), outcome.address.to_string(), word(outcome));
    if let Some(message) = &outcome.message {
        line.push_str(&format!(": {}", capped(&visible(message), MESSAGE_LENGTH_MAX)));
    }
    line
}

/// Worst first.
fn rank(outcome: &StepOutcome) -> usize {
    match (outcome.state, outcome.ready) {
        (StepState::Failed, _) => 0,
        (StepState::Unknown, _) => 1,
        (_, Some(false)) => 2,
        (StepState::Stopped, _) => 3,
        (StepState::NotStarted, _) => 4,
        (StepState::Undone, _) => 5,
        (StepState::Changed, _) => 6,
        (StepState::AlreadySo, _) => 7,
    }
}

fn sign(outcome: &StepOutcome) -> char {
    match rank(outcome) {
        0 | 2 => '✗',
        1 => '?',
        3 | 4 => '·',
        5 => '↩',
        _ => '✓',
    }
}

fn word(outcome: &StepOutcome) -> &'static str {
    match (outcome.state, outcome.ready) {
        (StepState::Failed, _) => "failed",
        (StepState::Unknown, _) => "unknown whether it was done; a person has to look",
        (StepState::Changed, Some(false)) => "done, and not ready",
        (StepState::AlreadySo, Some(false)) => "was so already, and is not ready",
        (StepState::Stopped, _) => "not done",
        (StepState::NotStarted, _) => "not started",
        (StepState::Undone, _) => "undone",
        (StepState::Changed, _) => "done",
        (StepState::AlreadySo, _) => "was so already",
    }
}

/// `2 done, 1 failed`.
pub(crate) fn summary(outcomes: &[StepOutcome]) -> String {
    let count = |wanted: &[StepState]| outcomes.iter().filter(|outcome| wanted.contains(&outcome.state)).count();
    let not_ready = outcomes.iter().filter(|outcome| outcome.ready == Some(false)).count();
    let parts = [
        (count(&[StepState::Failed]), "failed"),
        (count(&[StepState::Unknown]), "unknown"),
        (not_ready, "not ready"),
        (count(&[StepState::Stopped, StepState::NotStarted]), "not done"),
        (count(&[StepState::Undone]), "undone"),
        (count(&[StepState::Changed]), "done"),
        (count(&[StepState::AlreadySo]), "so already"),
    ];
    parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}
