//! Who does the work? Workers that claim deliveries, jobs and writes, until the daemon is told to stop.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use daemon_store::{Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::error::FlowError;
use crate::jobs::JobKind;
use crate::lanes::Lanes;
use crate::project::Project;

/// Jobs in flight at once. Plans of different pull requests and runs of different environments go in parallel.
const WORKERS: usize = 4;
/// A job that shows no sign of life for so long is taken over.
const JOB_LEASE_S: i64 = 300;
const LEASE_RENEWED_EVERY: Duration = Duration::from_secs(100);
/// The first pause after a failed job; each further one is longer.
const RETRY_PAUSE_S: i64 = 2;
/// So much later it is seen whether the worker that a job was taken from is done with it.
const LANE_PAUSE_S: i64 = 30;

/// The daemon's flows over all its repositories.
pub struct Daemon {
    store: Store,
    projects: BTreeMap<String, Arc<Project>>,
    lanes: Lanes,
    sweep_every: Duration,
    stopping: CancellationToken,
}

impl Daemon {
    /// All projects share the store and the stopping token.
    pub fn new(store: Store, projects: Vec<Arc<Project>>, sweep_every: Duration, stopping: CancellationToken) -> Self {
        let projects = projects.into_iter().map(|project| (project.repository.to_string(), project)).collect();
        Self { store, projects, lanes: Lanes::default(), sweep_every, stopping }
    }

    /// Works until the token is cancelled, then waits until what has begun is at a safe point.
    pub async fn run(self) {
        let daemon = Arc::new(self);
        let mut workers = JoinSet::new();
        for index in 0..WORKERS {
            let daemon = daemon.clone();
            workers.spawn(async move { daemon.job_worker(format!("worker {index}")).await });
        }
        workers.spawn({
            let daemon = daemon.clone();
            async move { daemon.inbox_worker().await }
        });
        workers.spawn({
            let daemon = daemon.clone();
            async move { daemon.outbox_worker().await }
        });
        workers.spawn({
            let daemon = daemon.clone();
            async move { daemon.sweeper().await }
        });
        for project in daemon.projects.values().cloned() {
            workers.spawn(async move { project.watch_targets().await });
        }
        while let Some(ended) = workers.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker of the daemon panicked; this is a bug in the daemon");
            }
        }
    }

    async fn sweeper(&self) {
        let mut every = tokio::time::interval(self.sweep_every);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = every.tick() => {}
                () = self.stopping.cancelled() => return,
            }
            for project in self.projects.values() {
                if let Err(error) = project.enqueue(JobKind::Sweep).await {
                    tracing::error!(%error, "the sweep could not be put into the queue");
                }
            }
        }
    }

    async fn inbox_worker(&self) {
        while !self.stopping.is_cancelled() {
            match self.store.inbox().next_delivery(JOB_LEASE_S).await {
                Ok(Some(delivery)) => {
                    let mut result = Ok(());
                    for project in self.projects.values() {
                        result = result.and(project.wake(&delivery).await);
                    }
                    let done = match result {
                        Ok(()) => self.store.inbox().delivery_done(&delivery.id).await,
                        Err(error) => self.store.inbox().delivery_failed(&delivery.id, &error.to_string()).await,
                    };
                    warn(done, "note what became of a delivery");
                }
                Ok(None) => self.until_stopped(self.store.inbox().wait_for_delivery()).await,
                Err(error) => self.pause_after(&error).await,
            }
        }
    }

    async fn job_worker(&self, worker: String) {
        while !self.stopping.is_cancelled() {
            match self.store.queue().claim(JOB_LEASE_S, &worker).await {
                Ok(Some(job)) => self.do_job(job).await,
                Ok(None) => self.until_stopped(self.store.queue().wait_for_job()).await,
                Err(error) => self.pause_after(&error).await,
            }
        }
    }

    async fn do_job(&self, job: daemon_store::ClaimedJob) {
        let Some(_held) = self.lanes.hold(&job.lane) else {
            tracing::warn!(job = job.payload, "a job waits: the worker that it was taken from still has it");
            return warn(self.store.queue().postpone(job.id, job.attempt, LANE_PAUSE_S).await.map(drop), "put a job back");
        };
        let Some(project) = self.projects.get(&job.kind) else {
            // The repository is no longer in the configuration.
            return warn(self.store.queue().finish(job.id, job.attempt).await, "drop a job");
        };
        let work = project.work(&job);
        tokio::pin!(work);
        let mut renew = tokio::time::interval(LEASE_RENEWED_EVERY);
        renew.tick().await;
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                _ = renew.tick() => warn(self.store.queue().renew(job.id, job.attempt, JOB_LEASE_S).await, "renew a job's lease"),
            }
        };
        let queue = self.store.queue();
        let ended = match result {
            Ok(()) => queue.finish(job.id, job.attempt).await,
            Err(FlowError::Stopping) => queue.postpone(job.id, job.attempt, 0).await.map(drop),
            // Nobody's fault, and no reason to give up: a person waits for the answer to a command.
            Err(error) if error.is_absence() => {
                tracing::warn!(%error, job = job.payload, "a job waits");
                queue.postpone(job.id, job.attempt, error.pause_s(job.attempt)).await.map(drop)
            }
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, job = job.payload, "a job failed and is tried again");
                queue.retry(job.id, job.attempt, RETRY_PAUSE_S * job.attempt.max(1), &error.to_string()).await.map(drop)
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, job = job.payload, "a job failed");
                queue.finish(job.id, job.attempt).await
            }
        };
        warn(ended, "note what became of a job");
    }

    async fn outbox_worker(&self) {
        while !self.stopping.is_cancelled() {
            match self.store.outbox().claim(JOB_LEASE_S).await {
                Ok(Some(entry)) => {
                    let repository = entry.coalesce_key.split(' ').next().unwrap_or_default();
                    let delivered = match self.projects.get(repository) {
                        Some(project) => project.deliver(&entry).await,
                        None => self.store.outbox().sent(entry.id, entry.attempt, None).await.map_err(FlowError::from),
                    };
                    if let Err(error) = delivered {
                        tracing::error!(error = &error as &dyn std::error::Error, kind = entry.kind, "a write to GitHub could not be settled");
                    }
                }
                Ok(None) => self.until_stopped(self.store.outbox().wait_for_entry()).await,
                Err(error) => self.pause_after(&error).await,
            }
        }
    }

    async fn until_stopped(&self, wait: impl Future<Output = Result<(), StoreError>>) {
        tokio::select! {
            waited = wait => {
                if let Err(error) = waited {
                    self.pause_after(&error).await;
                }
            }
            () = self.stopping.cancelled() => {}
        }
    }

    /// A database that fails must not make a busy loop.
    async fn pause_after(&self, error: &StoreError) {
        tracing::error!(%error, "the database failed");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = self.stopping.cancelled() => {}
        }
    }
}

