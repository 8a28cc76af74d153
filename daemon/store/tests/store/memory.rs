//! Blobs, facts and the index of open runs.

use daemon_store::{OpenRun, StoreError};

use crate::fixture::Fixture;

#[tokio::test]
async fn bytes_come_back_by_their_hash() {
    let store = Fixture::new().await;
    let hash = store.blobs().put(b"abc").await.unwrap();
    assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(store.blobs().put(b"abc").await.unwrap(), hash);
    assert_eq!(store.blobs().get(&hash).await.unwrap().as_deref(), Some(&b"abc"[..]));
    assert_eq!(store.blobs().get("00").await.unwrap(), None);
}

#[tokio::test]
async fn changed_bytes_are_not_returned() {
    let fixture = Fixture::new().await;
    let hash = fixture.store.blobs().put(b"abc").await.unwrap();
    fixture.execute("UPDATE blobs SET bytes = 'abd'").await;
    let damaged = fixture.store.blobs().get(&hash).await;
    assert!(matches!(damaged, Err(StoreError::Damaged { .. })));
}

#[tokio::test]
async fn a_fact_is_replaced_listed_and_forgotten() {
    let store = Fixture::new().await;
    let facts = store.facts();
    facts.remember("etag", "b", "1").await.unwrap();
    facts.remember("etag", "a", "1").await.unwrap();
    facts.remember("etag", "a", "2").await.unwrap();
    facts.remember("tip", "a", "3").await.unwrap();
    assert_eq!(facts.recall("etag", "a").await.unwrap().as_deref(), Some("2"));
    let listed = facts.list("etag").await.unwrap();
    let listed: Vec<_> = listed.iter().map(|f| (f.key.as_str(), f.value.as_str())).collect();
    assert_eq!(listed, [("a", "2"), ("b", "1")]);

    facts.forget("etag", "a").await.unwrap();
    assert_eq!(facts.recall("etag", "a").await.unwrap(), None);
    assert_eq!(facts.forget_older_than("etag", 3600).await.unwrap(), 0);
    assert_eq!(facts.forget_older_than("etag", 0).await.unwrap(), 1);
    assert_eq!(facts.recall("tip", "a").await.unwrap().as_deref(), Some("3"));
}

#[tokio::test]
async fn too_many_facts_are_refused() {
    let fixture = Fixture::new().await;
    fixture
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) \
             INSERT INTO facts (namespace, key, value, updated_at) SELECT 'etag', i, '', 0 FROM n",
        )
        .await;
    let facts = fixture.store.facts();
    let refused = facts.remember("etag", "new", "").await;
    assert!(matches!(refused, Err(StoreError::Full { limit: 200_000, .. })));
    facts.remember("etag", "1", "known").await.unwrap();
}

#[tokio::test]
async fn open_runs_are_found_until_closed() {
    let fixture = Fixture::new().await;
    let run = OpenRun {
        run_id: "r1".into(),
        repository: "acme/infra".into(),
        environment: "prod".into(),
        state: "applying".into(),
        record: "c0ffee".into(),
        updated_at_s: 0,
    };
    let runs = fixture.store.runs();
    runs.save(&run).await.unwrap();
    runs.save(&OpenRun { state: "gates".into(), ..run.clone() }).await.unwrap();

    let after = fixture.crash_image().await;
    let all = after.store.runs().all().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].state.as_str(), all[0].record.as_str()), ("gates", "c0ffee"));
    assert!(all[0].updated_at_s > 0, "the database's clock");

    let of = async |environment| runs.of_environment("acme/infra", environment).await.unwrap();
    assert_eq!((of("prod").await.len(), of("dev").await.len()), (1, 0));
    assert_eq!(runs.get("r1").await.unwrap().unwrap().state, "gates");
    runs.close("r1").await.unwrap();
    assert_eq!(runs.all().await.unwrap(), []);
}
