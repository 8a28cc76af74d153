//! The comments that are written once.

use core_model::plan::{Action, Step};
use core_model::record::{ParkedReason, StepState};
use core_policy::{Effect, Finding, Verdict};
use daemon_app::commands;
use daemon_app::comment::{self, COMMENT_LENGTH_MAX, ParkedView, Requirement, RunView, StatusState, WaitingMerge, WaitingView, Why, status, why};
use serde_json::json;

use crate::assert_text;
use crate::world::{REGISTRY, aside, change, digest, losing, outcome, plan, planned, pull, step};

fn people() -> Vec<String> {
    vec!["@acme/oncall".into(), "maria".into()]
}

fn steps() -> Vec<Step> {
    plan(vec![step(Action::Create, "compute", "db"), step(Action::Update, "compute", "web-a"), step(Action::Update, "compute", "web-b")]).steps
}

#[test]
fn applied() {
    let (plan, steps) = (plan(steps()), steps());
    let outcomes =
        [outcome(&steps[0], StepState::Changed, None), outcome(&steps[1], StepState::Changed, None), outcome(&steps[2], StepState::AlreadySo, None)];
    assert_text!(
        "new_applied",
        comment::applied(&RunView {
            environment: "prod",
            plan: Some(&plan),
            outcomes: &outcomes,
            record: "51c3e8d",
            record_url: Some("https://github.com/acme/infra/commit/51c3e8d"),
            notes: &[],
            digest: None,
            notify: &[],
        })
    );
}

#[test]
fn failed_and_rolled_back() {
    let (plan, steps, digest, notify) = (plan(steps()), steps(), digest(), people());
    let notes = vec!["What `edge` says of itself is not kept: no answer from @somebody <b>within 150 s</b>.".to_owned()];
    let run = |outcomes| RunView {
        environment: "prod",
        plan: Some(&plan),
        outcomes,
        record: "51c3e8d",
        record_url: None,
        notes: &notes,
        digest: Some(&digest),
        notify: &notify,
    };
    let failed = [
        outcome(&steps[0], StepState::Changed, None),
        outcome(&steps[1], StepState::Failed, Some("pull access denied for `ghcr.io/acme/shop`, ask @somebody\n<b>now</b>")),
        outcome(&steps[2], StepState::Stopped, None),
    ];
    assert_text!("new_failed", comment::failed(&run(&failed)));
    let undone = [outcome(&steps[0], StepState::Undone, None), outcome(&steps[1], StepState::Failed, Some("no space left on device"))];
    assert_text!("new_rolled_back", comment::rolled_back(&run(&undone)));
}

#[test]
fn parked() {
    let plan = plan(vec![losing(Action::Delete, "uploads"), step(Action::Delete, "compute", "web-a")]);
    let view = ParkedView {
        environment: "prod",
        reason: ParkedReason::NotCovered,
        detail: "`shop-app.uploads` would be deleted now; the review did not show that.",
        digest: &plan.digest,
        plan: Some(&plan),
        registry: &REGISTRY,
        notify: &people(),
    };
    assert_text!("new_parked", comment::parked(&view));
    let detail = "It interrupts `shop-app.web-a`. The next window opens Sun 2026-11-22 02:00 Europe/Rome.";
    assert_text!("new_held", comment::parked(&ParkedView { reason: ParkedReason::Window, detail, ..view }));
}

#[test]
fn refused() {
    let conditions = [
        Requirement { met: true, text: "the plan has no problems".into(), who: String::new(), how: String::new() },
        Requirement { met: false, text: "1 more approval".into(), who: "@acme/platform".into(), how: "approve this pull request".into() },
        Requirement { met: false, text: "`--deletes 7`".into(), who: String::new(), how: "write `/apply 3f9c0a1b2c3d --deletes 7`".into() },
    ];
    assert_text!("refused", comment::refused("/apply 3f9c0a1b2c3d", &conditions));
}

#[test]
fn short_answers() {
    let other = core_model::Hash::of_bytes(b"another");
    let answers = [
        comment::no_plan("/apply", "9d1f0c3"),
        comment::digest_changed("/apply 3f9c0a1b", &digest(), &other),
        comment::digest_unknown("/apply 3f9c0a1b", &[("dev".into(), digest()), ("prod".into(), other.clone())]),
        comment::nothing_to_apply("/apply prod", Some("prod")),
        comment::which_environment("/apply", &[("dev".into(), digest()), ("prod".into(), other)]),
        comment::edited_command_ignored("/apply prod"),
        comment::skipped("prod", "maria"),
    ];
    assert_text!("short_answers", answers.join("\n---\n\n"));
}

