//! Whatever blueprints and targets say: a comment fits, closes what it opens, tells what is destroyed, and notifies nobody.

use core_model::plan::{Action, ProblemKind, Step};
use core_model::record::{ParkedReason, StepState};
use core_model::{Diagnostic, Span};
use daemon_app::comment::{COMMENT_LENGTH_MAX, EnvironmentState, EnvironmentView, PullView, Requirement, living};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rendered::html;
use crate::world::{StepExt, address, aside, change, losing, orphan, outcome, plan_in, planned, problem, pull, step, unknown, with_diagnostics};

const HOSTILE: [&str; 18] = [
    "`",
    "```",
    "~~~~",
    "|",
    "@maria",
    "@acme/oncall",
    "#12",
    "<script>",
    "</details>",
    "<!--",
    "-->",
    "</pre>",
    "𝒶🧨",
    "\n",
    "\r\n\t",
    "[x](http://e.vil)",
    "\u{202e}",
    "> [!CAUTION]",
];

pub(crate) fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(HOSTILE.to_vec()), 1..8).prop_map(|parts| parts.join("")),
        4 => prop::collection::vec(prop::sample::select(HOSTILE.to_vec()), 1..8).prop_map(|parts| parts.join(" ")),
        2 => "\\PC{0,40}",
        1 => (prop::sample::select(HOSTILE.to_vec()), 1usize..3000).prop_map(|(part, times)| part.repeat(times)),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let actions = vec![Action::Create, Action::Update, Action::Replace, Action::Delete, Action::Restart, Action::Release];
    (prop::sample::select(actions), 0u32..5000, prop::collection::vec((hostile(), hostile(), hostile()), 0..4), hostile(), any::<bool>()).prop_map(
        |(action, number, fields, reason, loses)| {
            let name = format!("r{number}");
            let mut made = if loses && action == Action::Delete { losing(action, &name) } else { step(action, "compute", &name) };
            for (key, before, after) in fields {
                made = made.set(&format!("specs.env.{key}"), json!(before), json!([after, {"k": before}]));
            }
            made.object = reason.clone();
            made.reason = reason;
            made
        },
    )
}

fn any_environment() -> impl Strategy<Value = EnvironmentView> {
    let parts = (prop::collection::vec(any_step(), 0..30), prop::collection::vec(hostile(), 0..4), hostile(), 0..6usize);
    parts.prop_map(|(steps, texts, text, state)| {
        let mut plan = plan_in("prod", steps);
        for said in &texts {
            plan.problems.push(problem(ProblemKind::Conflict, "web", said, &text));
            plan.notes.push(said.clone());
            plan.orphans.push(orphan(said));
            plan.unknown.push(core_model::plan::Unknown { why: said.clone(), ..unknown("web", said.len() % 2 == 0) });
            plan.drift.push(aside(Action::Update, "web", vec![change(&format!("specs.env.{said}"), json!(said), Value::Null)]));
        }
        let outcomes: Vec<_> = plan.steps.iter().map(|step| outcome(step, StepState::Failed, Some(&text))).collect();
        let mut view = planned("prod", plan);
        view.next_step = texts.clone();
        view.requirements = vec![Requirement { met: false, text: text.clone(), who: text.clone(), how: text.clone() }];
        view.state = match state {
            0 => EnvironmentState::Failed { outcomes },
            1 => EnvironmentState::Unreachable { why: text },
            2 => EnvironmentState::Parked { reason: ParkedReason::Refused, detail: text, digest: crate::world::digest() },
            3 => EnvironmentState::Applied { record: text.clone(), url: Some(text) },
            4 => EnvironmentState::Skipped { by: text },
            _ => view.state,
        };
        view
    })
}

/// The text without everything that is shown as code, where nobody is notified and nothing is markup.
pub(crate) fn outside_code(html: &str) -> String {
    let mut rest = html;
    let mut out = String::new();
    while let Some(start) = rest.find("<code").into_iter().chain(rest.find("<pre")).min() {
        out.push_str(&rest[..start]);
        let close = if rest[start..].starts_with("<code") { "</code>" } else { "</pre>" };
        let end = rest[start..].find(close).expect("code is closed");
        rest = &rest[start + end + close.len()..];
    }
    out + rest
}

/// Every tag that is opened is closed, in the right order.
pub(crate) fn check_balanced(html: &str) {
    const ALONE: [&str; 3] = ["br", "hr", "img"];
    let mut open: Vec<&str> = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { panic!("a `<` that is no tag: {piece}") };
        if tag.starts_with("!--") {
            continue;
        }
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closed out of order in:\n{html}");
        } else if !ALONE.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "left open in:\n{html}");
}

