//! Writes to GitHub: the newest of a key, never two of a key in flight, never forgotten that
//! one may have arrived.

use daemon_store::{ClaimedEntry, Enqueued, OUTBOX_FAILURES_MAX, OutboxEntry, OutboxId, Retried, Store, StoreError};

use crate::fixture::Fixture;

const LEASE_S: i64 = 60;

async fn post(store: &Store, coalesce_key: &str, payload: &str) -> Enqueued<OutboxId> {
    let entry = OutboxEntry { coalesce_key: coalesce_key.into(), kind: "comment".into(), payload: payload.into() };
    store.outbox().post(&entry).await.unwrap()
}

async fn claim(store: &Store, lease_s: i64) -> Option<ClaimedEntry> {
    store.outbox().claim(lease_s).await.unwrap()
}

#[tokio::test]
async fn an_unsent_entry_is_replaced_by_the_newest() {
    let store = Fixture::new().await;
    post(&store, "pr/1", "first").await;
    post(&store, "pr/2", "other").await;
    assert!(matches!(post(&store, "pr/1", "second").await, Enqueued::Coalesced(_)));

    let entry = claim(&store, LEASE_S).await.unwrap();
    assert_eq!((entry.payload.as_str(), entry.may_have_been_sent()), ("second", false));
    assert_eq!(claim(&store, LEASE_S).await.unwrap().payload, "other");
    assert_eq!(claim(&store, LEASE_S).await, None);
}

#[tokio::test]
async fn one_key_is_never_in_flight_twice() {
    let store = Fixture::new().await;
    post(&store, "pr/1", "first").await;
    let first = claim(&store, LEASE_S).await.unwrap();
    post(&store, "pr/1", "second").await;
    assert_eq!(claim(&store, LEASE_S).await, None);

    store.outbox().sent(first.id, first.attempt, Some("4711")).await.unwrap();
    assert_eq!(claim(&store, LEASE_S).await.unwrap().payload, "second");
}

#[tokio::test]
async fn sent_entries_are_counted_and_give_their_remote_id() {
    let store = Fixture::new().await;
    for (payload, remote_id) in [("a", Some("1")), ("b", Some("2")), ("c", None)] {
        post(&store, "pr/1", payload).await;
        let entry = claim(&store, LEASE_S).await.unwrap();
        store.outbox().sent(entry.id, entry.attempt, remote_id).await.unwrap();
    }
    assert_eq!(store.outbox().sent_since(3600).await.unwrap(), 3);
    assert_eq!(store.outbox().sent_since(-3600).await.unwrap(), 0);
    let last = store.outbox().last_remote_id("pr/1").await.unwrap();
    assert_eq!(last.as_deref(), Some("2"));
    assert_eq!(store.outbox().last_remote_id("pr/2").await.unwrap(), None);
}

#[tokio::test]
async fn a_sender_that_lost_its_lease_is_fenced() {
    let store = Fixture::new().await;
    post(&store, "pr/1", "x").await;
    let late = claim(&store, 0).await.unwrap();
    let current = claim(&store, LEASE_S).await.unwrap();
    assert!(current.may_have_been_sent());
    let outbox = store.outbox();
    let fenced = outbox.sent(late.id, late.attempt, None).await.unwrap_err();
    assert!(matches!(fenced, StoreError::Fenced { .. }));
    outbox.renew(current.id, current.attempt, LEASE_S).await.unwrap();
    outbox.sent(current.id, current.attempt, None).await.unwrap();
}

/// Whichever way the older entry ends, the newer one knows that something may have arrived.
#[tokio::test]
async fn a_newer_entry_inherits_the_doubt() {
    for lease_s in [0, LEASE_S] {
        let store = Fixture::new().await;
        post(&store, "pr/1", "old").await;
        let old = claim(&store, lease_s).await.unwrap();
        post(&store, "pr/1", "new").await;
        if lease_s > 0 {
            let outcome = store.outbox().retry(old.id, old.attempt, 0, "reply lost").await;
            assert_eq!(outcome.unwrap(), Retried::Superseded);
        }
        let new = claim(&store, LEASE_S).await.unwrap();
        assert_eq!((new.payload.as_str(), new.may_have_been_sent()), ("new", true));
        assert_eq!(claim(&store, LEASE_S).await, None);
    }
}

#[tokio::test]
async fn a_newer_entry_keeps_the_pause_that_github_asked_for() {
    let store = Fixture::new().await;
    post(&store, "pr/1", "old").await;
    let old = claim(&store, LEASE_S).await.unwrap();
    post(&store, "pr/1", "new").await;
    store.outbox().postpone(old.id, old.attempt, 3600).await.unwrap();
    post(&store, "pr/1", "newest").await;
    assert_eq!(claim(&store, LEASE_S).await, None);
    assert_eq!(store.backlog().await.unwrap().writes_later, 1);
}

#[tokio::test]
async fn an_entry_that_keeps_failing_dies() {
    let store = Fixture::new().await;
    post(&store, "pr/1", "x").await;
    let mut outcome = Retried::Waiting;
    for _ in 0..OUTBOX_FAILURES_MAX {
        assert_eq!(outcome, Retried::Waiting);
        let entry = claim(&store, LEASE_S).await.unwrap();
        outcome = store.outbox().retry(entry.id, entry.attempt, 0, "422").await.unwrap();
    }
    assert_eq!(outcome, Retried::Dead);
    assert_eq!(store.outbox().dead().await.unwrap()[0].reason, "422");
    assert!(store.backlog().await.unwrap().is_idle());
}

#[tokio::test]
async fn a_restart_takes_over_at_once_and_knows_the_doubt() {
    let fixture = Fixture::new().await;
    post(&fixture.store, "pr/1", "x").await;
    claim(&fixture.store, 3600).await.unwrap();
    let fixture = fixture.restart().await;
    assert!(claim(&fixture.store, 3600).await.unwrap().may_have_been_sent());
}

#[tokio::test]
async fn a_full_outbox_says_so_but_still_coalesces() {
    let fixture = Fixture::new().await;
    post(&fixture.store, "pr/1", "old").await;
    fixture
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
             INSERT INTO outbox (id, coalesce_key, kind, payload, state, attempt, failures, \
             due_at, changed_at) SELECT 1000000 + i, 'x' || i, '', '', 'waiting', 0, 0, 0, 0 FROM n",
        )
        .await;
    let entry = OutboxEntry { coalesce_key: "pr/2".into(), kind: "comment".into(), payload: String::new() };
    let refused = fixture.store.outbox().post(&entry).await;
    assert!(matches!(refused, Err(StoreError::Full { limit: 10_000, .. })));
    assert!(matches!(post(&fixture.store, "pr/1", "new").await, Enqueued::Coalesced(_)));
}