fn warn<E: std::fmt::Display>(result: Result<(), E>, attempted: &str) {
    if let Err(error) = result {
        tracing::warn!(%error, "could not {attempted}");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use daemon_store::Job;

    use super::*;

    #[tokio::test]
    async fn a_job_waits_while_the_worker_that_lost_it_still_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("ipr.db")).await.unwrap();
        let daemon = Daemon::new(store.clone(), Vec::new(), Duration::from_secs(3600), CancellationToken::new());
        let word = |text: &str| text.to_owned();
        let job = Job { lane: word("acme/infra environment prod"), key: word("merges"), kind: word("acme/infra"), payload: word("{}") };
        store.queue().enqueue(&job, None).await.unwrap();
        let lost = store.queue().claim(0, "worker 0").await.unwrap().unwrap();
        let held = daemon.lanes.hold(&lost.lane).unwrap();
        daemon.do_job(store.queue().claim(JOB_LEASE_S, "worker 1").await.unwrap().unwrap()).await;
        assert_eq!(store.queue().waiting_count().await.unwrap(), 1, "it is not done beside the first");

        drop(held);
        store.queue().enqueue(&job, None).await.unwrap();
        daemon.do_job(store.queue().claim(JOB_LEASE_S, "worker 1").await.unwrap().unwrap()).await;
        assert_eq!(store.queue().waiting_count().await.unwrap(), 0, "its lane is free");
    }
}