#[test]
fn answers_to_mistakes() {
    let mistakes = "/aply prod\n/apply 3f9c\n/apply 3f9c0a1b --deletes many\n/plan prod now\n/rollback\n/apply --emergency fire";
    let answers: Vec<String> =
        commands::parse(mistakes).iter().map(|parsed| comment::command_error(parsed, parsed.command.as_ref().unwrap_err())).collect();
    assert_eq!(answers.len(), 6);
    assert_text!("answers_to_mistakes", answers.join("\n---\n\n"));
}

#[test]
fn help() {
    assert_text!("help", comment::help());
}

#[test]
fn environment_stopped() {
    let text = comment::environment_stopped(
        "prod",
        "The tip of `ipr/records/prod` is `51c3e8d`, which is not signed by a key that `ipr.yaml` names.",
        Some("0aa1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3"),
        &people(),
    );
    assert_text!("environment_stopped", text);
}

#[test]
fn environment_held() {
    let mistakes = ["error: Files not readable\n`blueprints/link.yaml` is a symbolic link.\n".to_owned()];
    assert_text!("environment_held", comment::environment_held("prod", "what `main` wants cannot be read", &mistakes, &people()));
}

#[test]
fn waiting_issue() {
    assert_eq!(comment::issue_title("prod"), "ipr: prod needs attention");
    let (first, digest) = (plan(steps()), digest());
    let merges = [
        WaitingMerge {
            commit: "9d1f0c3",
            summary: "Raise the memory of #12, thanks @maria",
            reason: ParkedReason::Unreviewed,
            detail: "",
            digest: &digest,
            plan: Some(&first),
        },
        WaitingMerge {
            commit: "1b2c3d4",
            summary: "Fix",
            reason: ParkedReason::Failed,
            detail: "no space left on device",
            digest: &digest,
            plan: None,
        },
    ];
    let notify = people();
    let view = |first_installation, merges| WaitingView {
        environment: "prod",
        first_installation,
        first_held: None,
        merges,
        drift: &[],
        times: 0,
        notes: &[],
        registry: &REGISTRY,
        notify: &notify,
    };
    assert_text!("waiting_issue", comment::waiting_issue(&view(None, &merges)));
    assert_text!("waiting_issue_single", comment::waiting_issue(&view(None, &merges[..1])));
    assert_text!("first_installation", comment::waiting_issue(&view(Some(&first), &[])));
    let held = WaitingView { first_held: Some("The next window opens Mon 2026-11-23 08:00 Europe/Rome."), ..view(Some(&first), &[]) };
    assert_text!("first_installation_held", comment::waiting_issue(&held));
    assert_text!("waiting_issue_empty", comment::waiting_issue(&view(None, &[])));
    let drift = [
        aside(Action::Restart, "web-a", vec![change("specs.memory", json!(1_u64 << 30), json!(512 << 20))]),
        aside(Action::Delete, "worker", Vec::new()),
    ];
    let notes = ["`rack1/n01`: `FAN1` is below its lower critical limit".to_owned()];
    let drifted = WaitingView { drift: &drift, times: 2, notes: &notes, ..view(None, &merges[1..]) };
    assert_text!("drift_issue", comment::waiting_issue(&drifted));
    assert_text!("drift_news", comment::changed_too(&drifted));
}

#[test]
fn statuses() {
    let two = pull(vec![planned("dev", plan(steps())), planned("prod", plan(vec![losing(Action::Delete, "uploads")]))]);
    assert_eq!(status(&two), (StatusState::Success, "dev: +1 ~2 -0; prod: +0 ~0 -1, data-loss".into()));
    let nothing = pull(vec![planned("prod", plan(Vec::new()))]);
    assert_eq!(status(&nothing), (StatusState::Success, "Nothing to do".into()));
    let many = pull((0..40).map(|n| planned(&format!("environment-{n}"), plan(steps()))).collect());
    assert_eq!(status(&many).1.chars().count(), comment::DESCRIPTION_LENGTH_MAX);
}

#[test]
fn an_answer_to_why_fits_however_much_the_rules_say() {
    let finding = |number: usize| Finding {
        effect: Effect::Deny,
        rule: "main.deny".into(),
        written_at: "policies/a.rego:1".into(),
        address: None,
        message: format!("{number} {}", "x".repeat(990)),
        path: None,
        blueprint: None,
    };
    let verdict = Verdict { findings: (0..200).map(finding).collect(), faults: Vec::new(), left_out: 7 };
    let environments: Vec<Why<'_>> = ["dev", "stage", "prod"].into_iter().map(|environment| Why { environment, verdict: &verdict }).collect();
    let text = why(&environments, None);
    assert!(text.chars().count() <= COMMENT_LENGTH_MAX && text.contains("| and 177 more | | | |"), "{text}");
    assert!(text.contains("say 207 things") && text.contains("at least 7 more things"), "{text}");
    assert!(why(&environments[..1], None).contains("| and 107 more | | | |"));
}