fn check(view: &PullView<'_>) -> String {
    let text = living(view);
    assert!(text.chars().count() <= COMMENT_LENGTH_MAX, "{} characters", text.chars().count());
    let html = html(&text);
    check_balanced(&html);
    let prose = outside_code(&html);
    assert!(!prose.contains('@'), "a mention notifies:\n{text}\n{prose}");
    assert!(!prose.contains("#12"), "a reference links:\n{text}\n{prose}");
    assert!(!prose.contains("e.vil"), "a link:\n{text}\n{prose}");
    assert!(!prose.contains("<script"), "{text}");
    assert_eq!(prose.matches("<!--").count(), 1, "only our marker is a comment:\n{text}");
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_values_stay_values(environments in prop::collection::vec(any_environment(), 1..4)) {
        let text = check(&pull(environments.clone()));
        if text.chars().count() < COMMENT_LENGTH_MAX / 2 {
            for step in environments.iter().filter_map(|environment| environment.plan.as_ref()).flat_map(|plan| &plan.steps) {
                let severe = matches!(step.action, Action::Delete | Action::Replace);
                prop_assert!(!severe || text.contains(&step.address.to_string()), "{} is missing", step.address);
            }
        }
    }

    #[test]
    fn hostile_diagnostics_stay_text(texts in prop::collection::vec(hostile(), 1..5)) {
        let diagnostics: Vec<Diagnostic> = texts
            .iter()
            .map(|text| Diagnostic::error("Wrong value", text).hint(text).command(text).because(text).at(&Span::new(text.as_str(), 1, 1)))
            .collect();
        check(&with_diagnostics(&diagnostics));
        check(&PullView { merge_conflict: Some(texts), ..pull(Vec::new()) });
    }
}

#[test]
fn three_thousand_deletes_are_all_named() {
    let mut steps: Vec<Step> = (0..3000).map(|n| step(Action::Delete, "compute", &format!("web-{n:04}"))).collect();
    steps.extend((0..500).map(|n| step(Action::Update, "compute", &format!("api-{n:04}")).set("specs.note", json!("a"), json!("b"))));
    let text = check(&pull(vec![planned("prod", plan_in("prod", steps))]));
    for n in 0..3000 {
        assert!(text.contains(&format!("web-{n:04}")), "web-{n:04} is missing");
    }
    assert!(text.contains("500 updates, none above in-place"), "{}", &text[text.len() - 600..]);
}

#[test]
fn what_cannot_be_named_is_counted() {
    let steps: Vec<Step> = (0..40_000).map(|n| step(Action::Delete, "compute", &format!("web-{n:05}"))).collect();
    let text = check(&pull(vec![planned("prod", plan_in("prod", steps))]));
    assert!(text.contains("40000 deletes"), "{text}");
    assert!(text.contains("ipr plan --pr 42"), "{text}");
}

#[test]
fn less_risk_is_cut_first() {
    let long = "long ".repeat(30);
    let mut steps: Vec<Step> =
        (0..600).map(|n| step(Action::Update, "compute", &format!("api-{n}")).set("specs.note", json!("a"), json!(format!("{n} {long}")))).collect();
    steps.extend((0..50).map(|n| step(Action::Replace, "compute", &format!("web-{n}")).set("specs.image", json!("a"), json!(format!("b{n}")))));
    let text = check(&pull(vec![planned("prod", plan_in("prod", steps))]));
    assert!(text.contains("~ update  shop-app.api-599"), "each update keeps a line");
    assert!(!text.contains("long long long long long long long"), "without its value");
    assert!(text.contains("+     image  b49"), "replaces keep their fields");
}

#[test]
fn more_environments_than_fit() {
    let environments: Vec<EnvironmentView> = (0..3000)
        .map(|n| planned(&format!("environment-{n}"), plan_in("prod", vec![step(Action::Delete, "compute", &format!("web-{n}"))])))
        .collect();
    let text = check(&pull(environments));
    assert!(text.contains("3000 deletes"), "{text}");
}

#[test]
fn ten_megabytes_fit() {
    let big = "𝒶```\n".repeat(500_000);
    let steps = vec![step(Action::Update, "compute", "web").set("specs.note", json!("small"), json!(big)), step(Action::Delete, "compute", "gone")];
    let text = check(&pull(vec![planned("prod", plan_in("prod", steps))]));
    assert!(text.contains(&address("gone").to_string()));
}
