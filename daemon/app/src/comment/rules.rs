//! What do the rules say? The verdict on a plan, the word that the rules themselves change, and the answer to `/why`.

use core_model::Address;
use core_policy::{Effect, Finding, Verdict};

use crate::rehearsal::Rehearsal;

use super::detail::Detail;
use super::living::COMMENT_LENGTH_MAX;
use super::markdown::{alert, code, counted, fence, in_cell, listed, prose};
use super::paragraphs;

const FAULT_LINES_MAX: usize = 12;
/// Findings of an environment that an answer to `/why` lists: as many of these as fit.
const WHY_LADDER: [usize; 5] = [100, 30, 10, 3, 0];

/// The findings as a table, and the rules that could not be asked.
pub(crate) fn verdict(verdict: &Verdict, detail: Detail) -> String {
    if verdict.is_empty() {
        return String::new();
    }
    let table = table(&verdict.findings, verdict.left_out, detail.entries_max);
    paragraphs([faults(verdict, detail.entries_max), table]).trim_end().to_owned()
}

fn faults(verdict: &Verdict, entries_max: usize) -> String {
    if verdict.faults.is_empty() {
        return String::new();
    }
    let mut parts = vec!["**This plan cannot be applied, because its rules cannot be asked:**".to_owned()];
    for fault in verdict.faults.iter().take(entries_max) {
        let lines: Vec<String> = fault.lines().take(FAULT_LINES_MAX).map(str::to_owned).collect();
        parts.push(fence("text", &lines).trim_end().to_owned());
    }
    if verdict.faults.len() > entries_max {
        parts.push(format!("and {} more", verdict.faults.len() - entries_max));
    }
    parts.join("\n\n")
}

/// `left_out` counts findings that were not kept; nobody can list them.
fn table(findings: &[Finding], left_out: usize, entries_max: usize) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut lines = vec!["| Rules say | Resource | Why | Rule |".to_owned(), "|---|---|---|---|".to_owned()];
    lines.extend(findings.iter().take(entries_max).map(row));
    let more = findings.len().saturating_sub(entries_max) + left_out;
    if more > 0 {
        lines.push(format!("| and {more} more | | | |"));
    }
    lines.join("\n")
}

fn row(finding: &Finding) -> String {
    let resource = match (&finding.address, &finding.blueprint) {
        (Some(address), Some(place)) => format!("{}<br>{}", cell(&address.to_string()), cell(place)),
        (Some(address), None) => cell(&address.to_string()),
        (None, _) => "–".to_owned(),
    };
    let rule = format!("{}<br>{}", cell(&finding.rule), cell(&finding.written_at));
    format!("| {} | {resource} | {} | {rule} |", effect(&finding.effect), in_cell(&prose(&finding.message)))
}

fn cell(text: &str) -> String {
    super::markdown::cell(text)
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Deny => "❌ denied".to_owned(),
        Effect::NeedsApproval { team } => format!("✋ asks {}", code(team)),
        Effect::Warn => "⚠️ warning".to_owned(),
    }
}

/// On top of the comment of a pull request that changes how pull requests are judged.
pub(crate) fn judgement(changed: &[String], detail: Detail) -> String {
    if changed.is_empty() {
        return String::new();
    }
    let mut names: Vec<String> = changed.iter().take(detail.entries_max).map(|name| code(name)).collect();
    if changed.len() > detail.entries_max {
        names.push(format!("{} more", changed.len() - detail.entries_max));
    }
    let what = format!("**This pull request changes how merges are judged**: {}.", listed(&names));
    alert("IMPORTANT", &[what, "It is judged as its base does, and as it would itself: the stricter holds.".to_owned()])
}

/// What the plans that were applied last would have got, a line for each environment and one for each plan with another verdict.
pub(crate) fn rehearsals(rehearsals: &[Rehearsal], detail: Detail) -> String {
    let mut lines = Vec::new();
    for Rehearsal { environment, judged, unjudged, changed } in rehearsals {
        if *unjudged > 0 {
            let plans = counted(*unjudged, "plan");
            lines.push(format!(
                "- {plans} applied to {} before could not be judged: neither its rules nor its base's can be asked.",
                prose(environment)
            ));
        }
        if *judged == 0 {
            continue;
        }
        let last = format!("of the last {} applied to {}", counted(*judged, "plan"), prose(environment));
        if changed.is_empty() {
            lines.push(format!("- Under its rules, none {last} would have got another verdict."));
            continue;
        }
        lines.push(format!("- Under its rules, {} {last} would have got another verdict:", changed.len()));
        lines.extend(changed.iter().take(detail.entries_max).map(|(whose, what)| format!("  - {}: {}", prose(whose), prose(what))));
        if changed.len() > detail.entries_max {
            lines.push(format!("  - and {} more", changed.len() - detail.entries_max));
        }
    }
    lines.join("\n")
}

/// One environment in the answer to `/why`.
pub struct Why<'a> {
    pub environment: &'a str,
    pub verdict: &'a Verdict,
}

/// The answer to `/why`: what each rule said of the newest plans, of one resource where it is named.
pub fn why(environments: &[Why<'_>], about: Option<&Address>) -> String {
    let texts = WHY_LADDER.iter().map(|findings_max| why_within(environments, about, *findings_max));
    let shorter = |longer: String, text: String| if longer.chars().count() <= COMMENT_LENGTH_MAX { longer } else { text };
    texts.reduce(shorter).unwrap_or_default()
}

fn why_within(environments: &[Why<'_>], about: Option<&Address>, findings_max: usize) -> String {
    let mut parts = Vec::new();
    for Why { environment, verdict } in environments {
        let findings: Vec<Finding> =
            verdict.findings.iter().filter(|finding| about.is_none() || finding.address.as_ref() == about).cloned().collect();
        let of = about.map(|address| format!(" of {}", code(&address.to_string()))).unwrap_or_default();
        let left_out = if about.is_none() { verdict.left_out } else { 0 };
        let count = findings.len() + left_out;
        let said = if count == 0 { "say nothing".to_owned() } else { format!("say {}", counted(count, "thing")) };
        parts.push(format!("The rules of {} {said}{of}.", prose(environment)));
        parts.push(faults(verdict, findings_max));
        parts.push(table(&findings, left_out, findings_max));
        if verdict.left_out > 0 {
            let left_out = counted(verdict.left_out, "more thing");
            parts.push(format!("They said at least {left_out}, of any resource, which were too many to keep; the strictest are kept."));
        }
    }
    if parts.is_empty() {
        parts.push("There is no plan here that rules could have judged.".to_owned());
    }
    paragraphs(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_that_could_not_be_judged_are_told_apart() {
        let rehearsal = Rehearsal { environment: "prod".to_owned(), judged: 0, unjudged: 2, changed: Vec::new() };
        let said = rehearsals(std::slice::from_ref(&rehearsal), Detail::LADDER[0]);
        assert_eq!(said, "- 2 plans applied to prod before could not be judged: neither its rules nor its base's can be asked.");
        let said = rehearsals(&[Rehearsal { judged: 3, unjudged: 0, ..rehearsal }], Detail::LADDER[0]);
        assert_eq!(said, "- Under its rules, none of the last 3 plans applied to prod would have got another verdict.");
    }
}
