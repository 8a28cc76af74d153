//! Deliveries: taken once, worked on in order, recognised afterwards.

use daemon_store::{INBOX_ATTEMPTS_MAX, INBOX_BODY_BYTES_MAX, Received, StoreError};

use crate::fixture::Fixture;

const LEASE_S: i64 = 60;

#[tokio::test]
async fn a_delivery_is_taken_once_whatever_its_state() {
    let fixture = Fixture::new().await;
    let inbox = fixture.store.inbox();
    let receive = async || inbox.receive("d1", "push", b"body").await.unwrap();

    assert_eq!(receive().await, Received::New);
    assert_eq!(receive().await, Received::Duplicate);
    let delivery = inbox.next_delivery(LEASE_S).await.unwrap().unwrap();
    assert_eq!((delivery.event.as_str(), &delivery.body[..]), ("push", &b"body"[..]));
    assert_eq!(receive().await, Received::Duplicate);
    inbox.delivery_done("d1").await.unwrap();
    assert_eq!(receive().await, Received::Duplicate);
    assert_eq!(inbox.next_delivery(LEASE_S).await.unwrap(), None);
}

#[tokio::test]
async fn a_failed_delivery_that_github_sends_again_is_work_again() {
    let fixture = Fixture::new().await;
    let inbox = fixture.store.inbox();
    inbox.receive("d1", "push", b"bad").await.unwrap();
    inbox.next_delivery(LEASE_S).await.unwrap().unwrap();
    inbox.delivery_failed("d1", "not JSON").await.unwrap();
    assert_eq!(inbox.next_delivery(LEASE_S).await.unwrap(), None);

    let again = inbox.receive("d1", "push", b"good").await.unwrap();
    assert_eq!(again, Received::New);
    let delivery = inbox.next_delivery(LEASE_S).await.unwrap().unwrap();
    assert_eq!((&delivery.body[..], delivery.attempt), (&b"good"[..], 1));
}

#[tokio::test]
async fn deliveries_come_oldest_first_and_are_taken_over() {
    let fixture = Fixture::new().await;
    let inbox = fixture.store.inbox();
    for delivery in ["z", "a", "m"] {
        inbox.receive(delivery, "push", b"").await.unwrap();
    }
    let lost = inbox.next_delivery(0).await.unwrap().unwrap();
    let taken_over = inbox.next_delivery(LEASE_S).await.unwrap().unwrap();
    assert_eq!((lost.id.as_str(), lost.attempt), ("z", 1));
    assert_eq!((taken_over.id.as_str(), taken_over.attempt), ("z", 2));
    assert_eq!(inbox.next_delivery(LEASE_S).await.unwrap().unwrap().id, "a");
}

#[tokio::test]
async fn a_delivery_that_keeps_losing_its_worker_fails() {
    let fixture = Fixture::new().await;
    let inbox = fixture.store.inbox();
    inbox.receive("d1", "push", b"").await.unwrap();
    for _ in 0..INBOX_ATTEMPTS_MAX {
        assert!(inbox.next_delivery(0).await.unwrap().is_some());
    }
    assert_eq!(inbox.next_delivery(0).await.unwrap(), None);
    assert!(fixture.store.backlog().await.unwrap().is_idle());
}

#[tokio::test]
async fn a_full_inbox_still_recognises_duplicates() {
    let fixture = Fixture::new().await;
    let inbox = fixture.store.inbox();
    inbox.receive("d1", "push", b"").await.unwrap();
    fixture
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
             INSERT INTO inbox (delivery, position, event, body, state, attempt, received_at) \
             SELECT 'x' || i, i + 1, 'push', '', 'waiting', 0, unixepoch() FROM n",
        )
        .await;

    let refused = inbox.receive("d2", "push", b"").await.unwrap_err();
    assert!(matches!(refused, StoreError::Full { limit: 10_000, .. }), "{refused}");
    let known = inbox.receive("d1", "push", b"").await.unwrap();
    assert_eq!(known, Received::Duplicate);
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let fixture = Fixture::new().await;
    let body = vec![b' '; INBOX_BODY_BYTES_MAX + 1];
    let refused = fixture.store.inbox().receive("d1", "push", &body).await;
    assert!(matches!(refused, Err(StoreError::TooLarge { .. })));
}
