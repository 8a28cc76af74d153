//! Stored plans: which digest people could see when.

use daemon_store::{PLANS_PER_SUBJECT_MAX, PlanEntry, PlanId, PlanMatch, PlanSubject, Store, StoreError};

use crate::fixture::Fixture;

fn subject() -> PlanSubject {
    PlanSubject { repository: "acme/infra".into(), number: 7, environment: "prod".into() }
}

async fn record(store: &Store, head: &str, digest: &str) -> PlanId {
    let plan_hash = store.blobs().put(digest.as_bytes()).await.unwrap();
    let entry = PlanEntry { subject: subject(), head: head.into(), plan_hash, digest: digest.into(), verdict: "{}".into() };
    store.plans().record(&entry).await.unwrap()
}

#[tokio::test]
async fn the_latest_plan_is_found_by_subject_and_by_head() {
    let store = Fixture::new().await;
    let old = record(&store, "h1", "aa11").await;
    let new = record(&store, "h2", "bb22").await;
    let plans = store.plans();
    assert_eq!(plans.latest(&subject()).await.unwrap().unwrap().id, new);
    let for_head = plans.latest_for_head(&subject(), "h1").await.unwrap().unwrap();
    assert_eq!(for_head.id, old);
    let document = store.blobs().get(&for_head.entry.plan_hash).await.unwrap();
    assert_eq!(document.as_deref(), Some(&b"aa11"[..]));
    assert_eq!(plans.latest_for_head(&subject(), "h3").await.unwrap(), None);
    let other = PlanSubject { environment: "dev".into(), ..subject() };
    assert_eq!(plans.latest(&other).await.unwrap(), None);
}

#[tokio::test]
async fn planning_the_same_again_adds_nothing() {
    let store = Fixture::new().await;
    let first = record(&store, "h1", "aa11").await;
    assert_eq!(record(&store, "h1", "aa11").await, first);
    let changed = record(&store, "h1", "bb22").await;
    let back = record(&store, "h1", "aa11").await;
    assert!(first < changed && changed < back, "a digest that comes back is a new plan");
}

#[tokio::test]
async fn digests_are_listed_in_the_order_people_saw_them() {
    let store = Fixture::new().await;
    let first = record(&store, "h1", "aa11").await;
    let second = record(&store, "h2", "bb22").await;
    record(&store, "h3", "cc33").await;
    let plans = store.plans();
    plans.published(second, 200).await.unwrap();
    plans.published(first, 100).await.unwrap();
    plans.published(first, 300).await.unwrap();

    let seen = plans.published_digests(&subject()).await.unwrap();
    let seen: Vec<_> = seen.iter().map(|digest| (digest.digest.as_str(), digest.head.as_str(), digest.published_at_s)).collect();
    assert_eq!(seen, [("aa11", "h1", 100), ("bb22", "h2", 200)]);
    let unknown = plans.published(PlanId(99), 1).await;
    assert!(matches!(unknown, Err(StoreError::Unknown { .. })));
}

#[tokio::test]
async fn a_prefix_names_a_digest_or_is_ambiguous() {
    let store = Fixture::new().await;
    record(&store, "h1", "aa11").await;
    record(&store, "h2", "ab22").await;
    let again = record(&store, "h3", "aa11").await;
    let plans = store.plans();
    let find = async |prefix| plans.by_digest_prefix(&subject(), prefix).await.unwrap();
    assert_eq!(find("a").await, PlanMatch::Ambiguous);
    assert!(matches!(find("aa").await, PlanMatch::One(plan) if plan.id == again));
    assert_eq!(find("%").await, PlanMatch::None);
    assert_eq!(find("aa112").await, PlanMatch::None);
}

#[tokio::test]
async fn the_oldest_plans_make_room() {
    let store = Fixture::new().await;
    for number in 0..=PLANS_PER_SUBJECT_MAX {
        record(&store, "h1", &format!("{number:04}")).await;
    }
    let find = async |prefix| store.plans().by_digest_prefix(&subject(), prefix).await.unwrap();
    assert_eq!(find("0000").await, PlanMatch::None);
    assert!(matches!(find("0001").await, PlanMatch::One(_)));
}

#[tokio::test]
async fn a_plan_needs_its_document() {
    let store = Fixture::new().await;
    let entry = PlanEntry { subject: subject(), head: "h1".into(), plan_hash: "nowhere".into(), digest: "aa11".into(), verdict: "{}".into() };
    assert!(store.plans().record(&entry).await.is_err());
}

#[tokio::test]
async fn a_pull_request_is_forgotten_whole() {
    let store = Fixture::new().await;
    record(&store, "h1", "aa11").await;
    store.plans().forget("acme/infra", 8).await.unwrap();
    assert!(store.plans().latest(&subject()).await.unwrap().is_some());
    store.plans().forget("acme/infra", 7).await.unwrap();
    assert_eq!(store.plans().latest(&subject()).await.unwrap(), None);
}
