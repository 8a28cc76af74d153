//! The write gate's journal: an intent outlives a crash, an outcome is said once.

use daemon_store::{Intent, IntentId, StoreError};

use crate::fixture::Fixture;

fn intent(run_id: &str, key: &str) -> Intent {
    Intent {
        run_id: run_id.into(),
        step_digest: "abc".into(),
        operation: "container-create".into(),
        key: key.into(),
        repeat: "check".into(),
        request: r#"{"image":"nginx"}"#.into(),
    }
}

#[tokio::test]
async fn an_intent_without_outcome_is_open_after_a_crash() {
    let fixture = Fixture::new().await;
    let journal = fixture.store.journal();
    let done = journal.intend(&intent("r1", "a")).await.unwrap();
    journal.intend(&intent("r1", "b")).await.unwrap();
    journal.intend(&intent("r2", "c")).await.unwrap();
    journal.outcome(done, r#"{"ok":true}"#).await.unwrap();

    let after = fixture.crash_image().await;
    let all = after.store.journal().intents("r1").await.unwrap();
    let entries: Vec<_> = all.iter().map(|entry| (&entry.intent, entry.outcome.as_deref())).collect();
    assert_eq!(entries, [(&intent("r1", "a"), Some(r#"{"ok":true}"#)), (&intent("r1", "b"), None)]);
}

#[tokio::test]
async fn an_intent_has_one_outcome() {
    let fixture = Fixture::new().await;
    let journal = fixture.store.journal();
    let id = journal.intend(&intent("r1", "a")).await.unwrap();
    journal.outcome(id, "done").await.unwrap();
    journal.outcome(id, "done").await.unwrap();
    let different = journal.outcome(id, "failed").await;
    assert!(matches!(different, Err(StoreError::OutcomeDiffers)));
    let unknown = journal.outcome(IntentId(99), "done").await;
    assert!(matches!(unknown, Err(StoreError::Unknown { .. })));
}

#[tokio::test]
async fn the_journal_of_one_run_is_bounded() {
    let fixture = Fixture::new().await;
    fixture
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
             INSERT INTO journal (id, run_id, step_digest, operation, key, repeat, request, \
             intended_at) SELECT 1000000 + i, 'r1', '', '', '', '', '', unixepoch() FROM n",
        )
        .await;
    let journal = fixture.store.journal();
    let refused = journal.intend(&intent("r1", "a")).await;
    assert!(matches!(refused, Err(StoreError::Full { limit: 100_000, .. })));
    journal.intend(&intent("r2", "a")).await.unwrap();
}
