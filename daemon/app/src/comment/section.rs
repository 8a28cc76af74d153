//! What happens in one environment? State, dangers, steps, what a person can do, and what else was seen.

use core_model::plan::{Plan, Risk};
use core_model::record::ParkedReason;
use core_model::resource_type::Registry;

use super::detail::Detail;
use super::markdown::{PROSE_LENGTH_MAX, alert, capped, code, counted, details, fence, listed, prose};
use super::view::{EnvironmentState, EnvironmentView, Requirement};
use super::{asides, outcomes, rules, steps};

const NAMED_MAX: usize = 10;
const DETAIL_LINES_MAX: usize = 60;

pub(crate) struct Section<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) pull_request: u64,
    pub(crate) detail: Detail,
}

impl Section<'_> {
    /// Everything below the heading. Equal texts of two environments are shown once.
    pub(crate) fn body(&self, environment: &EnvironmentView) -> String {
        let plan = environment.plan.as_deref();
        let mut parts = vec![state(environment, plan)];
        if let Some(plan) = plan {
            if is_to_come(&environment.state) {
                parts.push(asides::problems(plan, self.detail));
                parts.push(rules::verdict(&environment.verdict, self.detail));
                parts.push(asides::unknown_in_scope(plan, self.detail));
                parts.push(data_loss(plan));
                parts.push(steps::body(plan, self.registry, self.detail, Some(self.pull_request)));
                if plan.problems.is_empty() {
                    parts.push(steps::if_it_fails(plan));
                }
            } else if !plan.is_empty() {
                let steps = steps::body(plan, self.registry, self.detail, Some(self.pull_request));
                let what = if matches!(environment.state, EnvironmentState::Applied { .. }) { "What was done" } else { "The plan" };
                parts.push(details(&format!("{what}: {}", steps::in_words(std::iter::once(plan))), &steps));
            }
        }
        parts.push(next(&environment.next_step));
        parts.push(requirements(&environment.requirements));
        if let Some(plan) = plan.filter(|_| is_to_come(&environment.state)) {
            parts.push(asides::notes(plan, self.detail));
            parts.push(asides::beside(plan, self.registry, self.detail));
        }
        parts.retain(|part| !part.is_empty());
        parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
    }
}

/// Whether the plan is still to be carried out, and so to be read.
fn is_to_come(state: &EnvironmentState) -> bool {
    match state {
        EnvironmentState::Planned
        | EnvironmentState::NothingToDo
        | EnvironmentState::Problems
        | EnvironmentState::Denied
        | EnvironmentState::Provisional { .. }
        | EnvironmentState::Parked { .. }
        | EnvironmentState::Unreachable { .. } => true,
        EnvironmentState::Running { .. }
        | EnvironmentState::Applied { .. }
        | EnvironmentState::NothingToDoAtMerge
        | EnvironmentState::Superseded { .. }
        | EnvironmentState::Failed { .. }
        | EnvironmentState::RolledBack { .. }
        | EnvironmentState::Skipped { .. } => false,
    }
}

/// What a table's cell says.
pub(crate) fn state_word(environment: &EnvironmentView) -> String {
    match &environment.state {
        EnvironmentState::Planned => "planned".to_owned(),
        EnvironmentState::NothingToDo => "nothing to do".to_owned(),
        EnvironmentState::Problems => {
            let count = environment.plan.as_ref().map_or(0, |plan| plan.problems.len());
            format!("❌ {}", if count == 0 { "problems".to_owned() } else { counted(count, "problem") })
        }
        EnvironmentState::Denied => "❌ denied".to_owned(),
        EnvironmentState::Provisional { .. } => "⏳ provisional".to_owned(),
        EnvironmentState::Running { .. } => "⏳ applying".to_owned(),
        EnvironmentState::Applied { .. } => "✅ applied".to_owned(),
        EnvironmentState::NothingToDoAtMerge => "✅ nothing to do".to_owned(),
        EnvironmentState::Superseded { .. } => "✅ superseded".to_owned(),
        EnvironmentState::Parked { reason, .. } => format!("⏸ {}", parked_word(*reason)),
        EnvironmentState::Failed { .. } => "❌ failed".to_owned(),
        EnvironmentState::RolledBack { .. } => "❌ rolled back".to_owned(),
        EnvironmentState::Skipped { .. } => "skipped".to_owned(),
        EnvironmentState::Unreachable { .. } => "⚠️ not readable".to_owned(),
    }
}

pub(crate) fn parked_word(reason: ParkedReason) -> &'static str {
    match reason {
        ParkedReason::Failed => "failed, waits for you",
        ParkedReason::RolledBack => "rolled back, waits for you",
        ParkedReason::Refused => "refused",
        ParkedReason::NotCovered => "not as reviewed",
        ParkedReason::Unreviewed => "not reviewed",
        ParkedReason::Waiting => "waits for you",
        ParkedReason::Window => "waits for its window",
    }
}

