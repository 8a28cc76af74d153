//! Pruning: what is old goes, what still decides something stays.

use daemon_store::{Intent, Job, OpenRun, OutboxEntry, PlanEntry, PlanMatch, PlanSubject, Received};

use crate::fixture::Fixture;

#[tokio::test]
async fn nothing_young_is_pruned() {
    let fixture = Fixture::new().await;
    let inbox = fixture.store.inbox();
    inbox.receive("d1", "push", b"").await.unwrap();
    inbox.next_delivery(60).await.unwrap();
    inbox.delivery_done("d1").await.unwrap();
    let hash = fixture.store.blobs().put(b"x").await.unwrap();

    assert_eq!(fixture.store.prune().await.unwrap(), 0);
    let again = inbox.receive("d1", "push", b"").await.unwrap();
    assert_eq!(again, Received::Duplicate);
    assert!(fixture.store.blobs().get(&hash).await.unwrap().is_some());
}

#[tokio::test]
async fn work_that_is_still_to_be_done_is_never_pruned() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    store.inbox().receive("d1", "push", b"").await.unwrap();
    let job = Job { lane: "a".into(), key: "1".into(), kind: "plan".into(), payload: String::new() };
    store.queue().enqueue(&job, None).await.unwrap();
    let entry = OutboxEntry { coalesce_key: "pr/1".into(), kind: "comment".into(), payload: String::new() };
    store.outbox().post(&entry).await.unwrap();
    for old in ["UPDATE inbox SET received_at = 0", "UPDATE queue SET changed_at = 0", "UPDATE outbox SET changed_at = 0"] {
        fixture.execute(old).await;
    }
    assert_eq!(store.prune().await.unwrap(), 0);
}

#[tokio::test]
async fn the_journal_of_an_open_run_stays() {
    let fixture = Fixture::new().await;
    for run_id in ["open", "closed"] {
        let intent = Intent {
            run_id: run_id.into(),
            step_digest: String::new(),
            operation: String::new(),
            key: String::new(),
            repeat: "safe".into(),
            request: "{}".into(),
        };
        fixture.store.journal().intend(&intent).await.unwrap();
    }
    let run = OpenRun {
        run_id: "open".into(),
        repository: "acme/infra".into(),
        environment: "prod".into(),
        state: "applying".into(),
        record: "c0ffee".into(),
        updated_at_s: 0,
    };
    fixture.store.runs().save(&run).await.unwrap();
    fixture.execute("UPDATE journal SET intended_at = 0").await;

    assert_eq!(fixture.store.prune().await.unwrap(), 1);
    let journal = fixture.store.journal();
    assert_eq!(journal.intents("open").await.unwrap().len(), 1);
    assert_eq!(journal.intents("closed").await.unwrap(), []);
}

#[tokio::test]
async fn an_old_blob_stays_while_a_plan_names_it() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let named = store.blobs().put(b"plan").await.unwrap();
    let loose = store.blobs().put(b"loose").await.unwrap();
    let subject = PlanSubject { repository: "acme/infra".into(), number: 7, environment: "prod".into() };
    let entry = PlanEntry { subject: subject.clone(), head: "h1".into(), plan_hash: named.clone(), digest: "aa11".into(), verdict: "{}".into() };
    store.plans().record(&entry).await.unwrap();
    fixture.execute("UPDATE blobs SET stored_at = 0").await;
    store.prune().await.unwrap();
    assert!(store.blobs().get(&named).await.unwrap().is_some());
    assert_eq!(store.blobs().get(&loose).await.unwrap(), None);

    fixture.execute("UPDATE plans SET recorded_at = 0").await;
    store.prune().await.unwrap();
    let found = store.plans().by_digest_prefix(&subject, "aa11").await;
    assert_eq!(found.unwrap(), PlanMatch::None);
    assert_eq!(store.blobs().get(&named).await.unwrap(), None);
}

#[tokio::test]
async fn only_so_many_deliveries_are_remembered() {
    let fixture = Fixture::new().await;
    fixture
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50010) \
             INSERT INTO inbox (delivery, position, event, body, state, attempt, received_at) \
             SELECT 'x' || i, i, 'push', '', 'done', 1, unixepoch() FROM n",
        )
        .await;
    assert_eq!(fixture.store.prune().await.unwrap(), 10);
}
