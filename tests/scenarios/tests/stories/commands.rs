//! What can people say in a comment, and what is answered?

use insta::assert_snapshot;
use test_harness::{MergeMethod, World};
use test_scenarios::{WEB, web};

#[tokio::test]
async fn help_lists_the_commands() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let said = pull.say("mallory", "/help").await;
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    assert!(!said.reactions().await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn plan_looks_at_the_target_again() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let (first, digest) = (pull.living_comment().await, pull.digest().await);
    world.target().put_by_hand("compute/web-app", serde_json::json!({}));
    pull.say("alice", "/plan").await;
    assert_eq!(pull.living_comment().await.id, first.id);
    assert_ne!(pull.digest().await, digest);
    world.end().await;
}

#[tokio::test]
async fn quotes_and_code_are_no_commands() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.state().await;
    let said = pull.say("alice", "> /help\n\n```\n/help\n```\n\nsee `/help`\n\n<!-- \n/help\n-->\n\n- /help").await;
    assert_eq!((pull.replies().await.len(), said.reactions().await.len()), (0, 0));
    world.end().await;
}

#[tokio::test]
async fn an_edited_comment_is_not_read_again() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let said = pull.say("alice", "I shall think about it.").await;
    said.edit("alice", "/help").await;
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_reader_is_refused_with_the_conditions() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let digest = pull.digest().await;
    pull.merge(MergeMethod::Squash).await;
    pull.state().await;
    let said = pull.say("mallory", &format!("/apply {digest}")).await;
    assert_snapshot!(pull.replies().await.last().unwrap());
    assert!(said.reactions().await.iter().any(|reaction| reaction == "-1" || reaction == "confused"));
    world.end().await;
}

#[tokio::test]
async fn an_unknown_command_gets_a_hint() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.say("alice", "/aply").await;
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn words_for_other_programs_are_left_alone() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let said = pull.say("alice", "/lgtm\n/retest").await;
    assert_eq!((pull.replies().await.len(), said.reactions().await.len()), (0, 0));
    world.end().await;
}

#[tokio::test]
async fn apply_before_the_merge_is_refused() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let digest = pull.digest().await;
    pull.say("bob", &format!("/apply {digest}")).await;
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    assert!(world.target().names().is_empty());
    world.end().await;
}

#[tokio::test]
async fn skip_without_anything_that_waits_says_so() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.say("bob", "/skip").await;
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    world.end().await;
}
