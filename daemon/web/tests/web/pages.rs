//! Health, metrics and the page.

use std::sync::atomic::Ordering;

use crate::server::{SECRET, Server, answer, opened};

#[tokio::test]
async fn ready_needs_the_daemon_and_its_database() {
    let server = Server::start().await;
    assert_eq!(server.get("/readyz").await, (200, "ready\n".to_owned()));
    server.is_ready.store(false, Ordering::SeqCst);
    assert_eq!(server.get("/readyz").await.0, 503);
    server.is_ready.store(true, Ordering::SeqCst);
    server.store.clone().close().await;
    assert_eq!(server.get("/readyz").await, (503, "the database does not answer\n".to_owned()));
    assert_eq!(server.get("/healthz").await, (200, "ok\n".to_owned()));
    server.end().await;
}

#[tokio::test]
async fn metrics_count_webhooks_and_what_waits() {
    let server = Server::start().await;
    for (secret, id) in [(SECRET, "one"), (SECRET, "one"), (SECRET, "two"), ("wrong", "three")] {
        answer(server.delivery(secret, id, "pull_request", opened(7)).send().await.unwrap()).await;
    }
    let (status, text) = server.get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "ipr_build_info{version=\"1.2.3\"} 1",
        "ipr_webhooks_total{result=\"stored\"} 2",
        "ipr_webhooks_total{result=\"duplicate\"} 1",
        "ipr_webhooks_total{result=\"unsigned\"} 1",
        "ipr_webhooks_total{result=\"too_large\"} 0",
        "ipr_backlog{place=\"inbox\",state=\"waiting\"} 2",
        "ipr_backlog{place=\"queue\",state=\"dead\"} 0",
        "ipr_ready 1",
        "ipr_database_up 1",
        "# HELP ipr_machine_on Whether the machine is on.",
        "# TYPE ipr_machine_on gauge",
        "ipr_machine_on{target=\"rack1/n01\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    server.end().await;
}

#[tokio::test]
async fn the_page_names_the_environments() {
    let server = Server::start().await;
    let (status, text) = server.get("/").await;
    assert_eq!(status, 200);
    assert!(text.contains("<a href=\"https://github.example/acme/infra\">acme/infra prod</a></td><td>applied</td>"), "{text}");
    assert_eq!(server.get("/nothing").await.0, 404);
    assert_eq!(server.get("/webhook").await.0, 405);
    server.end().await;
}
