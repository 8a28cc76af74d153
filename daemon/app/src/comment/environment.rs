//! What needs a person in an environment as a whole? Its one issue, and the word that it is stopped.

use core_model::Hash;
use core_model::plan::{Aside, Plan};
use core_model::record::ParkedReason;
use core_model::resource_type::Registry;

use super::asides;
use super::detail::Detail;
use super::markdown::{code, command_word, counted, details, fence, listed, mentions, prose};
use super::parked::what_would_be_done;
use super::section::why_it_waits;
use super::{paragraphs, steps, ways_on_issue};

/// `ipr validate` shows the others.
const MISTAKES_SHOWN_MAX: usize = 10;

/// A merge without a pull request that waits.
pub struct WaitingMerge<'a> {
    /// The short name of the commit.
    pub commit: &'a str,
    /// Its first line.
    pub summary: &'a str,
    pub reason: ParkedReason,
    pub detail: &'a str,
    pub digest: &'a Hash,
    pub plan: Option<&'a Plan>,
}

/// What waits in an environment and has no pull request to say it on.
pub struct WaitingView<'a> {
    pub environment: &'a str,
    /// The plan of everything, for an environment that has no record yet.
    pub first_installation: Option<&'a Plan>,
    /// Until when that waits, where it was confirmed outside of a window.
    pub first_held: Option<&'a str>,
    pub merges: &'a [WaitingMerge<'a>],
    /// What differs on the targets from what was applied.
    pub drift: &'a [Aside],
    /// So many times something came to it.
    pub times: u64,
    /// What the targets said of themselves at the last look for drift.
    pub notes: &'a [String],
    pub registry: &'a Registry,
    /// Who is told. These mentions are real.
    pub notify: &'a [String],
}

const MERGES_MAX: usize = 50;
/// With more merges than this, their plans are told in words: the issue must fit.
const PLANS_SHOWN_MAX: usize = 1;
/// Leaves room for what waits.
const DRIFT_LENGTH_MAX: usize = 10_000;
const NAMES_MAX: usize = 5;

/// The title of the environment's one issue. It is also how the issue is found.
pub fn issue_title(environment: &str) -> String {
    format!("ipr: {environment} needs attention")
}

/// The body of the environment's one issue.
pub fn waiting_issue(view: &WaitingView<'_>) -> String {
    if view.first_installation.is_none() && view.merges.is_empty() && view.drift.is_empty() {
        return paragraphs([format!("Nothing waits in {} any more.", prose(view.environment))]);
    }
    let mut parts = vec![mentions(view.notify)];
    if let Some(plan) = view.first_installation {
        parts.push(first_installation(view, plan));
    }
    if !view.merges.is_empty() {
        parts.push(format!("### {} without a pull request", waiting(view.merges.len())));
        let show_plans = view.merges.len() <= PLANS_SHOWN_MAX && view.first_installation.is_none();
        parts.extend(view.merges.iter().take(MERGES_MAX).map(|merge| waiting_merge(view, merge, show_plans)));
        if view.merges.len() > MERGES_MAX {
            parts.push(format!("and {} more", view.merges.len() - MERGES_MAX));
        }
    }
    parts.push(changed_outside(view));
    parts.push("<sub>Answer with a comment on this issue. It is edited as things change.</sub>".to_owned());
    paragraphs(parts)
}

/// What somebody changed on a target. It stays until a look finds it as it should be.
fn changed_outside(view: &WaitingView<'_>) -> String {
    if view.drift.is_empty() {
        return String::new();
    }
    let shown = |detail: &Detail| asides::drift(view.drift, view.registry, *detail);
    let fits = |text: &String| text.chars().count() <= DRIFT_LENGTH_MAX;
    paragraphs([
        format!("{}\n### {} changed outside", drift_mark(view.times), counted(view.drift.len(), "resource")),
        "The target differs from what was applied. Here `-` is what should be, `+` what is there.".to_owned(),
        Detail::LADDER.iter().map(shown).find(fits).unwrap_or_default(),
        view.notes.iter().map(|note| format!("- Note: {}\n", prose(note))).collect(),
        "Nothing of it is put right by itself. Change it back on the target; or open a pull request that wants what is there now; a pull request \
         that changes such a resource puts the rest of it right, too."
            .to_owned(),
    ])
}

/// Stands in the issue's text, and is another one when something comes to what was found.
pub fn drift_mark(times: u64) -> String {
    format!("<!-- ipr:drift {times} -->")
}

