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
    super::print(render(plan, digest));
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
        let at = problem.at.as_ref().map_or_else(String::new, |at| format!(" ({})", plain(at)));
        let _ = writeln!(text, "  {}{at}: {}", paint(BOLD, &problem.address), plain(&problem.detail));
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    /// A plan with one of everything.
    fn plan() -> Plan {
        let step = |address: &str, action: &str, risk: &str, inverse: serde_json::Value, changes: serde_json::Value| {
            json!({
                "digest": "0".repeat(64), "address": address, "type": "compute", "provider": "docker", "target": "dock-01", "action": action,
                "object": address.replace('.', "-"), "changes": changes, "desired": {}, "risk": risk, "inverse": inverse, "waits_for": [],
                "reason": "the blueprint changed"
            })
        };
        let change = |path: &str, before: serde_json::Value, after: serde_json::Value| json!({"path": path, "before": before, "after": after, "effect": "replace", "risk": "restart", "unset": after.is_null()});
        let changes = json!([
            change("specs.image", json!("web:1"), json!("web:2")),
            change("specs.env.DEBUG", json!("1"), json!(null)),
            change("specs.env.PASSWORD", json!({"$sealed": {"fingerprint": "k1:00"}}), json!({"$sealed": {"fingerprint": "k1:11"}})),
            change("specs.command", json!(null), json!("\u{1b}[2J")),
        ]);
        let kept = json!({"kind": "none", "why": "its data cannot be made again"});
        let aside = json!({"address": "shop.db", "type": "compute", "action": "update", "changes": [change("specs.memory", json!(1), json!(2))]});
        serde_json::from_value(json!({
            "format": 1, "environment": "prod", "digest": "a".repeat(64),
            "steps": [
                step("shop.web", "replace", "restart", json!({"kind": "exact"}), changes),
                step("shop.old", "delete", "data-loss", kept, json!([])),
            ],
            "pending": [aside], "drift": [aside],
            "unknown": [{"address": "shop.far", "target": "dock-02", "why": "no answer", "in_scope": true}],
            "orphans": [{"target": "dock-01", "type": "compute", "object": "lost", "marker": "6f0c2a9e/prod/shop.lost"}],
            "problems": [{"kind": "conflict", "address": "shop.web", "detail": "It exists and is not ours.", "hint": "set `adopt: true`"}],
            "notes": ["the tag web:2 has moved"], "after": [], "targets": {}, "managed": 4
        }))
        .unwrap()
    }

    fn text(plan: &Plan, digest: Option<&str>) -> String {
        anstream::adapter::strip_str(&render(plan, digest)).to_string()
    }

    #[test]
    fn everything_that_a_comment_says_is_there() {
        insta::assert_snapshot!(text(&plan(), Some("aaaaaaaaaaaa")), @r#"
            prod: 1 to replace, 1 to delete. Highest risk: data-loss. Digest: aaaaaaaaaaaa

            -/+ replace shop.web compute shop-web on dock-01
                  the blueprint changed
                  specs.image: "web:1" -> "web:2"
                  specs.env.DEBUG: "1" no longer set
                  specs.env.PASSWORD: (secret k1:00) -> (secret k1:11)
                  specs.command: "\u001b[2J"
                  risk: restart
                  if it fails: undone

              - delete shop.old compute shop-old on dock-01
                  the blueprint changed
                  risk: data-loss
                  if it fails: stays, because its data cannot be made again

            This plan cannot be applied
              shop.web: It exists and is not ours.
              Hint: set `adopt: true`

            Not seen, and left as it is
              shop.far on dock-02: no answer

            Not in this plan: wanted by the base, not applied yet
              update compute shop.db: specs.memory

            Not in this plan: changed by somebody else
              update compute shop.db: specs.memory

            Carries our marker and is in no blueprint
              compute lost on dock-01: marked 6f0c2a9e/prod/shop.lost

            Notes
              the tag web:2 has moved
        "#);
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let mut plan = plan();
        plan.notes = (0..25).map(|number| format!("note {number}")).collect();
        let text = text(&plan, None);
        assert!(text.contains("note 19\n  and 5 more; `--json` lists all\n") && !text.contains("Digest"), "{text}");
    }

    #[test]
    fn a_plan_without_steps_is_one_line() {
        let mut plan = plan();
        for list in [&mut plan.pending, &mut plan.drift] {
            list.clear();
        }
        (plan.steps, plan.unknown, plan.orphans, plan.problems, plan.notes) = Default::default();
        assert_eq!(text(&plan, Some("aaaaaaaaaaaa")), "prod: nothing to do.\n");
    }
}
