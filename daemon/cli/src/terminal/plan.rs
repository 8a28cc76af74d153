//! How does a plan look on a terminal? The same facts as in the comment on a pull request.

use std::fmt::Write as _;

use anstyle::Style;
use core_model::plan::{Action, Aside, FieldChange, Inverse, Plan, Risk, Step};

use super::{
    paint::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint, plain},
    value::one_line,
};

/// Counted in this order.
const ACTIONS: [Action; 8] =
    [Action::Create, Action::Update, Action::Restart, Action::Replace, Action::Delete, Action::Adopt, Action::Move, Action::Release];
/// Of each list that is not part of the plan. `--json` has all of them.
const ASIDES_SHOWN_MAX: usize = 20;

/// Prints a plan to standard output. Without `digest` it is one that nobody can approve.
pub(crate) fn print_plan(plan: &Plan, digest: Option<&str>) {
    anstream::print!("{}", render(plan, digest));
}

fn render(plan: &Plan, digest: Option<&str>) -> String {
    let mut text = headline(plan, digest);
    for step in &plan.steps {
        text.push('\n');
        text.push_str(&render_step(step));
    }
    problems(plan, &mut text);
    let unknown = plan.unknown.iter().map(|unknown| format!("{} on {}: {}", unknown.address, unknown.target, unknown.why));
    section(&mut text, "Not seen, and left as it is", unknown);
    section(&mut text, "Not in this plan: wanted by the base, not applied yet", plan.pending.iter().map(aside));
    section(&mut text, "Not in this plan: changed by somebody else", plan.drift.iter().map(aside));
    let orphans = plan.orphans.iter().map(|orphan| format!("{} {} on {}: marked {}", orphan.type_name, orphan.object, orphan.target, orphan.marker));
    section(&mut text, "Carries our marker and is in no blueprint", orphans);
    section(&mut text, "Notes", plan.notes.iter().cloned());
    text
}

// Writing to a String cannot fail, here and below.
fn headline(plan: &Plan, digest: Option<&str>) -> String {
    let environment = paint(BOLD, &plan.environment);
    let counts: Vec<String> = ACTIONS
        .iter()
        .map(|action| (plan.count(*action), action.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} to {word}"))
        .collect();
    let mut text = match counts.as_slice() {
        [] => format!("{environment}: nothing to do."),
        counts => format!("{environment}: {}. Highest risk: {}.", counts.join(", "), risk(plan.risk())),
    };
    if let Some(digest) = digest.filter(|_| !plan.is_empty()) {
        let _ = write!(text, " Digest: {}", paint(BOLD, digest));
    }
    text.push('\n');
    text
}

fn render_step(step: &Step) -> String {
    let (sign, style) = sign(step.action);
    let mut text = format!(
        "{} {} {} {}\n",
        paint(style, format!("{sign:>3} {}", step.action.word())),
        paint(BOLD, &step.address),
        step.type_name,
        paint(DIM, plain(&format!("{} on {}", step.object, step.target))),
    );
    let mut line = |what: String| {
        let _ = writeln!(text, "      {what}");
    };
    line(plain(&step.reason));
    if let Some(former) = &step.moved_from {
        line(format!("was {former}"));
    }
    step.changes.iter().map(field).for_each(&mut line);
    step.pins.values().for_each(|pin| line(plain(&format!("{} is {}", pin.question, pin.answer))));
    if step.risk != Risk::None {
        line(format!("risk: {}", risk(step.risk)));
    }
    line(match &step.inverse {
        Inverse::Exact => "if it fails: undone".to_owned(),
        Inverse::DeleteWhatWeMade => "if it fails: deleted again".to_owned(),
        Inverse::None { why } => plain(&format!("if it fails: stays, because {why}")),
    });
    text
}

fn field(change: &FieldChange) -> String {
    let path = plain(&change.path);
    match (change.before.is_null(), change.after.is_null()) {
        (true, _) => format!("{path}: {}", paint(GREEN, one_line(&change.after))),
        (false, true) => format!("{path}: {} {}", paint(RED, one_line(&change.before)), if change.unset { "no longer set" } else { "removed" }),
        (false, false) => format!("{path}: {} -> {}", paint(RED, one_line(&change.before)), paint(GREEN, one_line(&change.after))),
    }
}

fn problems(plan: &Plan, text: &mut String) {
    if !plan.problems.is_empty() {
        let _ = writeln!(text, "\n{}", paint(RED.bold(), "This plan cannot be applied"));
    }
    for problem in &plan.problems {
        let _ = writeln!(text, "  {}: {}", paint(BOLD, &problem.address), plain(&problem.detail));
        if let Some(hint) = &problem.hint {
            let _ = writeln!(text, "  {}{}", paint(CYAN, "Hint: "), plain(hint));
        }
    }
}

fn section(text: &mut String, title: &str, lines: impl ExactSizeIterator<Item = String>) {
    let left = lines.len().saturating_sub(ASIDES_SHOWN_MAX);
    if lines.len() > 0 {
        let _ = writeln!(text, "\n{}", paint(DIM, title));
    }
    for line in lines.take(ASIDES_SHOWN_MAX) {
        let _ = writeln!(text, "  {}", plain(&line));
    }
    if left > 0 {
        let _ = writeln!(text, "  and {left} more; `--json` lists all");
    }
}

fn aside(aside: &Aside) -> String {
    let fields: Vec<&str> = aside.changes.iter().map(|change| change.path.as_str()).collect();
    let of = if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) };
    format!("{} {} {}{of}", aside.action.word(), aside.type_name, aside.address)
}

fn sign(action: Action) -> (&'static str, Style) {
    match action {
        Action::Create => ("+", GREEN),
        Action::Update | Action::Restart => ("~", YELLOW),
        Action::Replace => ("-/+", RED),
        Action::Delete => ("-", RED),
        Action::Adopt | Action::Move | Action::Release => (">", CYAN),
    }
}

fn risk(risk: Risk) -> String {
    let style = match risk {
        Risk::None | Risk::InPlace => Style::new(),
        Risk::Restart | Risk::MayDisconnect => YELLOW,
        Risk::DataLoss => RED.bold(),
    };
    paint(style, risk.word())
}
