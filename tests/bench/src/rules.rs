//! How long does a set of rules take to judge a large plan, and how much memory?

use std::time::{Duration, Instant};

use anyhow::Context as _;
use core_policy::{Files, Places, Rules};
use daemon_rules::RulesProcess;
use serde_json::{Value, json};

use crate::sample::{Sample, against_goal, milliseconds};

const STEPS: usize = 1_000;
const RULES: usize = 50;
const GOAL: Duration = Duration::from_millis(50);
const ROUNDS: usize = 5;

/// The argument with which this program starts itself as the process of the rules, as `ipr` does.
pub(crate) const PROCESS: &str = "--rules-process";

/// The shapes that rules come in; each is written five times, with other limits.
const SHAPES: [&str; 10] = [
    "some step in input.plan.steps; step.action == \"delete\"; step.risk == \"data-loss\"; msg := sprintf(\"{n} %s\", [step.address])",
    "some step in input.plan.steps; step.desired.specs.memory > {n}00000000; msg := sprintf(\"{n} %s\", [step.address])",
    "some step in input.plan.steps; endswith(step.desired.specs.image, \":{n}\"); msg := sprintf(\"{n} %s\", [step.address])",
    "some step in input.plan.steps; some port in step.desired.specs.ports; startswith(port, \"0.0.0.{n}:\"); msg := sprintf(\"{n} %s\", [port])",
    "some step in input.plan.steps; not regex.match(`^[a-z][a-z0-9-]{{n},40}$`, step.resource); msg := sprintf(\"{n} %s\", [step.address])",
    "some step in input.plan.steps; step.action == \"create\"; not step.desired.metadata.owner; msg := sprintf(\"{n} %s\", [step.address])",
    "count([step | some step in input.plan.steps; step.action == \"replace\"]) > {n}; msg := \"{n}\"",
    "some step in input.plan.steps; some change in step.changes; change.path == \"specs.env.V{n}\"; msg := sprintf(\"{n} %s\", [step.address])",
    "input.environment.name in {\"prod{n}\"}; msg := \"{n}\"",
    "some step in input.plan.steps; step.address in {\"shop.r{n}\", \"shop.db\"}; step.action in {\"delete\", \"replace\"}; msg := sprintf(\"{n} %s\", [step.address])",
];

pub(crate) fn report() -> anyhow::Result<()> {
    let files = files();
    let started = Instant::now();
    let rules = Rules::compile(&files).map_err(|diagnostics| anyhow::anyhow!("{diagnostics:?}")).context("the rules of the sample do not compile")?;
    let compiled = started.elapsed();
    let document = document();
    let rounds: Vec<(Duration, usize)> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let verdict = rules.judge(&document, Places::default());
            (started.elapsed(), verdict.count() + verdict.faults.len() * STEPS)
        })
        .collect();
    let findings = rounds[0].1;
    anyhow::ensure!(findings > 0 && findings < STEPS * RULES, "the rules of the sample say {findings} things");
    let judged = Sample::new(rounds.iter().map(|(passed, _)| *passed));
    println!("Rules: {RULES} of them judge a plan of {STEPS} steps, and say {findings} things. Median of {ROUNDS} rounds.\n");
    let asked = asked(&files, &document, findings)?;
    println!("compiled in {:.1} ms", milliseconds(compiled));
    println!("judged in {:.1} ms, {}", milliseconds(judged.median()), judged.range());
    println!(
        "asked in {:.1} ms, {}, as the daemon asks: a process is started, reads rules and plan, and judges; goal {} ms: {}\n",
        milliseconds(asked.median()),
        asked.range(),
        GOAL.as_millis(),
        against_goal(asked.median(), GOAL)
    );
    Ok(())
}

/// In a process of its own, which compiles the rules and reads the plan from JSON. It has no variables of ours: with `RUST_BACKTRACE`, each
/// function that is given what it cannot take costs a look at the stack, and judging twice the time.
fn asked(files: &Files, document: &Value, findings: usize) -> anyhow::Result<Sample> {
    let process = RulesProcess::of_this_program(PROCESS);
    let rounds: Vec<(Duration, usize)> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let verdict = process.judge_one(files, document);
            (started.elapsed(), verdict.count())
        })
        .collect();
    anyhow::ensure!(rounds.iter().all(|(_, count)| *count == findings), "the process of the rules says something else: {rounds:?}");
    Ok(Sample::new(rounds.iter().map(|(passed, _)| *passed)))
}

fn files() -> Files {
    let rule = |number: usize| {
        let body = SHAPES[number % SHAPES.len()].replace("{n}", &(number / SHAPES.len() + 1).to_string());
        let body = body.replace("; ", "\n  ");
        (format!("policies/r{number}.rego"), format!("package r{number}\n\ndeny contains msg if {{\n  {body}\n}}\n").into_bytes())
    };
    (0..RULES).map(rule).collect()
}

fn document() -> Value {
    let step = |number: usize| {
        let action = ["create", "update", "update", "replace", "delete"][number % 5];
        json!({
            "address": format!("shop.r{number}"), "blueprint": "shop", "resource": format!("r{number}"), "type": "compute", "action": action,
            "risk": if action == "delete" && number % 50 == 4 { "data-loss" } else { "restart" },
            "desired": {
                "specs": {"image": format!("ghcr.io/acme/shop:{number}"), "memory": number * 1_000_000, "ports": [format!("127.0.0.1:{number}:80/tcp")]},
                "metadata": {"owner": "@acme/shop"},
            },
            "changes": [{"path": format!("specs.env.V{}", number % 100), "before": null, "after": "x", "risk": "restart", "unset": false}],
        })
    };
    let steps: Vec<Value> = (0..STEPS).map(step).collect();
    json!({"version": 1, "now": "2026-11-20T13:34:41Z", "environment": {"name": "prod", "id": "prod"}, "pull_request": null, "plan": {"steps": steps}})
}
