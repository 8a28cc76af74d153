//! What may rules take? Work, memory and room for what they say, each up to a bound, and never in silence.

use insta::assert_snapshot;
use test_harness::{MergeMethod, Wish, World};
use test_scenarios::{WEB, blueprint, container, web};

const RULES: &str = "policies/rules.rego";

#[tokio::test]
async fn a_rule_that_does_not_end_denies() {
    let rule = "package main\ndeny contains \"x\" if {\n  some i in numbers.range(1, 9000)\n  some j in numbers.range(1, 9000)\n  i + j == -1\n}\n";
    let world = World::start_as(Wish::default().file(RULES, rule)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert!(pull.comment().await.contains("Rule does not end"), "{}", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "⏸ refused");
    world.end().await;
}

#[tokio::test]
async fn a_rule_that_eats_memory_denies_and_the_daemon_lives_on() {
    let doubles: String = (0..40).map(|line| format!("  t{} := concat(\"\", [t{line}, t{line}])\n", line + 1)).collect();
    let rule = format!("package main\ndeny contains \"x\" if {{\n  t0 := \"0123456789\"\n{doubles}  t40 == \"\"\n}}\n");
    let world = World::start_as(Wish::default().file(RULES, &rule)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!("hungry_comment", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!((pull.state().await.as_str(), world.target().names().len()), ("⏸ refused", 0));
    world.push_to_main(RULES, None).await;
    pull.say("carol", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!(pull.state().await, "⏸ refused", "the rules of the merge judge it for ever");
    world.applied("Add b", "blueprints/b.yaml", &blueprint("b", &container("one"))).await;
    world.end().await;
}

#[tokio::test]
async fn rules_that_say_more_than_anybody_reads_are_kept_in_part_and_said() {
    let text = "x".repeat(900);
    let rule = |number: u32| format!("warn contains sprintf(\"{number} %d {text}\", [i]) if some i in numbers.range(1, 900)\n");
    let rules: String = (0..3).map(rule).collect();
    let denial = "deny contains \"never\" if count(input.plan.steps) > 0\n";
    let world = World::start_as(Wish::default().file(RULES, &format!("package main\n{rules}{denial}"))).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let comment = pull.comment().await;
    assert!(comment.contains("❌ denied") && comment.contains(" more | | | |"), "{comment}");
    pull.say("alice", "/why").await;
    let why = pull.replies().await.pop().unwrap();
    assert!(why.contains("say 2701 things") && why.contains("too many to keep") && why.len() < 65_536, "{why}");
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "⏸ refused");
    world.end().await;
}
