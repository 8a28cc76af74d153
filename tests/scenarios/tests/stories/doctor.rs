//! What does `ipr doctor` say beside a daemon that works, and of what is not as it should be?

use serde_json::Value;
use test_harness::{Permission, REPOSITORY, Wish, World};
use test_scenarios::{WEB, machine};

/// What it found, and its exit code.
async fn doctor(world: &World) -> (Value, Option<i32>) {
    let ended = world.ipr(&["doctor", "--json"]).await;
    let report = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    (report, ended.code)
}

/// The checks with this state, as `about: text`.
fn with(report: &Value, state: &str) -> Vec<String> {
    let checks = report["checks"].as_array().expect("a list of checks").iter().filter(|check| check["state"] == state);
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    checks.map(|check| format!("{}: {}", text(check, "about"), text(check, "text"))).collect()
}

fn assert_one(lines: &[String], parts: &[&str]) {
    let found = lines.iter().filter(|line| parts.iter().all(|part| line.contains(part))).count();
    assert_eq!(found, 1, "{parts:?} in {lines:#?}");
}

#[tokio::test]
async fn beside_a_daemon_that_works_only_the_ruleset_is_missing() {
    let world = World::start_as(Wish::default().proxmox().file(WEB, &machine())).await;
    world.install().await;
    let (writes, log) = (world.pve().writes(), world.daemon.log().len());
    let (report, code) = doctor(&world).await;
    assert_eq!((with(&report, "problem"), code), (vec![], Some(0)), "{report:#}");
    let fine = with(&report, "ok");
    assert_one(&fine, &["database: ", "version 2", "a daemon has it open"]);
    assert_one(&fine, &["GitHub: ", "the token is ipr-bot's"]);
    assert_one(&fine, &["repository acme/infra: may be written", "`main`"]);
    assert_one(&fine, &["repository acme/infra, main: ", "1 environment, 1 resource"]);
    assert_one(&fine, &["records of prod: the newest one (applied", "signed by the allowed key SHA256:"]);
    assert_one(&fine, &["target lab: Fake target 1"]);
    assert_one(&fine, &["target pve-main: Proxmox VE 9.", "cluster"]);
    assert_one(&fine, &["target pve-main: the credential may manage machines and containers"]);
    assert_one(&with(&report, "warning"), &["records of prod: no ruleset reserves `ipr/records/prod`"]);
    assert_eq!((world.pve().writes(), world.daemon.log().len()), (writes, log), "nothing is changed and the daemon is left alone");
    world.repository().ruleset("ipr/records/", &["creation", "update", "deletion", "non_fast_forward"]).await.expect("the repository exists");
    assert_one(&with(&doctor(&world).await.0, "ok"), &["records of prod: a ruleset reserves `ipr/records/prod`"]);
    world.end().await;
}

#[tokio::test]
async fn what_is_wrong_on_one_side_hides_nothing_of_the_other() {
    let world = World::start_as(Wish::default().proxmox()).await;
    world.pve().revoke(&["VM.Audit", "VM.Clone"]);
    world.repository().user("ipr-bot", Permission::Read).await.expect("the repository exists");
    let (report, code) = doctor(&world).await;
    let problems = with(&report, "problem");
    assert_eq!(code, Some(1), "{report:#}");
    assert_one(&problems, &["repository acme/infra: the token may only read it"]);
    assert_one(&problems, &["target pve-main: ", "lacks `VM.Audit` on `/vms`"]);
    assert_one(&with(&report, "warning"), &["target pve-main: ", "lacks `VM.Clone` on `/vms`"]);
    world.pve().renew_token();
    let renewed = with(&doctor(&world).await.0, "problem");
    assert_one(&renewed, &["target pve-main: ", "the target refuses the credential"]);
    world.repository().user("ipr-bot", Permission::Write).await.expect("the repository exists");
    world.end().await;
}

#[tokio::test]
async fn a_key_that_ipr_yaml_does_not_list_is_a_problem_before_it_signs() {
    let world = World::start().await;
    let own = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.expect("the repository exists").expect("the file is there");
    let line = own.lines().find(|line| line.starts_with("records:")).expect("it lists a key").to_owned();
    let other = "records: {keys: [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1W2mGmdrgPzC8HZE2RkKqMV9ZjXHjTkH7mO7wnMdF0 other\"]}";
    world.push_to_main("ipr.yaml", Some(&own.replace(&line, other))).await;
    let problems = with(&doctor(&world).await.0, "problem");
    assert_one(&problems, &["records of prod: the daemon's record key", "is not among `records.keys`"]);
    world.end().await;
}
