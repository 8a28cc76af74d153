//! What does the daemon make of input that is wrong?

use test_harness::{WEBHOOK_SECRET, Wish, World};
use test_sim::github::signature;

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn a_webhook_with_a_wrong_secret_is_refused_and_not_stored() {
    let world = World::start().await;
    let body = br#"{"action": "opened", "marker": "never-stored-2f9e"}"#.to_vec();
    assert_eq!(world.daemon.deliver("pull_request", &signature("another secret", &body), body.clone()).await, 401);
    assert_eq!(world.daemon.deliver("pull_request", "", body.clone()).await, 401);
    assert_eq!(world.daemon.deliver("pull_request", "sha256=00", body).await, 401);
    world.settled().await;
    assert!(!world.daemon_keeps("never-stored-2f9e"));
    world.end().await;
}

#[tokio::test]
async fn a_webhook_with_the_right_secret_is_taken() {
    let world = World::start().await;
    let body = br#"{"zen": "Keep it logically awesome."}"#.to_vec();
    assert_eq!(world.daemon.deliver("ping", &signature(WEBHOOK_SECRET, &body), body).await, 202);
    world.end().await;
}

#[tokio::test]
async fn a_body_of_thirty_megabytes_is_too_large() {
    let world = World::start().await;
    let body = vec![b' '; 30 * MEBIBYTE];
    assert_eq!(world.daemon.deliver("push", &signature(WEBHOOK_SECRET, &body), body).await, 413);
    world.end().await;
}

#[tokio::test]
async fn truncated_json_under_a_good_signature_is_refused() {
    let world = World::start().await;
    for body in [&br#"{"action": "opened", "pull_requ"#[..], b"", b"\xff\xfe", b"[[[[", b"null"] {
        let status = world.daemon.deliver("pull_request", &signature(WEBHOOK_SECRET, body), body.to_vec()).await;
        assert_eq!(status, 400, "{:?}", String::from_utf8_lossy(body));
    }
    world.end().await;
}

#[tokio::test]
async fn a_daemon_without_a_good_webhook_secret_does_not_start() {
    for secret in [None, Some(""), Some("short"), Some("changeme"), Some("your-webhook-secret")] {
        let mut world = World::prepare(Wish::default()).await;
        let refusal = world.start_daemon_refused("IPR_WEBHOOK_SECRET", secret).await;
        assert!(!refusal.status.success(), "the daemon must not start with the secret {secret:?}");
        assert!(refusal.output.contains("IPR_WEBHOOK_SECRET") || refusal.output.contains("webhook secret"), "{}", refusal.output);
        world.end().await;
    }
}

#[tokio::test]
async fn a_daemon_without_a_token_does_not_start() {
    let mut world = World::prepare(Wish::default()).await;
    let refusal = world.start_daemon_refused("IPR_GITHUB_TOKEN", None).await;
    assert!(!refusal.status.success() && refusal.output.contains("IPR_GITHUB_TOKEN"), "{}", refusal.output);
    world.end().await;
}
