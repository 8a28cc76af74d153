//! What does the assistant say? Its questions, its pull requests, and why there is none.
//!
//! The sentences of `daemon-assistant` hold names and words of the author: they leave here as prose or code like any foreign text.

use core_model::plan::Plan;
use core_model::resource_type::Registry;
use core_model::{Diagnostic, Sources};
use daemon_assistant::{Language, Notes, Question, Reading, Source, Sourced};

use super::living::COMMENT_LENGTH_MAX;
use super::markdown::{capped, cell, code, fence, in_cell, prose};
use super::parked::what_would_be_done;
use super::{paragraphs, steps};

const MISTAKES_MAX: usize = 10;
const LINE_CHARACTERS_MAX: usize = 300;

/// One of two texts of ours.
pub(crate) fn say<'t>(language: Language, english: &'t str, italian: &'t str) -> &'t str {
    match language {
        Language::English => english,
        Language::Italian => italian,
    }
}

/// One question with its options; the default is named.
pub fn question(question: &Question, language: Language) -> String {
    let option = |(place, choice): (usize, &daemon_assistant::Choice)| {
        let default = if question.default == Some(place) { say(language, " (default)", " (predefinita)") } else { "" };
        format!("{}. {}{default}", place + 1, prose(&choice.label))
    };
    let options: Vec<String> = question.options.iter().enumerate().map(option).collect();
    let how = match (question.options.is_empty(), question.default) {
        (true, _) => say(language, "Answer here in words. `cancel` drops the request.", "Rispondi qui. `annulla` ritira la richiesta."),
        (false, None) => say(
            language,
            "Answer here with a number or in words. `cancel` drops the request.",
            "Rispondi qui con un numero o a parole. `annulla` ritira la richiesta.",
        ),
        (false, Some(_)) => say(
            language,
            "Answer here with a number or in words; `yes` takes the default. `cancel` drops the request.",
            "Rispondi qui con un numero o a parole; `sì` prende quella predefinita. `annulla` ritira la richiesta.",
        ),
    };
    paragraphs([prose(&question.text), options.join("\n"), how.to_owned()])
}

/// A request that ends without a pull request, in a sentence of the assistant.
pub fn ended(text: &str) -> String {
    paragraphs([prose(text)])
}

/// A request that is not carried out. Whoever asked learns that a model was to help, too, and why it did not.
pub fn refused(text: &str, reading: &Reading) -> String {
    let model = match reading {
        Reading::ModelFailed { name, reason, .. } => {
            format!("The language model {} did not help: {}.", code(name), prose(reason.trim_end_matches('.')))
        }
        Reading::Deterministic | Reading::Model { .. } => String::new(),
    };
    paragraphs([prose(text), model])
}

/// The change would not do: it was tried, and this came of it.
pub fn unfit(language: Language, summary: &str, problems: &str) -> String {
    let opening = say(
        language,
        "I tried this change before proposing it, and it does not stand. Nothing was opened.",
        "Ho provato questa modifica prima di proporla, e non regge. Non ho aperto nulla.",
    );
    let hint = say(language, "Hint: write the request again with what is missing.", "Suggerimento: riscrivi la richiesta con quello che manca.");
    paragraphs([format!("**{}**", prose(summary)), opening.to_owned(), problems.to_owned(), hint.to_owned()])
}

/// Where the pull request is.
pub fn proposed(language: Language, pull: u64, summary: &str) -> String {
    let next = say(
        language,
        "It is planned there. Somebody else reviews and merges it; nothing is applied before.",
        "Il piano è lì. Qualcun altro la rivede e la unisce; prima non si applica nulla.",
    );
    paragraphs([format!("#{pull}: **{}**", prose(summary)), next.to_owned()])
}

/// What was added to a pull request that is open.
pub fn amended(view: &ProposalView<'_>) -> String {
    let opening = format!("**{}**, asked for by {} in a comment above, is now part of this pull request.", prose(view.summary), code(view.requester));
    paragraphs([opening, read_by(&view.notes.reading), slots(view.slots), notes(view.notes), plans(view)])
}

/// A pull request that the assistant opens.
pub struct ProposalView<'a> {
    pub summary: &'a str,
    pub requester: &'a str,
    /// The issue or pull request that it was asked for in.
    pub asked_in: u64,
    /// The pull request closes it when it is merged.
    pub closes: bool,
    pub slots: &'a [(String, Sourced<String>)],
    pub notes: &'a Notes,
    pub undo: &'a str,
    pub plans: &'a [(String, Plan)],
    pub registry: &'a Registry,
}

