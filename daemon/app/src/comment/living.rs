//! What would this pull request do, and where does it stand? The one comment that is edited for as long as it is open.

use core_model::plan::{Plan, Risk};

use super::detail::Detail;
use super::markdown::{cell, code, counted, fence, listed, prose};
use super::section::{Section, state_word};
use super::verdict::verdict;
use super::view::{EnvironmentView, PullView};
use super::{paragraphs, rules, steps};

/// GitHub takes 65,536 characters. The rest is a margin.
pub const COMMENT_LENGTH_MAX: usize = 65_000;
const SHOWN_IN_TABLE_MAX: usize = 200;
const DIAGNOSTIC_LINE_MAX: usize = 400;

/// The text of the living comment. At most [`COMMENT_LENGTH_MAX`] characters; what does not fit is shortened from the least
/// risk upwards, and deletes, replaces and data loss stay the longest.
pub fn living(view: &PullView<'_>) -> String {
    fitting(|detail| render(view, detail), || smallest(view))
}

/// What one environment's check run tells: its section of the living comment, in the same bounds.
pub fn environment_text(view: &PullView<'_>, environment: &EnvironmentView) -> String {
    fitting(
        |detail| {
            let body = section(view, detail).body(environment);
            let body = if body.is_empty() { "Nothing to do.".to_owned() } else { body };
            paragraphs([body, footer(view)])
        },
        || format!("The plan is too large to be shown here.\n\n{}", footer(view)),
    )
}

fn fitting(render: impl Fn(Detail) -> String, otherwise: impl Fn() -> String) -> String {
    Detail::LADDER.iter().map(|detail| render(*detail)).find(|text| text.chars().count() <= COMMENT_LENGTH_MAX).unwrap_or_else(otherwise)
}

fn render(view: &PullView<'_>, detail: Detail) -> String {
    let mut parts = vec![
        format!("{}\n### {}", view.marker, verdict(view)),
        rules::judgement(view.judgement, detail),
        rules::rehearsals(view.rehearsals, detail),
        conflict(view, detail),
        diagnostics(view, detail),
    ];
    if !view.environments.is_empty() {
        parts.push(table(&view.environments));
    }
    parts.extend(sections(view, detail));
    parts.push(footer(view));
    paragraphs(parts)
}

/// When even counting was too long: there are more environments, or longer names, than a comment can hold.
fn smallest(view: &PullView<'_>) -> String {
    let plans = view.environments.iter().filter_map(|environment| environment.plan.as_deref());
    format!(
        "{}\n### Plans for {}\n\nAltogether {}. They are too large to be shown here; `ipr plan --pr {}` shows all of them.\n",
        view.marker,
        counted(view.environments.len(), "environment"),
        steps::in_words(plans),
        view.number,
    )
}

fn conflict(view: &PullView<'_>, detail: Detail) -> String {
    let Some(files) = &view.merge_conflict else { return String::new() };
    let mut lines: Vec<String> = files.iter().take(detail.entries_max).map(|file| format!("- {}", code(file))).collect();
    if files.len() > detail.entries_max {
        lines.push(format!("- and {} more", files.len() - detail.entries_max));
    }
    format!("The branch does not merge into its base:\n\n{}\n\nHint: merge the base into this branch, or rebase it, and push.", lines.join("\n"))
}

fn diagnostics(view: &PullView<'_>, detail: Detail) -> String {
    let mut sorted = view.diagnostics.clone();
    sorted.sort_by(|left, right| (left.severity, &left.span, &left.detail).cmp(&(right.severity, &right.span, &right.detail)));
    let mut out: Vec<String> = Vec::new();
    for diagnostic in sorted.iter().take(detail.entries_max) {
        let text = diagnostic.render(view.sources);
        let lines: Vec<String> = text.lines().map(|line| super::markdown::capped(line, DIAGNOSTIC_LINE_MAX)).collect();
        out.push(fence("text", &lines));
    }
    if sorted.len() > detail.entries_max {
        out.push(format!("and {} more; `ipr validate .` shows all\n", sorted.len() - detail.entries_max));
    }
    out.join("\n").trim_end().to_owned()
}

fn table(environments: &[EnvironmentView]) -> String {
    let mut lines = vec!["| Environment | Changes | Highest risk | Digest | State |".to_owned(), "|---|---|---|---|---|".to_owned()];
    for environment in environments.iter().take(SHOWN_IN_TABLE_MAX) {
        let plan = environment.plan.as_deref().filter(|plan| !plan.is_empty());
        lines.push(format!(
            "| {} | {} | {} | {} | {} |",
            prose(&environment.name),
            plan.map_or("–".to_owned(), |plan| format!("`{}`", steps::counts(plan))),
            plan.map_or("–".to_owned(), risk),
            plan.map_or("–".to_owned(), |plan| cell(plan.digest.short())),
            state_word(environment),
        ));
    }
    if environments.len() > SHOWN_IN_TABLE_MAX {
        lines.push(format!("| and {} more | | | | |", environments.len() - SHOWN_IN_TABLE_MAX));
    }
    lines.join("\n")
}

fn risk(plan: &Plan) -> String {
    match plan.risk() {
        risk @ (Risk::MayDisconnect | Risk::DataLoss) => format!("**{}**", risk.word()),
        risk => risk.word().to_owned(),
    }
}

fn section<'a>(view: &'a PullView<'_>, detail: Detail) -> Section<'a> {
    Section { registry: view.registry, pull_request: view.number, detail }
}

/// A section for each environment; equal ones are one.
fn sections(view: &PullView<'_>, detail: Detail) -> Vec<String> {
    let section = section(view, detail);
    let mut folded: Vec<(Vec<String>, String)> = Vec::new();
    for environment in &view.environments {
        let body = section.body(environment);
        match folded.iter_mut().find(|(_, known)| *known == body) {
            Some((names, _)) => names.push(prose(&environment.name)),
            None => folded.push((vec![prose(&environment.name)], body)),
        }
    }
    folded.retain(|(_, body)| !body.is_empty());
    // The table and the title have named the only environment.
    let heading = |names: &[String]| if view.environments.len() > 1 { format!("#### {}\n\n", listed(names)) } else { String::new() };
    folded.into_iter().map(|(names, body)| format!("{}{body}", heading(&names))).collect()
}

fn footer(view: &PullView<'_>) -> String {
    let head = code(view.head);
    if view.environments.is_empty() {
        return format!("<sub>looked at {head}</sub>");
    }
    if view.environments.iter().all(|environment| environment.plan.as_ref().is_none_or(|plan| plan.is_empty())) {
        return format!("<sub>planned for {head}</sub>");
    }
    format!("<sub>planned for {head} · <code>ipr plan --pr {}</code> prints the same digest</sub>", view.number)
}
