//! What do the rules of a repository do to its pull requests?

use insta::assert_snapshot;
use test_harness::{MergeMethod, Pull, REPOSITORY, Wish, World};
use test_scenarios::{WEB, web};

const RULES: &str = "policies/rules.rego";

/// No container has more than so many bytes of memory.
fn memory(most: &str) -> String {
    format!(
        "package main

deny contains {{\"msg\": msg, \"address\": step.address, \"path\": \"specs.memory\"}} if {{
  some step in input.plan.steps
  step.desired.specs.memory > {most}
  msg := sprintf(\"%s asks for too much memory\", [step.address])
}}
"
    )
}

const MEGABYTES_128: &str = "134217728";
const MEGABYTES_512: &str = "536870912";

fn with(rules: &str) -> Wish {
    Wish::default().file(RULES, rules)
}

#[tokio::test]
async fn a_denied_plan_is_shown_and_not_applied() {
    let world = World::start_as(with(&memory(MEGABYTES_128))).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!("denied_comment", pull.comment().await);
    assert_eq!(pull.statuses().await["ipr/prod"].state, "failure");
    pull.say("mallory", "/why web.app").await;
    assert_snapshot!("why", pull.replies().await.last().unwrap());
    pull.merge(MergeMethod::Squash).await;
    assert_snapshot!("denied_parked", pull.replies().await.last().unwrap());
    pull.say("carol", &format!("/apply {}", pull.digest().await)).await;
    assert!(world.target().names().is_empty(), "an administrator is denied, too");
    world.end().await;
}

#[tokio::test]
async fn a_warning_is_shown_and_stops_nothing() {
    let world = World::start_as(with("package main\nwarn contains \"look twice\" if count(input.plan.steps) > 0\n")).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert!(pull.comment().await.contains("look twice"));
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

/// A world whose rules ask the team platform about every plan. Carol is in it, and so is Alice, who opens the pull requests.
async fn asking_the_platform() -> World {
    let rule = "package main\nneeds_approval contains {\"team\": \"platform\", \"msg\": \"look at it\"} if count(input.plan.steps) > 0\n";
    let world = World::start_as(with(rule)).await;
    world.team_member("platform", "carol").await;
    world.team_member("platform", "alice").await;
    world
}

#[tokio::test]
async fn only_the_right_team_can_approve() {
    let world = asking_the_platform().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!("asked_comment", pull.comment().await);
    pull.approve("bob").await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "⏸ waits for you");
    pull.say("alice", &format!("/apply {}", pull.digest().await)).await;
    assert!(world.target().names().is_empty(), "neither one outside of the team nor the author agrees for it");
    world.end().await;
}

#[tokio::test]
async fn somebody_of_the_team_agrees_after_the_merge() {
    let world = asking_the_platform().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert!(world.target().names().is_empty(), "bob is not in the team");
    pull.say("carol", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn a_push_past_every_review_is_approved_by_two_of_the_team() {
    let world = asking_the_platform().await;
    world.push_to_main(WEB, Some(&web())).await;
    let issue = world.issues().await.remove(0).number;
    let command = format!("/apply {}", world.record("prod").await.run.parked.remove(0).digest);
    world.comment(issue, "carol", &command).await;
    world.settled().await;
    assert!(world.target().names().is_empty(), "carol may have pushed it");
    world.comment(issue, "alice", &command).await;
    assert_eq!(world.record("prod").await.run.result.as_deref(), Some("applied"));
    world.end().await;
}

#[tokio::test]
async fn a_team_approves_before_the_merge() {
    let world = asking_the_platform().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.approve("carol").await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn what_a_team_approved_is_one_digest() {
    let world = asking_the_platform().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.approve("carol").await;
    pull.push(WEB, web().replace("256MB", "512MB").as_str()).await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for you");
    assert!(world.target().names().is_empty(), "carol approved another plan");
    world.end().await;
}

#[tokio::test]
async fn the_command_line_judges_a_pull_request_as_the_daemon_does() {
    let world = World::start_as(with(&memory(MEGABYTES_128))).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).file(RULES, &memory(MEGABYTES_512)).open().await;
    let judged = world.ipr(&["policy", "eval", "--pr", &pull.number.to_string(), "--explain"]).await;
    assert_eq!(judged.code, Some(1), "{judged:?}");
    assert_snapshot!("judged_on_a_laptop", judged.out);
    world.end().await;
}

#[tokio::test]
async fn a_change_of_what_is_asked_for_is_said_on_top() {
    let world = World::start_as(Wish::default().rule("approvals: {count: 1}")).await;
    let settings = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    let asks_nobody = settings.replace("approvals: {count: 1}", "approvals: {count: 0}");
    let pull = world.pull_request("Ask nobody").file("ipr.yaml", &asks_nobody).file(WEB, &web()).open().await;
    assert!(pull.comment().await.contains("**This pull request changes how merges are judged**: `what prod asks for before an apply, in ipr.yaml`"));
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for you", "one still has to approve");
    world.end().await;
}

#[tokio::test]
async fn a_rule_relaxed_in_the_same_pull_request_still_denies() {
    let world = World::start_as(with(&memory(MEGABYTES_128))).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).file(RULES, &memory(MEGABYTES_512)).open().await;
    assert_snapshot!("relaxed_comment", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "⏸ refused");
    assert!(world.target().names().is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_rule_made_stricter_after_the_review_denies_at_the_apply() {
    let world = World::start_as(with(&memory(MEGABYTES_512))).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert!(!pull.comment().await.contains("denied"));
    world.push_to_main(RULES, Some(&memory(MEGABYTES_128))).await;
    pull.merge_at_once(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "⏸ refused");
    assert!(world.target().names().is_empty());
    world.end().await;
}

/// A merge that waits for its digest, since the environment applies by hand.
async fn waiting(world: &World) -> Pull<'_> {
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for you");
    pull
}

#[tokio::test]
async fn a_rule_that_was_merged_while_a_merge_waits_judges_it() {
    let world = World::start_as(with(&memory(MEGABYTES_512)).rule("apply: manual")).await;
    let pull = waiting(&world).await;
    world.push_to_main(RULES, Some(&memory(MEGABYTES_128))).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert!(pull.replies().await.last().unwrap().contains("asks for too much memory"));
    assert!(world.target().names().is_empty());
    world.end().await;
}

#[tokio::test]
async fn approvals_that_are_asked_for_while_a_merge_waits_are_needed() {
    let world = World::start_as(Wish::default().rule("apply: manual")).await;
    let pull = waiting(&world).await;
    let settings = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    world.push_to_main("ipr.yaml", Some(&format!("{settings}    approvals: {{count: 2}}\n"))).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert!(world.target().names().is_empty(), "two people approve what is applied now");
    world.end().await;
}

#[tokio::test]
async fn new_rules_are_tried_on_what_was_applied() {
    let world = World::start_as(with(&memory(MEGABYTES_512))).await;
    world.applied("Add web", WEB, &web()).await;
    let pull = world.pull_request("Less memory").file(RULES, &memory(MEGABYTES_128)).open().await;
    assert_snapshot!("rehearsal_comment", pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_label_says_that_data_may_be_lost() {
    let rule = include_str!("../../../../policies/data_loss.rego");
    let settings = "package ipr.settings\ndata_loss_label := \"data-loss\"\n";
    let loses = web().replace(
        "{type: storage, name: data, provider: fake}",
        "{type: storage, name: data, provider: fake, lifecycle: {on_delete: destroy, protect: false}}",
    );
    let wish = Wish::default().file(WEB, &loses).file("policies/data_loss.rego", rule).file("policies/settings.rego", settings);
    let world = World::start_installed(wish).await;
    let pull = world.pull_request("Remove web").without(WEB).open().await;
    assert!(pull.comment().await.contains("❌ denied"), "{}", pull.comment().await);
    pull.label(&["data-loss"]).await;
    assert!(!pull.comment().await.contains("❌ denied"), "{}", pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn rules_that_do_not_compile_are_shown_with_their_place() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).file(RULES, "package main\n\ndeny contains msg if { tooo(msg) }\n").open().await;
    assert_snapshot!("broken_comment", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "⏸ not as reviewed");
    pull.say("carol", &format!("/apply {}", pull.digest().await)).await;
    assert!(pull.replies().await.last().unwrap().contains("rules that can be asked"));
    assert!(world.target().names().is_empty());
    world.end().await;
}
