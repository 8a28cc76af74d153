//! What else was seen, that this plan does not do? Problems, unknowns, pending, drift, orphans and notes.

use core_model::plan::{Action, Aside, Plan, Problem, ProblemKind};
use core_model::resource_type::Registry;

use super::detail::Detail;
use super::field;
use super::markdown::{alert, capped, code, counted, details, fence, listed, prose, visible};
use super::paragraphs;
use super::step::sign;
use super::value::Facts;

const ASIDE_LINES_MAX: usize = 30;
const NAME_LENGTH_MAX: usize = 100;

/// What stands in the way, loud and first.
pub(crate) fn problems(plan: &Plan, detail: Detail) -> String {
    if plan.problems.is_empty() {
        return String::new();
    }
    let mut lines = vec![format!("**This plan cannot be applied: {}.**", counted(plan.problems.len(), "problem"))];
    for problem in plan.problems.iter().take(detail.entries_max) {
        lines.push(String::new());
        lines.extend(about(problem));
    }
    lines.extend(more(plan.problems.len(), detail, "problem").map(|text| format!("\n> {text}")));
    alert("CAUTION", &lines)
}

fn about(problem: &Problem) -> Vec<String> {
    let line = problem.at.as_ref().map_or_else(String::new, |at| format!(" ({})", code(at)));
    let mut lines = vec![format!("**{}** at {}{line}: {}", summary(problem.kind), code(&problem.address.to_string()), prose(&problem.detail))];
    if let Some(hint) = &problem.hint {
        // A line break that Markdown keeps.
        lines[0].push_str("<br>");
        lines.push(format!("Hint: {}", prose(hint)));
    }
    lines
}

fn summary(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Conflict => "Not ours",
        ProblemKind::Protected => "Protected",
        ProblemKind::LooksLikeRename => "Looks like a rename",
        ProblemKind::ClaimTaken => "Taken twice",
        ProblemKind::Preflight => "Would not work",
        ProblemKind::TargetChanged => "Another target",
    }
}

/// Resources in scope whose state could not be seen: nothing is done to them.
pub(crate) fn unknown_in_scope(plan: &Plan, detail: Detail) -> String {
    let unknown: Vec<_> = plan.unknown.iter().filter(|unknown| unknown.in_scope).collect();
    if unknown.is_empty() {
        return String::new();
    }
    let mut lines = vec![format!("**{} left out, because the state could not be seen.**", counted(unknown.len(), "resource"))];
    for unknown in unknown.iter().take(detail.entries_max) {
        lines.push(format!("- {} on {}: {}", code(&unknown.address.to_string()), code(unknown.target.as_str()), prose(&unknown.why)));
    }
    lines.extend(more(unknown.len(), detail, "resource").map(|text| format!("- {text}")));
    alert("WARNING", &lines)
}

/// What is there beside the plan, folded.
pub(crate) fn beside(plan: &Plan, registry: &Registry, detail: Detail) -> String {
    let unseen: Vec<_> = plan.unknown.iter().filter(|unknown| !unknown.in_scope).collect();
    let mut counts = Vec::new();
    let mut parts = Vec::new();
    if !plan.pending.is_empty() {
        counts.push(format!("{} pending", plan.pending.len()));
        parts.push(format!("**Pending**: merged earlier and not applied yet.\n\n{}", asides(&plan.pending, Action::word, registry, detail)));
    }
    if !plan.drift.is_empty() {
        counts.push(format!("{} changed outside", plan.drift.len()));
        parts.push(format!(
            "**Changed outside**: the target differs from what was applied. Here `-` is what should be, `+` what is there.\n\n{}",
            drift(&plan.drift, registry, detail)
        ));
    }
    if !unseen.is_empty() {
        counts.push(format!("{} not seen", unseen.len()));
        let mut lines: Vec<String> = unseen
            .iter()
            .take(detail.entries_max)
            .map(|unknown| format!("- {} on {}: {}", code(&unknown.address.to_string()), code(unknown.target.as_str()), prose(&unknown.why)))
            .collect();
        lines.extend(more(unseen.len(), detail, "resource").map(|text| format!("- {text}")));
        parts.push(format!("**Not seen**: this pull request does not touch them.\n\n{}", lines.join("\n")));
    }
    if !plan.orphans.is_empty() {
        counts.push(counted(plan.orphans.len(), "orphan"));
        parts.push(orphans(plan, detail));
    }
    if parts.is_empty() {
        return String::new();
    }
    details(&format!("Not part of this plan: {}", listed(&counts)), &paragraphs(parts))
}

/// What was changed outside, as what happened.
pub(crate) fn drift(drift: &[Aside], registry: &Registry, detail: Detail) -> String {
    asides(&turned(drift), happened, registry, detail)
}

/// Drift is recorded as what would put it right; a person reads it as what happened.
fn turned(drift: &[Aside]) -> Vec<Aside> {
    let turn = |aside: &Aside| {
        let mut aside = aside.clone();
        for change in &mut aside.changes {
            std::mem::swap(&mut change.before, &mut change.after);
        }
        aside
    };
    drift.iter().map(turn).collect()
}

/// What happened to a drifted resource, in the terms of what would put it right.
fn happened(action: Action) -> &'static str {
    match action {
        Action::Delete | Action::Create => "gone",
        _ => "changed",
    }
}

fn asides(asides: &[Aside], word: fn(Action) -> &'static str, registry: &Registry, detail: Detail) -> String {
    let mut lines = Vec::new();
    for aside in asides.iter().take(detail.entries_max) {
        let type_name = capped(&visible(&aside.type_name), NAME_LENGTH_MAX);
        lines.push(format!("{} {:7} {}   {type_name}", sign(aside.action), word(aside.action), aside.address));
        let width = aside.changes.iter().map(|change| field::name(&change.path).chars().count()).max().unwrap_or(0).min(28);
        let mut fields: Vec<String> = aside
            .changes
            .iter()
            .filter(|_| aside.action != Action::Create)
            .flat_map(|change| field::lines(change, Facts::of_type(registry, &aside.type_name, &change.path), width))
            .collect();
        if fields.len() > ASIDE_LINES_MAX {
            fields.truncate(ASIDE_LINES_MAX);
            fields.push("      …".to_owned());
        }
        lines.extend(fields);
    }
    lines.extend(more(asides.len(), detail, "resource").map(|text| format!("# {text}")));
    fence("diff", &lines)
}

fn orphans(plan: &Plan, detail: Detail) -> String {
    let mut lines: Vec<String> = plan
        .orphans
        .iter()
        .take(detail.entries_max)
        .map(|orphan| format!("- {} on {} (marker {})", code(&orphan.object), code(orphan.target.as_str()), code(&orphan.marker)))
        .collect();
    lines.extend(more(plan.orphans.len(), detail, "object").map(|text| format!("- {text}")));
    format!("**Orphans**: they carry our marker and are in no blueprint. Nothing is done to them.\n\n{}", lines.join("\n"))
}

pub(crate) fn notes(plan: &Plan, detail: Detail) -> String {
    let mut lines: Vec<String> = plan.notes.iter().take(detail.entries_max).map(|note| format!("- Note: {}\n", prose(note))).collect();
    lines.extend(more(plan.notes.len(), detail, "note").map(|text| format!("- {text}\n")));
    lines.concat()
}

fn more(count: usize, detail: Detail, noun: &str) -> Option<String> {
    let more = count.saturating_sub(detail.entries_max);
    (more > 0).then(|| format!("and {more} more {noun}{}", if more == 1 { "" } else { "s" }))
}
