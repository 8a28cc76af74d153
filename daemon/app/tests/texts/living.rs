//! The living comment, case by case.

use core_model::plan::{Action, Inverse, Pin, ProblemKind, Risk, Step};
use core_model::record::{ParkedReason, StepState};
use core_model::{Diagnostic, Span};
use daemon_app::comment::{EnvironmentState, EnvironmentView, PullView, Requirement, environment_text, living};
use serde_json::{Value, json};

use crate::assert_text;
use crate::world::{
    StepExt, address, aside, change, digest, link, losing, orphan, outcome, plan, plan_in, planned, problem, pull, sealed, step, unknown,
    with_diagnostics,
};

fn new_web(name: &str) -> Step {
    step(Action::Create, "compute", name)
        .set("specs.cpu", Value::Null, json!(1500))
        .set("specs.env.DB_HOST", Value::Null, json!("db"))
        .set("specs.env.DB_PASSWORD", Value::Null, sealed("k1:a1b2c3d4e5f60718"))
        .set("specs.image", Value::Null, json!(format!("ghcr.io/acme/shop:1.4.2@sha256:{}", "3f9c0a1b".repeat(8))))
        .set("specs.memory", Value::Null, json!(512 << 20))
        .set("specs.networks", Value::Null, json!([link("front")]))
        .set("specs.ports", Value::Null, json!(["127.0.0.1:8081:80/tcp"]))
        .after("db")
        .after("front")
}

#[test]
fn create() {
    let network = step(Action::Create, "network", "front");
    let mut cache = step(Action::Create, "compute", "cache").set("specs.image", Value::Null, json!("redis:7"));
    cache.object = "shared-cache".into();
    cache.pins.insert("specs.image".into(), Pin { question: "redis:7".into(), answer: "sha256:77aa01".into() });
    assert_text!("create", living(&pull(vec![planned("prod", plan(vec![network, new_web("web-a"), cache]))])));
}

#[test]
fn update() {
    let web = step(Action::Update, "compute", "web-a")
        .set("specs.healthcheck.interval", json!(5000), json!(30_000))
        .set("specs.networks", json!([link("front")]), json!([link("front"), {"external": "monitoring", "name": "monitoring"}]))
        .set("metadata.owner", json!("platform"), Value::Null);
    let db = step(Action::Restart, "compute", "db").set("specs.memory", json!(1_u64 << 30), json!(2_u64 << 30));
    let mut view = planned("prod", plan(vec![db, web]));
    view.requirements = vec![
        Requirement { met: true, text: "the plan is for the newest commit".into(), who: String::new(), how: String::new() },
        Requirement { met: false, text: "1 approval".into(), who: "@acme/platform".into(), how: "approve this pull request".into() },
    ];
    assert_text!("update", living(&pull(vec![view])));
}

#[test]
fn replace() {
    let mut web = step(Action::Replace, "compute", "web-a").set("specs.image", json!("ghcr.io/acme/shop:1.4.1"), json!("ghcr.io/acme/shop:1.4.2"));
    web.changes.push(change("specs.note", json!("old"), json!("new")));
    let mut volume = losing(Action::Replace, "db-data").set("specs.storage", json!(10_u64 << 30), json!(20_u64 << 30));
    volume.changes[0].risk = Risk::DataLoss;
    let mut db = step(Action::Replace, "compute", "db").after("db-data");
    db.reason = "`shop-app.db-data` is replaced".into();
    assert_text!("replace", living(&pull(vec![planned("prod", plan(vec![volume, db, web]))])));
}

#[test]
fn delete() {
    let mut moved = step(Action::Move, "compute", "shop-web.api");
    moved.moved_from = Some(address("api"));
    let steps = vec![
        moved,
        step(Action::Adopt, "network", "lan"),
        step(Action::Delete, "compute", "web-a"),
        losing(Action::Delete, "uploads"),
        step(Action::Release, "storage", "db-data"),
    ];
    assert_text!("delete", living(&pull(vec![planned("prod", plan(steps))])));
}

#[test]
fn nothing() {
    assert_text!("nothing", living(&pull(vec![planned("dev", plan_in("dev", Vec::new())), planned("prod", plan(Vec::new()))])));
}

