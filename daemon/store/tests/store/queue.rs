//! Jobs: serial in a lane, parallel between lanes, coalesced, fenced.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use daemon_store::{ClaimedJob, Enqueued, Job, JobId, QUEUE_FAILURES_MAX, Retried, Store, StoreError};

use crate::fixture::Fixture;

const LEASE_S: i64 = 60;
const WORKERS: usize = 8;
const LANES: usize = 5;
const JOBS_PER_LANE: usize = 20;

fn job(lane: &str, key: &str, payload: &str) -> Job {
    Job { lane: lane.into(), key: key.into(), kind: "plan".into(), payload: payload.into() }
}

async fn enqueue(store: &Store, lane: &str, key: &str, payload: &str) -> Enqueued<JobId> {
    let job = job(lane, key, payload);
    store.queue().enqueue(&job, None).await.unwrap()
}

async fn claim(store: &Store, lease_s: i64) -> Option<ClaimedJob> {
    store.queue().claim(lease_s, "worker").await.unwrap()
}

fn is_fenced<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Fenced { .. }))
}

#[tokio::test]
async fn a_waiting_job_takes_the_newest_content_and_keeps_its_place() {
    let store = Fixture::new().await;
    let first = enqueue(&store, "a", "1", "old").await;
    enqueue(&store, "a", "2", "other").await;
    let Enqueued::New(id) = first else { panic!("{first:?}") };
    assert_eq!(enqueue(&store, "a", "1", "new").await, Enqueued::Coalesced(id));
    assert_eq!(store.queue().waiting_count().await.unwrap(), 2);

    let claimed = claim(&store, LEASE_S).await.unwrap();
    assert_eq!((claimed.id, claimed.payload.as_str()), (id, "new"));
    assert!(matches!(enqueue(&store, "a", "1", "later").await, Enqueued::New(_)));
}

#[tokio::test]
async fn coalescing_never_delays_a_job() {
    let fixture = Fixture::new().await;
    let queue = fixture.store.queue();
    const FAR: Option<i64> = Some(i64::MAX / 2);
    queue.enqueue(&job("a", "1", "later"), FAR).await.unwrap();
    assert_eq!(claim(&fixture.store, LEASE_S).await, None);

    enqueue(&fixture.store, "a", "1", "now").await;
    queue.enqueue(&job("a", "1", "newest"), FAR).await.unwrap();
    let claimed = claim(&fixture.store, LEASE_S).await.unwrap();
    assert_eq!(claimed.payload, "newest");
}

/// What the workers of the lane test saw.
#[derive(Default)]
struct Seen {
    running: BTreeMap<String, JobId>,
    finished: BTreeMap<String, Vec<JobId>>,
    overlaps: usize,
}

async fn work(store: Store, name: String, seen: Arc<Mutex<Seen>>) {
    let queue = store.queue();
    loop {
        if let Some(job) = queue.claim(LEASE_S, &name).await.unwrap() {
            let former = seen.lock().unwrap().running.insert(job.lane.clone(), job.id);
            seen.lock().unwrap().overlaps += usize::from(former.is_some());
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            {
                let mut seen = seen.lock().unwrap();
                seen.running.remove(&job.lane);
                seen.finished.entry(job.lane).or_default().push(job.id);
            }
            queue.finish(job.id, job.attempt).await.unwrap();
        } else if store.backlog().await.unwrap().is_idle() {
            return;
        } else {
            tokio::select! {
                woken = queue.wait_for_job() => woken.unwrap(),
                idle = store.wait_until_idle() => idle.unwrap(),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lanes_are_serial_in_order_and_parallel_to_each_other() {
    let store = Fixture::new().await;
    for number in 0..JOBS_PER_LANE {
        for lane in 0..LANES {
            enqueue(&store, &format!("lane{lane}"), &number.to_string(), "").await;
        }
    }
    let seen = Arc::new(Mutex::new(Seen::default()));
    let workers: Vec<_> = (0..WORKERS).map(|n| tokio::spawn(work(store.clone(), format!("w{n}"), seen.clone()))).collect();
    for worker in workers {
        worker.await.unwrap();
    }

    let seen = seen.lock().unwrap();
    assert_eq!(seen.overlaps, 0);
    assert_eq!(seen.finished.len(), LANES);
    for jobs in seen.finished.values() {
        assert_eq!(jobs.len(), JOBS_PER_LANE);
        assert!(jobs.is_sorted(), "first in, first out");
    }
}

#[tokio::test]
async fn lanes_do_not_wait_for_each_other() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "").await;
    enqueue(&store, "a", "2", "").await;
    enqueue(&store, "b", "1", "").await;
    assert_eq!(claim(&store, LEASE_S).await.unwrap().lane, "a");
    assert_eq!(claim(&store, LEASE_S).await.unwrap().lane, "b");
    assert_eq!(claim(&store, LEASE_S).await, None, "lane a is taken");
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_is_fenced() {
    let store = Fixture::new().await;
    let queue = store.queue();
    enqueue(&store, "a", "1", "").await;
    let late = claim(&store, 0).await.unwrap();
    let current = claim(&store, LEASE_S).await.unwrap();
    assert_eq!((current.id, current.attempt), (late.id, late.attempt + 1));

    assert!(is_fenced(queue.renew(late.id, late.attempt, LEASE_S).await));
    assert!(is_fenced(queue.finish(late.id, late.attempt).await));
    assert!(is_fenced(queue.retry(late.id, late.attempt, 0, "late").await));
    queue.renew(current.id, current.attempt, LEASE_S).await.unwrap();
    queue.finish(current.id, current.attempt).await.unwrap();
    assert!(is_fenced(queue.finish(current.id, current.attempt).await));
}

/// The fence must hold even when the table was empty in between, so ids never come back.
#[tokio::test]
async fn a_late_worker_cannot_finish_a_younger_job() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "").await;
    let old = claim(&store, LEASE_S).await.unwrap();
    store.queue().finish(old.id, old.attempt).await.unwrap();
    enqueue(&store, "a", "1", "").await;
    claim(&store, LEASE_S).await.unwrap();
    assert!(is_fenced(store.queue().finish(old.id, old.attempt).await));
}

#[tokio::test]
async fn renewing_keeps_a_job() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "").await;
    let held = claim(&store, 0).await.unwrap();
    store.queue().renew(held.id, held.attempt, LEASE_S).await.unwrap();
    assert_eq!(claim(&store, LEASE_S).await, None);
}

