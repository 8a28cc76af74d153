//! How did a run end? The new comment that says so: applied, failed, or failed and undone.

use core_model::Hash;
use core_model::plan::Plan;
use core_model::record::{StepOutcome, StepState};

use super::markdown::{code, details, mentions, prose};
use super::section::record_link;
use super::{outcomes, paragraphs, steps, ways};

/// The other steps on which something waits are in the folded list.
const WAITING_MAX: usize = 20;

/// A run that ended.
pub struct RunView<'a> {
    pub environment: &'a str,
    pub plan: Option<&'a Plan>,
    pub outcomes: &'a [StepOutcome],
    /// The short name of the commit that holds the finished record, and where it can be read.
    pub record: &'a str,
    pub record_url: Option<&'a str>,
    /// What is to be known beside the outcomes.
    pub notes: &'a [String],
    /// The digest that `/apply` must name, where something is left to do.
    pub digest: Option<&'a Hash>,
    /// Who is told. These mentions are real.
    pub notify: &'a [String],
}

/// Everything is done.
pub fn applied(run: &RunView<'_>) -> String {
    let words = run.plan.map(|plan| steps::in_words(std::iter::once(plan))).filter(|words| !words.is_empty());
    let what = words.map_or_else(|| "Done".to_owned(), |words| format!("Done: {words}"));
    let already = run.outcomes.iter().filter(|outcome| outcome.state == StepState::AlreadySo).count();
    let already = if already > 0 { format!(" {already} of it was so already.") } else { String::new() };
    paragraphs([
        format!("### ✅ Applied to {}", prose(run.environment)),
        mentions(run.notify),
        format!("{what}.{already} Record {}.", record_link(run.record, run.record_url)),
        waiting(run.outcomes),
        noted(run.notes),
        if run.outcomes.is_empty() { String::new() } else { details("What was done", &outcomes::fenced(run.outcomes, run.plan)) },
    ])
}

/// What was written and the target has not put into effect: nobody would look for it in a folded list.
fn waiting(outcomes: &[StepOutcome]) -> String {
    let waiting: Vec<String> = outcomes
        .iter()
        .filter_map(|outcome| Some(format!("- {}: {}", code(&outcome.address.to_string()), prose(outcome.message.as_deref()?))))
        .collect();
    if waiting.is_empty() { String::new() } else { format!("**Not in effect yet:**\n\n{}", capped_lines(waiting).join("\n")) }
}

/// What did not work and stops nothing.
fn noted(notes: &[String]) -> String {
    let mut lines: Vec<String> = notes.iter().take(WAITING_MAX).map(|note| format!("⚠ {}", prose(note))).collect();
    let more = notes.len().saturating_sub(WAITING_MAX);
    if more > 0 {
        lines.push(format!("and {more} more such notes, in the record"));
    }
    lines.join("\n\n")
}

fn capped_lines(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(WAITING_MAX);
    if more > 0 {
        lines.truncate(WAITING_MAX);
        lines.push(format!("- and {more} more"));
    }
    lines
}

/// A new run has no memory of the old one: what may have been done is done again.
fn apply_does(outcomes: &[StepOutcome], usually: &'static str) -> &'static str {
    if outcomes.iter().any(|outcome| outcome.state == StepState::Unknown) {
        "does what is unknown once more, so look at the target first"
    } else {
        usually
    }
}

/// Something failed, and what was done stays.
pub fn failed(run: &RunView<'_>) -> String {
    paragraphs([
        format!("### ❌ Failed in {}", prose(run.environment)),
        mentions(run.notify),
        format!(
            "{}. What is done stays, what depends on a failed step was not started, and nothing is tried again by itself. Record {}.",
            outcomes::summary(run.outcomes),
            record_link(run.record, run.record_url)
        ),
        outcomes::fenced(run.outcomes, run.plan),
        noted(run.notes),
        ways(run.environment, run.digest, apply_does(run.outcomes, "goes on with what is not done")),
    ])
}

/// Something failed, and what could be undone was.
pub fn rolled_back(run: &RunView<'_>) -> String {
    let staying = run.outcomes.iter().filter(|outcome| outcome.state == StepState::Changed).count();
    let staying = match staying {
        0 => "Nothing of it stays".to_owned(),
        1 => "1 step could not be undone and stays".to_owned(),
        count => format!("{count} steps could not be undone and stay"),
    };
    paragraphs([
        format!("### ❌ Failed and undone in {}", prose(run.environment)),
        mentions(run.notify),
        format!("{}. {staying}. Record {}.", outcomes::summary(run.outcomes), record_link(run.record, run.record_url)),
        outcomes::fenced(run.outcomes, run.plan),
        noted(run.notes),
        ways(run.environment, run.digest, apply_does(run.outcomes, "tries it again")),
    ])
}

/// A merge was let go of.
pub fn skipped(environment: &str, by: &str) -> String {
    paragraphs([format!(
        "Skipped in {} by {}. What it asked for stays pending there until a later merge or a new plan deals with it.",
        prose(environment),
        code(by)
    )])
}
