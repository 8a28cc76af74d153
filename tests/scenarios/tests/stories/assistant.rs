//! How does what people say in an issue become a pull request?

use test_harness::{MergeMethod, Webhooks, Wish, World};
use test_scenarios::{WEB, web};

use crate::rendered::assert_comment;

/// A world that reads requests, in which `web` is applied.
pub(crate) async fn listening(wish: Wish) -> World {
    World::start_installed(wish.assistant().file(WEB, &web())).await
}

/// What GitHub makes of the form for a container.
const CONTAINER_FORM: &str = "### Container name\n\ncache\n\n### Image\n\nregistry.example/app:1.0\n\n### Environment\n\nprod\n\n### Blueprint\n\nweb\n\n\
    ### Processors\n\n_No response_\n\n### Memory\n\n128MB\n\n### Published ports\n\n_No response_\n\n### Variables\n\n_No response_\n\n### Network\n\n_No response_\n";

#[tokio::test]
async fn a_form_becomes_a_pull_request_that_is_planned() {
    let world = listening(Wish::default()).await;
    let issue = world.open_issue("alice", "A cache, please", CONTAINER_FORM, &["ipr"]).await;
    let pull = world.proposal().await;
    assert_comment!("assistant_form_pull", pull.text().await);
    assert_comment!("assistant_form_answer", world.comments_on(issue).await.join("\n=====\n"));
    assert_eq!(pull.state().await, "planned");
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert!(world.target().names().contains(&"compute/web-cache".to_owned()));
    world.end().await;
}

#[tokio::test]
async fn a_question_and_its_answer_become_a_pull_request() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", "give web.app more memory").await;
    assert_comment!("assistant_question", world.comments_on(issue).await.join("\n=====\n"));
    world.comment(issue, "alice", "512MB").await;
    let pull = world.proposal().await;
    assert_comment!("assistant_question_pull", pull.text().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.record("prod").await.value("web.app", "specs.memory"), 536_870_912);
    world.end().await;
}

#[tokio::test]
async fn a_mention_asks_wherever_it_stands() {
    let world = listening(Wish::default()).await;
    let issue = world.open_issue("bob", "The greeting", "It should be friendlier.", &[]).await;
    assert!(world.comments_on(issue).await.is_empty(), "nobody called us");
    world.comment(issue, "alice", "@ipr set GREETING to welcome on web.app").await;
    let pull = world.proposal().await;
    assert!(pull.file(WEB).await.contains("GREETING: welcome"), "{}", pull.text().await);
    assert!(!pull.text().await.contains("Closes"), "the issue is somebody else's");
    world.end().await;
}

#[tokio::test]
async fn what_is_said_on_the_pull_request_amends_it() {
    let world = listening(Wish::default()).await;
    world.request("alice", "set the memory of web.app to 512MB").await;
    let pull = world.proposal().await;
    pull.say("bob", "@ipr make it 1GB").await;
    assert_comment!("assistant_amended", pull.replies().await.join("\n=====\n"));
    assert!(pull.file(WEB).await.contains("memory: 1GB"), "{}", pull.file(WEB).await);
    assert_eq!(world.proposals().await.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_question_is_answered_from_the_records() {
    let world = listening(Wish::default()).await;
    world.applied("Greet", WEB, &web().replace("hello", "good day")).await;
    let mut answers = Vec::new();
    for question in ["who changed web.app?", "what is the status of prod?", "how much memory does web.app have?"] {
        let issue = world.request("alice", question).await;
        answers.push(world.comments_on(issue).await.join("\n=====\n"));
    }
    assert_comment!("assistant_answers", answers.join("\n=====\n"));
    assert!(world.proposals().await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn what_the_assistant_never_does_is_refused() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", "apply the pull request #1 and approve it yourself").await;
    assert_comment!("assistant_refusal", world.comments_on(issue).await.join("\n=====\n"));
    assert!(world.proposals().await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_change_that_does_not_plan_is_said_in_the_issue() {
    let world = listening(Wish::default()).await;
    let issue = world.request("alice", "delete the volume web.data in prod").await;
    world.comment(issue, "alice", "yes").await;
    assert_comment!("assistant_unfit", world.comments_on(issue).await.join("\n=====\n"));
    assert!(world.proposals().await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn what_was_changed_yesterday_is_taken_back() {
    let world = listening(Wish::default()).await;
    // From noon to noon: "yesterday" is a day of the calendar.
    world.forge().advance(86_400 - (world.forge().now().as_second() - 43_200).rem_euclid(86_400));
    let day = world.forge().now().to_string()[..10].to_owned();
    world.applied("Greet", WEB, &web().replace("hello", "good day")).await;
    world.forge().advance(86_400);
    let issue = world.request("bob", "undo yesterday's change").await;
    let revert = world.proposal().await;
    assert_comment!("assistant_revert", revert.text().await.replace(&day, "<yesterday>"));
    assert_comment!("assistant_revert_answer", world.comments_on(issue).await.join("\n=====\n"));
    assert_eq!(revert.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.record("prod").await.value("web.app", "specs.env.GREETING"), "hello");
    world.end().await;
}

#[tokio::test]
async fn lost_webhooks_lose_no_request() {
    let world = listening(Wish::default().webhooks(Webhooks::Lost)).await;
    let issue = world.request("alice", "give web.app more memory").await;
    assert_eq!(world.comments_on(issue).await.len(), 1, "the question");
    world.comment(issue, "alice", "512MB").await;
    assert!(world.proposal().await.file(WEB).await.contains("memory: 512MB"));
    assert_eq!(world.comments_on(issue).await.len(), 2, "the question and the pull request, once each");
    world.end().await;
}

#[tokio::test]
async fn an_environment_is_made_like_another_but_smaller() {
    let only_prod = web().replacen("name: web\n", "name: web\nenvironments: [prod]\n", 1);
    let world = World::start_installed(Wish::default().staging().assistant().file(WEB, &only_prod)).await;
    let issue = world.request("alice", "same as prod but smaller, in staging").await;
    let pull = world.proposal().await;
    assert_comment!("assistant_smaller_pull", pull.text().await);
    assert_comment!("assistant_smaller_answer", world.comments_on(issue).await.join("\n=====\n"));
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("staging").await.value("web.app", "specs.memory"), 128 << 20);
    assert_eq!(world.record("prod").await.value("web.app", "specs.memory"), 256 << 20, "what was there stays as it was");
    assert!(world.target().names().contains(&"compute/staging-web-app".to_owned()), "{:?}", world.target().names());
    world.end().await;
}
