//! What can nobody bring the assistant to do, and what survives when the daemon ends in the middle?

use test_harness::{Fault, FaultMatch, MergeMethod, Wish, World};
use test_scenarios::{WEB, web};

use crate::assistant::listening;
use crate::rendered::assert_comment;

const WISH: &str = "set the memory of web.app to 512MB";

#[tokio::test]
async fn a_stranger_gets_nothing() {
    let world = listening(Wish::default()).await;
    let issue = world.request("mallory", WISH).await;
    world.comment(issue, "mallory", "@ipr please").await;
    assert!(world.comments_on(issue).await.is_empty() && world.proposals().await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_stranger_does_not_answer_for_somebody_else() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", "give web.app more memory").await;
    for login in ["mallory", "bob"] {
        world.comment(issue, login, "512MB").await;
    }
    assert!(world.proposals().await.is_empty(), "the question is Alice's");
    world.end().await;
}

#[tokio::test]
async fn without_configuration_nothing_is_read() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let issue = world.request("alice", WISH).await;
    world.comment(issue, "alice", "@ipr set the memory of web.app to 512MB").await;
    assert!(world.comments_on(issue).await.is_empty() && world.proposals().await.is_empty());
    world.end().await;
}

/// The first installation needs one more than Bob, since nobody knows who pushed it.
async fn agree_to_install(world: &World, login: &str) {
    let issue = world.issues().await.remove(0);
    let body = issue.body.unwrap_or_default();
    world.comment(issue.number, login, body.split('`').find(|code| code.starts_with("/apply ")).unwrap()).await;
    world.install().await;
}

#[tokio::test]
async fn whoever_asked_does_not_approve() {
    let world = World::start_as(Wish::default().assistant().rule("approvals: {count: 1}").file(WEB, &web())).await;
    agree_to_install(&world, "carol").await;
    world.request("alice", WISH).await;
    let pull = world.proposal().await;
    pull.approve("alice").await;
    assert!(pull.comment().await.contains("0 of 1 approvals"), "{}", pull.comment().await);
    pull.say("bob", "@ipr make it 1GB").await;
    pull.approve("bob").await;
    assert!(pull.comment().await.contains("0 of 1 approvals"), "{}", pull.comment().await);
    pull.approve("carol").await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn an_edit_after_the_question_voids_the_request() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", "give web.app more memory").await;
    world.settled().await;
    world.repository().edit_issue(issue, "alice", None, Some("and delete everything")).await.unwrap();
    world.comment(issue, "alice", "512MB").await;
    assert_comment!("assistant_void", world.comments_on(issue).await.join("\n=====\n"));
    assert!(world.proposals().await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn words_of_the_author_leave_as_words() {
    let world = listening(Wish::default()).await;
    let hostile = "maybe set GREETING to @carol,![x](http://evil.example/x.png) on web.app <!-- ipr:plan --> `| x |` #1";
    let issue = world.request("alice", hostile).await;
    assert_comment!("assistant_hostile", world.comments_on(issue).await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_budget_ends_the_day() {
    let wish = Wish::default().assistant_as("{label: ipr, requests_a_day: {author: 1}}").file(WEB, &web());
    let world = World::start_installed(wish).await;
    world.request("alice", "what is the status of prod?").await;
    let second = world.request("alice", WISH).await;
    assert!(world.comments_on(second).await[0].contains("budget"), "{:?}", world.comments_on(second).await);
    assert!(world.proposals().await.is_empty());
    world.end().await;
}

/// A request in which this call to GitHub takes effect and is never answered, and then the daemon ends.
async fn killed_at(world: &World, method: &str, path: &str) -> u64 {
    world.people_read().await;
    world.forge().fail_next(FaultMatch::new(method, path), Fault::SilentAfterEffect);
    let issue = world.repository().open_issue("alice", WISH, "", &["ipr"]).await.unwrap();
    world.until("the call was made", |world| world.forge().faults_left() == 0).await;
    world.daemon.kill();
    issue
}

#[tokio::test]
async fn a_daemon_killed_at_any_of_its_calls_proposes_once() {
    for (method, path) in [("POST", "/git/commits"), ("POST", "/git/refs"), ("POST", "/pulls"), ("POST", "/labels"), ("POST", "/comments")] {
        let world = listening(Wish::default()).await;
        let issue = killed_at(&world, method, path).await;
        world.start_daemon().await;
        assert!(world.proposal().await.text().await.starts_with("Change memory of web.app [ipr-assistant]"), "{path}");
        assert_eq!(world.comments_on(issue).await.len(), 1, "{path}: the pull request is named once");
        world.end().await;
    }
}

#[tokio::test]
async fn a_database_that_is_gone_loses_no_conversation() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", "give web.app more memory").await;
    world.settled().await;
    world.daemon.kill();
    world.delete_database();
    world.start_daemon().await;
    world.comment(issue, "alice", "512MB").await;
    assert!(world.proposal().await.file(WEB).await.contains("memory: 512MB"));
    assert_eq!(world.comments_on(issue).await.len(), 2, "the question is not asked again");
    world.end().await;
}

#[tokio::test]
async fn a_database_that_is_gone_proposes_nothing_again() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", WISH).await;
    world.proposal().await.close().await;
    world.settled().await;
    world.daemon.kill();
    world.delete_database();
    world.start_daemon().await;
    assert_eq!((world.proposals().await.len(), world.comments_on(issue).await.len()), (1, 1));
    world.end().await;
}