#[test]
fn blueprint_errors() {
    let diagnostics = [
        Diagnostic::error("Unknown key", "`iamge` is not known in `specs`.").hint("did you mean `image`?").at(&Span::new(
            "blueprints/shop-app.yaml",
            4,
            60,
        )),
        Diagnostic::error("Wrong value", "`specs.memory` is `512`, which has no unit.")
            .hint("a number with a unit, for example 8GB, 512MB")
            .at(&Span::new("blueprints/shop-app.yaml", 5, 70)),
    ];
    assert_text!("blueprint_errors", living(&with_diagnostics(&diagnostics)));
}

#[test]
fn merge_conflict() {
    let view = PullView { merge_conflict: Some(vec!["blueprints/shop-app.yaml".into(), "ipr.yaml".into()]), ..pull(Vec::new()) };
    assert_text!("merge_conflict", living(&view));
}

#[test]
fn foreign_object() {
    let mut plan = plan(vec![new_web("web-b")]);
    plan.problems = vec![
        problem(
            ProblemKind::Conflict,
            "web-a",
            "`shop-app-web-a` exists on `dock-01` and is not managed by ipr.",
            "to manage it here write `lifecycle: {adopt: true}`; to leave it alone choose another name with `specs.name`",
        ),
        problem(
            ProblemKind::Protected,
            "db-data",
            "`shop-app.db-data` is protected, and this change would delete it.",
            "merge `lifecycle: {protect: false}` in a pull request of its own first",
        ),
    ];
    assert_text!("foreign_object", living(&pull(vec![planned("prod", plan)])));
}

#[test]
fn parked() {
    let mut view = planned("prod", plan(vec![losing(Action::Delete, "uploads"), step(Action::Delete, "compute", "web-a")]));
    let digest = view.plan.as_ref().unwrap().digest.clone();
    view.next_step = vec![format!("`/apply {digest}` does exactly this"), "`/skip prod` lets it go".into()];
    view.state = EnvironmentState::Parked { reason: ParkedReason::Waiting, detail: "It loses data.".into(), digest };
    assert_text!("parked", living(&pull(vec![view])));
}

#[test]
fn failed() {
    let (db, web) = (step(Action::Update, "compute", "db"), step(Action::Create, "compute", "web-a"));
    let mut view = planned("prod", plan(vec![db, web]));
    let steps = view.plan.as_ref().unwrap().steps.clone();
    view.next_step = vec![format!("`/apply {}` goes on with what is not done", digest().short())];
    view.state = EnvironmentState::Failed {
        outcomes: vec![
            outcome(&steps[0], StepState::Failed, Some("dock-01 refused it: no space left on device")),
            outcome(&steps[1], StepState::Stopped, None),
        ],
    };
    assert_text!("failed", living(&pull(vec![view])));
}

#[test]
fn applied() {
    let mut dev = planned("dev", plan_in("dev", vec![new_web("web-a")]));
    dev.state = EnvironmentState::Applied { record: "51c3e8d".into(), url: Some("https://github.com/acme/infra/commit/51c3e8d".into()) };
    dev.next_step.clear();
    let prod = EnvironmentView { state: EnvironmentState::NothingToDoAtMerge, ..planned("prod", plan(Vec::new())) };
    assert_text!("applied", living(&pull(vec![dev, prod])));
}

#[test]
fn running_and_provisional() {
    let mut dev = planned("dev", plan_in("dev", vec![new_web("web-a")]));
    dev.state = EnvironmentState::Running { run: "r-20".into() };
    dev.next_step.clear();
    let mut prod = planned("prod", plan(vec![step(Action::Update, "compute", "db").set("specs.note", json!("a"), json!("b"))]));
    prod.state = EnvironmentState::Provisional { why: "run `r-19` of #41 is open".into() };
    prod.next_step.clear();
    assert_text!("running_and_provisional", living(&pull(vec![dev, prod])));
}

#[test]
fn unknown_target() {
    let mut plan = plan(vec![new_web("web-a")]);
    plan.unknown = vec![unknown("web-b", true), unknown("cache", false), unknown("queue", false)];
    assert_text!("unknown_target", living(&pull(vec![planned("prod", plan)])));
}

