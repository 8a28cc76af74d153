//! How does work take its time?
//!
//! A job is a list of phases: wait for a lock, work for a while, have an effect. Tasks are jobs with a record; a request that
//! must wait is a job without one. Nothing runs by itself: whoever looks at the world first lets the jobs catch up with the clock,
//! in the order of simulated time, so the same requests give the same history.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use serde_json::Value;

use crate::refusal::Refusal;
use crate::world::{LockKey, World};

/// A change of the world. It may add phases that come next.
pub(crate) type Effect = Box<dyn FnOnce(&mut World, &mut Progress) -> Result<(), Refusal> + Send>;

pub(crate) enum Phase {
    Lock { key: LockKey, shared: bool, timeout_ms: u64 },
    Unlock(LockKey),
    Work(u64),
    Do(Effect),
}

impl Phase {
    /// Source of the ten seconds: pve-guest-common `AbstractConfig.pm` `lock_config`.
    pub(crate) fn lock(key: LockKey) -> Self {
        Self::Lock { key, shared: false, timeout_ms: 10_000 }
    }

    pub(crate) fn run(effect: impl FnOnce(&mut World, &mut Progress) -> Result<(), Refusal> + Send + 'static) -> Self {
        Self::Do(Box::new(effect))
    }
}

/// What an effect may say and ask for.
#[derive(Default)]
pub(crate) struct Progress {
    pub(crate) log: Vec<String>,
    warnings: usize,
    /// Goes before the message if the job fails from now on: `clone failed: `.
    pub(crate) failure_prefix: String,
    /// What a waiting request answers.
    pub(crate) data: Value,
    next: Vec<Phase>,
    /// Undone, last first, if the job fails.
    undo: Vec<Effect>,
}

impl Progress {
    pub(crate) fn say(&mut self, line: impl Into<String>) {
        self.log.push(line.into());
    }

    /// The job goes on, and its task ends with `WARNINGS: 1`.
    pub(crate) fn warn(&mut self, line: &str) {
        self.warnings += 1;
        self.log.push(format!("WARN: {line}"));
    }

    /// These phases come next, before what the job already has.
    pub(crate) fn then(&mut self, phases: impl IntoIterator<Item = Phase>) {
        self.next.extend(phases);
    }

    pub(crate) fn undo(&mut self, effect: impl FnOnce(&mut World, &mut Progress) -> Result<(), Refusal> + Send + 'static) {
        self.undo.push(Box::new(effect));
    }
}

/// Work that was asked for.
pub(crate) struct Job {
    phases: VecDeque<Phase>,
    progress: Progress,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    /// Until this time, whatever else happens.
    Working(u64),
    /// For a lock, at most until this time.
    Waiting(u64),
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Job({:?}, {} phases left)", self.state, self.phases.len())
    }
}

impl Job {
    pub(crate) fn new(phases: impl IntoIterator<Item = Phase>) -> Self {
        Self { phases: phases.into_iter().collect(), progress: Progress::default(), state: State::Ready }
    }
}

impl Job {
    /// The same job with something before it.
    pub(crate) fn after(mut self, phase: Phase) -> Self {
        self.phases.push_front(phase);
        self
    }

    /// The same job with something at its end.
    pub(crate) fn before(mut self, phase: Phase) -> Self {
        self.phases.push_back(phase);
        self
    }
}

#[derive(Debug, Default)]
pub(crate) struct Jobs {
    active: BTreeMap<u64, Job>,
    /// Jobs for which a request waits.
    awaited: BTreeSet<u64>,
    /// Outcomes that a waiting request has not fetched yet.
    finished: BTreeMap<u64, Result<Value, Refusal>>,
}

impl World {
    /// Takes a job on; it starts when the world next catches up.
    pub(crate) fn begin(&mut self, job: Job) -> u64 {
        let id = self.next_serial();
        self.jobs.active.insert(id, job);
        id
    }

    /// Takes a job on whose outcome somebody waits for.
    pub(crate) fn begin_awaited(&mut self, job: Job) -> u64 {
        let id = self.begin(job);
        self.jobs.awaited.insert(id);
        id
    }

    /// The outcome of an awaited job, once.
    pub(crate) fn outcome(&mut self, id: u64) -> Option<Result<Value, Refusal>> {
        self.jobs.finished.remove(&id)
    }

    /// Nobody waits for the job any more; it goes on all the same.
    pub(crate) fn forget_outcome(&mut self, id: u64) {
        self.jobs.awaited.remove(&id);
        self.jobs.finished.remove(&id);
    }

    /// Ends a job as a signal does.
    pub(crate) fn interrupt(&mut self, id: u64) {
        if let Some(job) = self.jobs.active.remove(&id) {
            self.conclude(id, job, Err(Refusal::failed("interrupted by signal")));
        }
    }

    /// When something happens next, if anything does.
    pub(crate) fn next_event_ms(&self) -> Option<u64> {
        let times = self.jobs.active.values().map(|job| match job.state {
            State::Ready => self.now_ms,
            State::Working(time_ms) | State::Waiting(time_ms) => time_ms,
        });
        times.min()
    }