/// One sentence on why a merge waits.
pub(crate) fn parked_sentence(reason: ParkedReason) -> &'static str {
    match reason {
        ParkedReason::Failed => "The run failed, and the merge waits for a person.",
        ParkedReason::RolledBack => "The run failed and was undone, and the merge waits for a person.",
        ParkedReason::Refused => "The rules of this environment do not let the merge through.",
        ParkedReason::NotCovered => "What would be done now is more than what was reviewed.",
        ParkedReason::Unreviewed => "This was pushed without a pull request, so nobody has reviewed its plan.",
        ParkedReason::Waiting => "This environment asks before it does this.",
        ParkedReason::Window => "It is carried out by itself in a window of this environment.",
    }
}

/// Why a merge waits: our sentence and what is special here, as prose, or as a block where it is a message of several lines.
pub(crate) fn why_it_waits(reason: ParkedReason, detail: &str) -> String {
    let sentence = parked_sentence(reason);
    if !detail.contains('\n') {
        return format!("**{sentence}** {}", prose(detail)).trim_end().to_owned();
    }
    let mut lines: Vec<String> = detail.lines().take(DETAIL_LINES_MAX).map(|line| capped(line, PROSE_LENGTH_MAX)).collect();
    let more = detail.lines().count() - lines.len();
    if more > 0 {
        lines.push(format!("… {}", counted(more, "more line")));
    }
    format!("**{sentence}**\n\n{}", fence("text", &lines).trim_end())
}

fn state(environment: &EnvironmentView, plan: Option<&Plan>) -> String {
    match &environment.state {
        // The table says it.
        EnvironmentState::Planned
        | EnvironmentState::Problems
        | EnvironmentState::Denied
        | EnvironmentState::NothingToDo
        | EnvironmentState::NothingToDoAtMerge => String::new(),
        EnvironmentState::Provisional { why } => format!("⏳ Provisional: {}. The plan is made again after that.", sentence(why)),
        EnvironmentState::Running { run } => format!("⏳ Being applied in run {}.", code(run)),
        EnvironmentState::Applied { record, url } => format!("✅ Applied. Record {}.", record_link(record, url.as_deref())),
        EnvironmentState::Superseded { by } => format!("A later merge covers this one: {}.", prose(by)),
        EnvironmentState::Parked { reason, detail, .. } => format!("⏸ {}", why_it_waits(*reason, detail)),
        EnvironmentState::Failed { outcomes } => {
            format!("❌ **The run failed**: {}.\n\n{}", outcomes::summary(outcomes), outcomes::fenced(outcomes, plan))
        }
        EnvironmentState::RolledBack { outcomes } => {
            format!("❌ **The run failed and was undone**: {}.\n\n{}", outcomes::summary(outcomes), outcomes::fenced(outcomes, plan))
        }
        EnvironmentState::Skipped { by } => format!("Skipped by {}.", code(by)),
        // The list of what was left out says why, for each of them.
        EnvironmentState::Unreachable { .. } if plan.is_some_and(|plan| plan.unknown.iter().any(|unknown| unknown.in_scope)) => String::new(),
        EnvironmentState::Unreachable { why } => alert("WARNING", &[format!("**A target cannot be read**: {}.", sentence(why))]),
    }
}

/// Foreign text in a sentence that goes on with our own full stop.
fn sentence(text: &str) -> String {
    prose(text.trim_end_matches('.'))
}

/// The record's commit, as a link where its address is one.
pub(crate) fn record_link(record: &str, url: Option<&str>) -> String {
    let name = code(record);
    url.filter(|url| is_plain_url(url)).map_or_else(|| name.clone(), |url| format!("[{name}]({url})"))
}

/// An address that Markdown takes as a whole.
fn is_plain_url(url: &str) -> bool {
    url.starts_with("https://") && url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#@%=&+,".contains(&byte))
}

pub(crate) fn data_loss(plan: &Plan) -> String {
    let lost: Vec<String> = plan.steps.iter().filter(|step| step.risk == Risk::DataLoss).map(|step| format!("`{}`", step.address)).collect();
    if lost.is_empty() {
        return String::new();
    }
    let mut named: Vec<String> = lost.iter().take(NAMED_MAX).cloned().collect();
    if lost.len() > NAMED_MAX {
        named.push(format!("{} more", lost.len() - NAMED_MAX));
    }
    alert("CAUTION", &[format!("**Data would be lost**: {}", listed(&named))])
}

fn next(sentences: &[String]) -> String {
    match sentences {
        [] => String::new(),
        [one] => format!("**Next:** {}", prose(one)),
        several => {
            let items: Vec<String> = several.iter().map(|sentence| format!("- {}", prose(sentence))).collect();
            format!("**Next:**\n{}", items.join("\n"))
        }
    }
}

/// `- ❌ 1 approval (`@acme/platform`): approve this pull request`.
pub(crate) fn requirements(requirements: &[Requirement]) -> String {
    requirements.iter().map(requirement).collect::<Vec<_>>().join("\n")
}

fn requirement(requirement: &Requirement) -> String {
    let mut line = format!("- {} {}", if requirement.met { "✅" } else { "❌" }, prose(&requirement.text));
    if !requirement.met && !requirement.who.is_empty() {
        line.push_str(&format!(" ({})", code(&requirement.who)));
    }
    if !requirement.met && !requirement.how.is_empty() {
        line.push_str(&format!(": {}", prose(&requirement.how)));
    }
    line
}