#[tokio::test]
async fn a_job_that_keeps_failing_dies_and_frees_its_lane() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "bad").await;
    let mut outcome = Retried::Waiting;
    for _ in 0..QUEUE_FAILURES_MAX {
        assert_eq!(outcome, Retried::Waiting);
        let job = claim(&store, LEASE_S).await.unwrap();
        outcome = store.queue().retry(job.id, job.attempt, 0, "no route").await.unwrap();
    }
    assert_eq!(outcome, Retried::Dead);
    assert_eq!(claim(&store, LEASE_S).await, None);
    let dead = store.queue().dead().await.unwrap();
    assert_eq!((dead.len(), dead[0].reason.as_str()), (1, "no route"));

    enqueue(&store, "a", "1", "good").await;
    assert_eq!(claim(&store, LEASE_S).await.unwrap().payload, "good");
}

#[tokio::test]
async fn a_job_that_keeps_losing_its_worker_dies() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "").await;
    for _ in 0..QUEUE_FAILURES_MAX {
        assert!(claim(&store, 0).await.is_some());
    }
    assert_eq!(claim(&store, 0).await, None);
    assert_eq!(store.backlog().await.unwrap().jobs_dead, 1);
}

#[tokio::test]
async fn postponing_is_no_failure() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "").await;
    for attempt in 1..=2 * QUEUE_FAILURES_MAX {
        let job = claim(&store, LEASE_S).await.unwrap();
        assert_eq!(job.attempt, attempt);
        store.queue().postpone(job.id, job.attempt, 0).await.unwrap();
    }
}

#[tokio::test]
async fn a_delayed_retry_lets_others_pass() {
    let store = Fixture::new().await;
    enqueue(&store, "a", "1", "").await;
    enqueue(&store, "a", "2", "").await;
    let first = claim(&store, LEASE_S).await.unwrap();
    store.queue().retry(first.id, first.attempt, 3600, "busy").await.unwrap();
    let second = claim(&store, LEASE_S).await.unwrap();
    assert_eq!(second.key, "2");
    store.queue().finish(second.id, second.attempt).await.unwrap();
    let backlog = store.backlog().await.unwrap();
    assert!(backlog.is_idle(), "what waits for later does not count");
    assert_eq!(backlog.jobs_later, 1);
}

#[tokio::test]
async fn a_retry_gives_way_to_a_newer_job_and_hastens_it() {
    let store = Fixture::new().await;
    let queue = store.queue();
    enqueue(&store, "a", "1", "old").await;
    let old = claim(&store, LEASE_S).await.unwrap();
    let far = Some(i64::MAX / 2);
    queue.enqueue(&job("a", "1", "new"), far).await.unwrap();

    let outcome = queue.retry(old.id, old.attempt, 0, "busy").await.unwrap();
    assert_eq!(outcome, Retried::Superseded);
    assert_eq!(claim(&store, LEASE_S).await.unwrap().payload, "new");
    assert_eq!(claim(&store, LEASE_S).await, None, "the old one is gone");
}

#[tokio::test]
async fn a_restart_takes_over_at_once() {
    let fixture = Fixture::new().await;
    enqueue(&fixture.store, "a", "1", "").await;
    let before = claim(&fixture.store, 3600).await.unwrap();
    let fixture = fixture.restart().await;
    let after = claim(&fixture.store, 3600).await.unwrap();
    assert_eq!((after.id, after.attempt), (before.id, before.attempt + 1));
}

#[tokio::test]
async fn a_full_queue_says_so_but_still_coalesces() {
    let fixture = Fixture::new().await;
    enqueue(&fixture.store, "a", "1", "old").await;
    fixture
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
             INSERT INTO queue (id, lane, key, kind, payload, state, attempt, failures, due_at, \
             changed_at) SELECT 1000000 + i, 'x' || i, '', '', '', 'waiting', 0, 0, 0, 0 FROM n",
        )
        .await;
    let refused = fixture.store.queue().enqueue(&job("a", "2", ""), None).await;
    assert!(matches!(refused, Err(StoreError::Full { limit: 10_000, .. })));
    let coalesced = enqueue(&fixture.store, "a", "1", "new").await;
    assert!(matches!(coalesced, Enqueued::Coalesced(_)));
}

/// Well below the time after which a waiting worker looks again by itself.
const WOKEN_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_waiting_worker_is_woken_by_a_new_job() {
    let store = Fixture::new().await;
    let waiter = store.clone();
    let woken = tokio::spawn(async move { waiter.queue().wait_for_job().await });
    tokio::task::yield_now().await;
    enqueue(&store, "a", "1", "").await;
    let woken = tokio::time::timeout(WOKEN_WITHIN, woken).await;
    woken.expect("woken, not timed out").unwrap().unwrap();
    assert!(claim(&store, LEASE_S).await.is_some());
}