/// The text of a pull request: what, why, from where each value comes, and what it would do.
pub fn proposal(view: &ProposalView<'_>) -> String {
    let asked_in = format!("Asked for by {} in #{}. {}", code(view.requester), view.asked_in, read_by(&view.notes.reading));
    let approval = format!("Whoever asked for it counts as its author: an approval by {} does not count.", code(view.requester));
    paragraphs([
        format!("**{}**", prose(view.summary)),
        asked_in,
        if view.closes { format!("Closes #{}", view.asked_in) } else { String::new() },
        slots(view.slots),
        notes(view.notes),
        plans(view),
        approval,
        prose(view.undo),
    ])
}

/// In which way the request was read.
fn read_by(reading: &Reading) -> String {
    match reading {
        Reading::Deterministic | Reading::ModelFailed { .. } => "Read by rules, without a language model.".to_owned(),
        Reading::Model { name, version, .. } => {
            let version = if version.as_str().is_empty() { String::new() } else { format!(" ({})", code(version.as_str())) };
            format!(
                "Read by the language model {}{version}; each value was read again, by rules, from the words it is said to come from.",
                code(name)
            )
        }
    }
}

/// Every value with where it comes from.
fn slots(slots: &[(String, Sourced<String>)]) -> String {
    if slots.is_empty() {
        return String::new();
    }
    let row =
        |(name, slot): &(String, Sourced<String>)| format!("| {} | {} | {} |\n", in_cell(&prose(name)), cell(&slot.value), source(&slot.source));
    let rows: String = slots.iter().map(row).collect();
    format!("| What | Value | From |\n|---|---|---|\n{rows}")
}

fn source(source: &Source) -> String {
    match source {
        Source::Author { turn: 0, words, .. } => format!("the request: {}", cell(words)),
        Source::Author { turn, words, .. } => format!("answer {turn}: {}", cell(words)),
        Source::Repository { file, line } => cell(&format!("{file}:{line}")),
        Source::Default { rule } => in_cell(&prose(rule)),
    }
}

fn notes(notes: &Notes) -> String {
    let mut lines: Vec<String> = notes.assumptions.iter().map(|assumption| format!("- {}", prose(assumption))).collect();
    if !notes.asides.is_empty() {
        let asides: Vec<&str> = notes.asides.iter().map(|aside| aside.words()).collect();
        lines.push(format!("- Set aside unread: {}.", asides.join(", ")));
    }
    if !notes.unread.is_empty() {
        let unread: Vec<String> = notes.unread.iter().map(|word| code(word)).collect();
        lines.push(format!("- Words that were not used: {}.", unread.join(", ")));
    }
    if lines.is_empty() { String::new() } else { format!("**Assumed**\n\n{}", lines.join("\n")) }
}

/// The plans as they were made before the pull request was there; all in words where they are too long.
fn plans(view: &ProposalView<'_>) -> String {
    let shown = |body: &dyn Fn(&Plan) -> String| {
        let one = |(environment, plan): &(String, Plan)| format!("**Plan for {}**\n\n{}", prose(environment), body(plan).trim_end());
        view.plans.iter().map(one).collect::<Vec<_>>().join("\n\n")
    };
    let whole = shown(&|plan| what_would_be_done(plan, view.registry));
    if whole.chars().count() < COMMENT_LENGTH_MAX / 2 { whole } else { shown(&|plan| format!("{}.", steps::in_words(std::iter::once(plan)))) }
}

/// An answer from records and blueprints, each line Markdown of ours.
pub fn answered(lines: &[String]) -> String {
    paragraphs([lines.join("\n")])
}

/// What is wrong with a change, as the reader of blueprints says it.
pub fn mistakes<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>, sources: &Sources) -> String {
    let one = |diagnostic: &Diagnostic| {
        let text = diagnostic.render(sources);
        fence("text", &text.lines().map(|line| capped(line, LINE_CHARACTERS_MAX)).collect::<Vec<_>>())
    };
    diagnostics.into_iter().take(MISTAKES_MAX).map(one).collect::<Vec<_>>().join("\n")
}

/// A plan that cannot be applied as it is.
pub fn troubled(plan: &Plan, registry: &Registry) -> String {
    let unknown = plan.unknown.iter().filter(|unknown| unknown.in_scope).take(MISTAKES_MAX);
    let unknown: Vec<String> = unknown.map(|unknown| format!("- {}: {}", code(&unknown.address.to_string()), prose(&unknown.why))).collect();
    paragraphs([what_would_be_done(plan, registry), unknown.join("\n")])
}

/// An environment that somebody else plans and applies.
pub fn not_served(environment: &str) -> String {
    format!("It would change the environment {}, which this daemon does not serve.", code(environment))
}
