//! What may a language model do for the assistant, and what never, however it answers?

use test_harness::{CANARY, Line, Script, Wish, World};
use test_scenarios::blueprint;

use crate::assistant::listening;
use crate::rendered::assert_comment;

const TOOLS: &str = "blueprints/tools.yaml";
/// The rules do not understand it.
const UNCLEAR: &str = "the cachhee thing ought to hold 512MB of memory";
/// Neither this, which does not say how much.
const ROOMIER: &str = "the cachhee thing ought to be roomier";
const GOOD: &str = r#"{"command":"update","slots":[
    {"slot":"resource","value":"tools.cache","words":"cachhee"},
    {"slot":"specs.memory","value":"512MB","words":"512MB"}]}"#;

async fn with_model(lines: Vec<Line>, timeout: &'static str, asks_of_an_author: u32) -> World {
    let tools = blueprint("tools", "  - {type: compute, name: cache, provider: fake, specs: {image: registry.example/app:1.0, memory: 256MB}}\n");
    listening(Wish::default().file(TOOLS, &tools).model(Script { lines, timeout, asks_of_an_author })).await
}

#[tokio::test]
async fn a_model_reads_what_the_rules_do_not_and_the_pull_request_says_so() {
    let world = with_model(vec![Line::Says(GOOD.to_owned())], "20s", 5).await;
    world.request("alice", UNCLEAR).await;
    let pull = world.proposal().await;
    assert_comment!("assistant_model_pull", pull.text().await);
    assert!(pull.file(TOOLS).await.contains("memory: 512MB"));
    let log = world.daemon.log();
    let audit = log.lines().find(|line| line.contains("the assistant proposed a change")).unwrap();
    for told in ["tiny", "tiny-2026", "prompt", "repairs", "cachhee", "alice"] {
        assert!(audit.contains(told), "`{told}` is not in {audit}");
    }
    let seen = world.model().seen();
    assert_eq!(seen.len(), 1);
    for unseen in [CANARY, "registry.example", "256MB", "web.app", "ipr-bot"] {
        assert!(!seen[0].contains(unseen), "the model was shown `{unseen}`: {}", seen[0]);
    }
    world.end().await;
}

#[tokio::test]
async fn what_a_model_leaves_open_is_asked_and_who_read_it_is_not_forgotten() {
    let open = r#"{"command":"update","slots":[{"slot":"resource","value":"tools.cache","words":"cachhee"}]}"#;
    let world = with_model(vec![Line::Says(open.to_owned())], "20s", 5).await;
    let issue = world.request("alice", ROOMIER).await;
    assert_eq!(world.comments_on(issue).await.len(), 1, "the question");
    world.comment(issue, "alice", "512MB of memory").await;
    let text = world.proposal().await.text().await;
    assert!(text.contains("Read by the language model `tiny`"), "{text}");
    world.end().await;
}

#[tokio::test]
async fn a_model_is_not_asked_what_the_rules_read() {
    let world = with_model(vec![], "20s", 5).await;
    world.request("alice", "set the memory of tools.cache to 512MB").await;
    assert!(world.proposal().await.text().await.contains("without a language model"));
    assert!(world.model().seen().is_empty());
    world.end().await;
}

#[tokio::test]
async fn however_a_model_fails_nothing_is_opened_and_the_reason_is_said() {
    let lie = Line::Says(GOOD.replace("\"value\":\"512MB\"", "\"value\":\"64GB\""));
    let delete = Line::Says(r#"{"command":"delete","slots":[{"slot":"resource","value":"tools.cache","words":"cachhee"}]}"#.to_owned());
    let lines = vec![Line::Hangs, Line::Fails(503), Line::Babbles, lie.clone(), lie.clone(), lie, delete.clone(), delete.clone(), delete];
    let world = with_model(lines, "1s", 50).await;
    for reason in ["did not answer in time", "status 503", "no form that can be read", "does not follow from its words", "may not propose"] {
        let issue = world.request("alice", UNCLEAR).await;
        let comments = world.comments_on(issue).await;
        assert!(comments.len() == 1 && comments[0].contains(reason), "{reason}: {comments:?}");
    }
    assert!(world.proposals().await.is_empty());
    assert_eq!(world.model().seen().len(), 9, "a lie may be repaired twice, and what fails is not asked again");
    world.end().await;
}

#[tokio::test]
async fn an_author_has_a_budget() {
    let world = with_model(vec![Line::Fails(500)], "20s", 1).await;
    world.request("alice", UNCLEAR).await;
    let second = world.request("alice", UNCLEAR).await;
    let comments = world.comments_on(second).await;
    assert!(comments[0].contains("budget"), "{comments:?}");
    assert_eq!(world.model().seen().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_daemon_that_stops_does_not_wait_for_a_model() {
    let world = with_model(vec![Line::Hangs, Line::Says(GOOD.to_owned())], "10m", 5).await;
    world.request("alice", UNCLEAR).await;
    world.until("the model is asked", |world| world.model().seen().len() == 1).await;
    world.daemon.stop().await;
    world.start_daemon().await;
    assert!(world.proposal().await.file(TOOLS).await.contains("memory: 512MB"), "the request was taken up again");
    world.end().await;
}