/// The comment on an open issue whose text says from now on that something was changed outside.
pub fn changed_too(view: &WaitingView<'_>) -> String {
    let mut names: Vec<String> = view.drift.iter().take(NAMES_MAX).map(|aside| code(&aside.address.to_string())).collect();
    if view.drift.len() > names.len() {
        names.push(format!("{} more", view.drift.len() - names.len()));
    }
    paragraphs([mentions(view.notify), format!("Changed outside: {}. The text of this issue says how.", listed(&names))])
}

fn waiting(count: usize) -> String {
    let verb = if count == 1 { "waits" } else { "wait" };
    format!("{} {verb}", counted(count, "commit"))
}

fn first_installation(view: &WaitingView<'_>, plan: &Plan) -> String {
    let words = steps::in_words(std::iter::once(plan));
    paragraphs([
        "### First installation".to_owned(),
        format!("{} has no record yet, so nothing of it was ever applied from here. Its blueprints ask for {words}.", prose(view.environment)),
        view.first_held.map(|detail| why_it_waits(ParkedReason::Window, detail)).unwrap_or_default(),
        details("The plan", &what_would_be_done(plan, view.registry)),
        format!("- `/apply {}` does exactly this.", plan.digest.short()),
    ])
}

fn waiting_merge(view: &WaitingView<'_>, merge: &WaitingMerge<'_>, show_plan: bool) -> String {
    let plan = match merge.plan {
        Some(plan) if show_plan => what_would_be_done(plan, view.registry),
        Some(plan) if !plan.is_empty() => format!("It would do {}.", steps::in_words(std::iter::once(plan))),
        _ => String::new(),
    };
    paragraphs([merge_heading(merge), why_it_waits(merge.reason, merge.detail), plan, ways_on_issue(merge.commit, merge.digest)])
}

/// The line under which the issue tells of one merge.
pub fn merge_heading(merge: &WaitingMerge<'_>) -> String {
    format!("#### {} {}", code(merge.commit), prose(merge.summary))
}

/// The comment on an open issue whose text has got one more merge that waits.
pub fn waits_too(view: &WaitingView<'_>, merge: &WaitingMerge<'_>) -> String {
    let waits = format!("{} {} waits too: {}", code(merge.commit), prose(merge.summary), why_it_waits(merge.reason, merge.detail));
    paragraphs([mentions(view.notify), waits, ways_on_issue(merge.commit, merge.digest)])
}

/// The line under which the issue of a stopped environment says so.
pub fn stopped_heading(environment: &str) -> String {
    format!("### ❌ {} is stopped", prose(environment))
}

/// The comment on an open issue whose text says from now on that the environment is stopped.
pub fn stopped_too(environment: &str, notify: &[String]) -> String {
    paragraphs([mentions(notify), format!("{} is stopped. The text of this issue says why, and how it goes on.", prose(environment))])
}

/// The environment's record cannot be trusted, so nothing is done there. `last_seen` is the record that was believed last.
pub fn environment_stopped(environment: &str, what: &str, last_seen: Option<&str>, notify: &[String]) -> String {
    let abandon = last_seen.map_or_else(String::new, |record| format!(" --abandon {record}"));
    paragraphs([
        stopped_heading(environment),
        mentions(notify),
        format!("**Its record does not verify.** {}.", prose(what.trim_end_matches('.'))),
        "Nothing is planned or applied there until a person has looked: a record that somebody else wrote could make us delete things.".to_owned(),
        "Hint: look at the branch of its records. If it was moved by accident, push it back. If the newest record that verifies is \
         the right one, go on from it:"
            .to_owned(),
        format!("```\nipr records restore {}{abandon}\n```", command_word(environment)),
    ])
}

/// What the default branch says of an environment cannot be followed, so nothing is applied there. `mistakes` show what is wrong.
pub fn environment_held(environment: &str, why: &str, mistakes: &[String], notify: &[String]) -> String {
    let shown = mistakes.iter().take(MISTAKES_SHOWN_MAX).map(|mistake| fence("text", &mistake.lines().map(str::to_owned).collect::<Vec<_>>()));
    let mut parts = vec![stopped_heading(environment), mentions(notify), format!("**The default branch cannot be followed**: {why}.")];
    parts.extend(shown);
    parts.push("Nothing is applied there until it can: what is running stays as it is.".to_owned());
    parts.push("Hint: mend it in a pull request. Merges that came meanwhile are dealt with then, in their order.".to_owned());
    paragraphs(parts)
}
