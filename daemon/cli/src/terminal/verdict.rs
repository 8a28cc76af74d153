//! How does it look what the rules said?

use anstyle::Style;
use core_policy::{Effect, Finding, Verdict};

use super::paint::{DIM, RED, YELLOW, paint, plain};

/// Prints a verdict, strictest first, a line for each finding and one for its places.
pub(crate) fn print_verdict(verdict: &Verdict) {
    for fault in &verdict.faults {
        super::print(format_args!("{}\n", plain(fault)));
    }
    for finding in &verdict.findings {
        super::print(line(finding));
    }
    if verdict.left_out > 0 {
        super::print(format_args!("and at least {} more, which were too many to keep\n", verdict.left_out));
    }
    if verdict.is_empty() {
        super::print("The rules say nothing against it.\n");
    }
}

fn line(finding: &Finding) -> String {
    let (word, style) = word(&finding.effect);
    let about = finding.address.as_ref().map(|address| format!(" {address}")).unwrap_or_default();
    let blueprint = finding.blueprint.as_deref().map(|place| format!(", {place}")).unwrap_or_default();
    let places = format!("  {} at {}{blueprint}", finding.rule, finding.written_at);
    format!("{}{}: {}\n{}\n", paint(style, word), plain(&about), plain(&finding.message), paint(DIM, plain(&places)))
}

fn word(effect: &Effect) -> (String, Style) {
    match effect {
        Effect::Deny => ("denied".to_owned(), RED.bold()),
        Effect::NeedsApproval { team } => (format!("needs the team {team}"), YELLOW.bold()),
        Effect::Warn => ("warning".to_owned(), YELLOW),
    }
}