    /// Lets everything happen that is due by `now_ms`.
    pub(crate) fn catch_up(&mut self, now_ms: u64) {
        loop {
            self.run_ready();
            match self.next_event_ms().filter(|time_ms| *time_ms <= now_ms) {
                Some(time_ms) => {
                    self.now_ms = self.now_ms.max(time_ms);
                    self.wake();
                }
                None => break,
            }
        }
        self.now_ms = self.now_ms.max(now_ms);
    }

    fn wake(&mut self) {
        let now_ms = self.now_ms;
        for job in self.jobs.active.values_mut() {
            if matches!(job.state, State::Working(time_ms) | State::Waiting(time_ms) if time_ms <= now_ms) {
                job.state = State::Ready;
            }
        }
    }

    /// Runs jobs, oldest first, until each waits for time or for a lock.
    fn run_ready(&mut self) {
        let is_ready = |job: &Job| job.state == State::Ready;
        while let Some(id) = self.jobs.active.iter().find(|(_, job)| is_ready(job)).map(|(id, _)| *id) {
            let Some(mut job) = self.jobs.active.remove(&id) else { return };
            match self.advance_job(id, &mut job) {
                Ok(false) => {
                    self.keep_log(id, &mut job);
                    self.jobs.active.insert(id, job);
                }
                Ok(true) => self.conclude(id, job, Ok(())),
                Err(refusal) => self.conclude(id, job, Err(refusal)),
            }
        }
    }

    /// Runs one job as far as it gets; true when it is over.
    fn advance_job(&mut self, id: u64, job: &mut Job) -> Result<bool, Refusal> {
        while let Some(phase) = job.phases.pop_front() {
            match phase {
                Phase::Work(0) => {}
                Phase::Work(duration_ms) => {
                    job.state = State::Working(self.now_ms + duration_ms);
                    return Ok(false);
                }
                Phase::Unlock(key) => {
                    self.locks.release(&key, id);
                    self.wake_waiting();
                }
                Phase::Do(effect) => {
                    effect(self, &mut job.progress)?;
                    for phase in job.progress.next.drain(..).rev() {
                        job.phases.push_front(phase);
                    }
                }
                Phase::Lock { key, shared, timeout_ms } => {
                    if let Some(deadline_ms) = self.claim(id, job, &key, shared, timeout_ms)? {
                        job.phases.push_front(Phase::Lock { key, shared, timeout_ms });
                        job.state = State::Waiting(deadline_ms);
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// Nothing when the lock is held now; else until when the job may wait.
    fn claim(&mut self, id: u64, job: &mut Job, key: &LockKey, shared: bool, timeout_ms: u64) -> Result<Option<u64>, Refusal> {
        use crate::world::Claimed;
        match self.locks.claim(key, id, shared, timeout_ms, self.now_ms, &mut self.lock_waits) {
            Claimed::Held => Ok(None),
            Claimed::TimedOut => Err(Refusal::failed(key.timed_out())),
            Claimed::Waiting { deadline_ms } => {
                if !job.progress.log.iter().any(|line| line == "trying to acquire lock...") {
                    job.progress.say("trying to acquire lock...");
                }
                Ok(Some(deadline_ms))
            }
        }
    }

    /// A lock became free: all who wait for one look again.
    fn wake_waiting(&mut self) {
        for job in self.jobs.active.values_mut() {
            if matches!(job.state, State::Waiting(_)) {
                job.state = State::Ready;
            }
        }
    }

    /// What a running task has said so far can be read.
    fn keep_log(&mut self, id: u64, job: &mut Job) {
        if let Some(task) = self.tasks.iter_mut().rev().find(|task| task.job == id) {
            task.log.append(&mut job.progress.log);
        }
    }

    fn conclude(&mut self, id: u64, mut job: Job, outcome: Result<(), Refusal>) {
        let outcome = outcome.map_err(|refusal| {
            for effect in std::mem::take(&mut job.progress.undo).into_iter().rev() {
                // What cannot be undone stays; the first failure is the one to report.
                if let Err(further) = effect(self, &mut job.progress) {
                    job.progress.say(further.message);
                }
            }
            Refusal { message: format!("{}{}", job.progress.failure_prefix, refusal.message), ..refusal }
        });
        self.locks.release_all(id);
        self.wake_waiting();
        let status = match &outcome {
            Ok(()) if job.progress.warnings > 0 => format!("WARNINGS: {}", job.progress.warnings),
            Ok(()) => "OK".to_owned(),
            Err(refusal) => refusal.exit_status(),
        };
        let now_ms = self.now_ms;
        match self.tasks.iter_mut().rev().find(|task| task.job == id) {
            Some(task) => {
                task.log.append(&mut job.progress.log);
                let last = if outcome.is_ok() { format!("TASK {status}") } else { format!("TASK ERROR: {status}") };
                task.log.push(last);
                task.ended_ms = Some(now_ms);
                task.exit_status = Some(status);
            }
            None if self.jobs.awaited.remove(&id) => {
                self.jobs.finished.insert(id, outcome.map(|()| job.progress.data));
            }
            None => {}
        }
    }
}