#[test]
fn unreachable_target() {
    let why = "dock-02 does not answer: connection refused";
    let mut plan = plan(Vec::new());
    plan.unknown = vec![unknown("web-b", true)];
    let view = EnvironmentView { state: EnvironmentState::Unreachable { why: why.into() }, ..planned("prod", plan) };
    assert_text!("unreachable_target", living(&pull(vec![view])));
}

#[test]
fn what_else_was_seen() {
    let mut plan = plan(vec![step(Action::Update, "compute", "db").set("specs.note", json!("a"), json!("b"))]);
    plan.pending = vec![aside(Action::Create, "mailpit", vec![change("specs.memory", Value::Null, json!(64 << 20))])];
    plan.drift = vec![
        aside(Action::Restart, "web-a", vec![change("specs.memory", json!(1_u64 << 30), json!(512 << 20))]),
        aside(Action::Delete, "worker", Vec::new()),
    ];
    plan.orphans = vec![orphan("old-web")];
    plan.notes = vec!["the tag `postgres:16.4` now names another image; the record keeps the one it has".into()];
    assert_text!("what_else_was_seen", living(&pull(vec![planned("prod", plan)])));
}

#[test]
fn secrets() {
    let db = step(Action::Replace, "compute", "db")
        .set("specs.env.POSTGRES_PASSWORD", sealed("k1:a1b2c3d4e5f60718"), sealed("k1:f7e6d5c4b3a29180"))
        .set("specs.env.REPLICA_PASSWORD", sealed("k1:a1b2c3d4e5f60718"), sealed("k2:0011223344556677"))
        .set("specs.mounts", Value::Null, json!([{"storage": link("db-data"), "at": "/data", "key": "canary-in-a-list"}]))
        .set("specs.password", json!("canary-old"), json!("canary-new"));
    let text = living(&pull(vec![planned("prod", plan(vec![db]))]));
    assert!(!text.contains("canary"), "{text}");
    assert_text!("secrets", text);
}

#[test]
fn long_values() {
    let command = "serve --listen 0.0.0.0:80 --workers 8 --cache /var/cache/shop --log-format json --log-level";
    let script = |line: &str| format!("#!/bin/sh\nset -e\napt-get update\napt-get install -y nginx\n{line}\nexec nginx -g 'daemon off;'\n");
    let ports =
        |last: u32| json!((1..=4).map(|n| format!("0.0.0.0:{}:80/tcp", 8000 + n)).chain([format!("0.0.0.0:{last}:80/tcp")]).collect::<Vec<_>>());
    let web = step(Action::Replace, "compute", "web-a")
        .set("specs.command", json!(format!("{command} info")), json!(format!("{command} debug")))
        .set("specs.env.SETUP", json!(script("sleep 1")), json!(script("sleep 2")))
        .set("specs.ports", ports(9000), ports(9001));
    assert_text!("long_values", living(&pull(vec![planned("prod", plan(vec![web]))])));
}

#[test]
fn mass_of_steps() {
    let mut steps: Vec<Step> =
        (0..60).map(|n| step(Action::Update, "compute", &format!("web-{n}")).set("specs.note", json!("a"), json!("b"))).collect();
    steps.extend((0..4).map(|n| step(Action::Delete, "compute", &format!("old-{n}"))));
    assert_text!("mass_of_steps", living(&pull(vec![planned("prod", plan(steps))])));
}

#[test]
fn equal_environments() {
    let steps = || vec![step(Action::Create, "network", "front")];
    let environments = ["dev", "staging", "prod"].map(|name| planned(name, plan_in(name, steps())));
    assert_text!("equal_environments", living(&pull(environments.to_vec())));
}

#[test]
fn the_text_of_a_check_run() {
    let view = pull(vec![planned("prod", plan(vec![step(Action::Create, "network", "front")]))]);
    assert_text!("check_run", environment_text(&view, &view.environments[0]));
}

#[test]
fn may_disconnect() {
    let mut edge = step(Action::Update, "network", "edge").set("specs.note", json!("a"), json!("b"));
    edge.risk = Risk::MayDisconnect;
    edge.inverse = Inverse::Exact;
    assert_text!("may_disconnect", living(&pull(vec![planned("prod", plan(vec![edge]))])));
}
