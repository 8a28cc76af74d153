//! Does each fault do what its name says, once?

use reqwest::{Method, StatusCode};
use serde_json::json;
use test_sim::github::{Fault, FaultMatch};

use crate::support::{NAME, Scene, git, remote, scene};

const COMMENTS: &str = "/repos/acme/infra/issues/1/comments";

async fn with_issue() -> Scene {
    let scene = scene().await;
    scene.repository.open_issue("bob", "Wish", "", &[]).await.unwrap();
    scene
}

fn comments(scene: &Scene) -> usize {
    scene.forge.comments(NAME, 1).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_before_the_effect_leaves_nothing_behind() {
    let scene = with_issue().await;
    scene.forge.fail_next(FaultMatch::new("POST", "/comments"), Fault::StatusBefore(502));
    assert_eq!(scene.bot.get(COMMENTS).await.status, StatusCode::OK);
    assert_eq!(scene.bot.post(COMMENTS, json!({ "body": "a" })).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!((comments(&scene), scene.forge.faults_left()), (0, 0));
    assert_eq!(scene.bot.post(COMMENTS, json!({ "body": "a" })).await.status, StatusCode::CREATED);
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_after_the_effect_leaves_the_effect() {
    let scene = with_issue().await;
    scene.forge.fail_times(FaultMatch::new("POST", "/comments"), Fault::StatusAfterEffect(502), 2);
    for expected in [1, 2] {
        assert_eq!(scene.bot.post(COMMENTS, json!({ "body": "a" })).await.status, StatusCode::BAD_GATEWAY);
        assert_eq!(comments(&scene), expected);
    }
    assert_eq!(scene.bot.post(COMMENTS, json!({ "body": "a" })).await.status, StatusCode::CREATED);
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secondary_limit_says_when_to_come_back_or_not() {
    let scene = with_issue().await;
    scene.forge.fail_next(FaultMatch::any(), Fault::SecondaryLimit { retry_after_s: Some(60) });
    scene.forge.fail_next(FaultMatch::any(), Fault::SecondaryLimit { retry_after_s: None });
    let first = scene.bot.get("/user").await;
    assert_eq!((first.status, first.headers["retry-after"].to_str().unwrap()), (StatusCode::FORBIDDEN, "60"));
    assert!(first.body["message"].as_str().unwrap().starts_with("You have exceeded a secondary rate limit"));
    let second = scene.bot.get("/user").await;
    assert_eq!((second.status, second.headers.get("retry-after")), (StatusCode::FORBIDDEN, None));
    assert_eq!(scene.bot.get("/user").await.status, StatusCode::OK);
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_gives_no_answer_before_or_after_the_effect() {
    let scene = with_issue().await;
    for (fault, expected) in [(Fault::DisconnectBefore, 0), (Fault::DisconnectAfterEffect, 1)] {
        scene.forge.fail_next(FaultMatch::new("POST", "/comments"), fault);
        let request = scene.bot.request(Method::POST, COMMENTS).json(&json!({ "body": "a" }));
        assert!(request.send().await.is_err(), "{fault:?} was answered");
        assert_eq!(comments(&scene), expected, "{fault:?}");
    }
    assert_eq!(scene.forge.requests().last().unwrap().status, 0);
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn truncated_json_cannot_be_read() {
    let scene = with_issue().await;
    scene.forge.fail_next(FaultMatch::new("GET", "/user"), Fault::TruncatedJson);
    let answer = scene.bot.request(Method::GET, "/user").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.bytes().await.unwrap();
    assert!(!bytes.is_empty() && serde_json::from_slice::<serde_json::Value>(&bytes).is_err());
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn git_meets_faults_too() {
    let scene = scene().await;
    let folder = tempfile::tempdir().unwrap();
    let url = remote(&scene.forge, &scene.forge.token_for("bob"));
    // curl tries once more by itself when a connection that it had used before is cut.
    for (fault, times) in [(Fault::StatusBefore(503), 1), (Fault::DisconnectBefore, 2), (Fault::TruncatedJson, 1)] {
        scene.forge.fail_times(FaultMatch::new("POST", "/git-upload-pack"), fault, times);
        let cloned = git(&scene.forge, folder.path(), &["clone", "-q", &url, "work"]).await;
        assert!(!cloned.status.success(), "{fault:?}");
        assert_eq!(scene.forge.faults_left(), 0, "{fault:?}");
    }
    assert!(git(&scene.forge, folder.path(), &["clone", "-q", &url, "work"]).await.status.success());
    scene.forge.stop().await;
}
