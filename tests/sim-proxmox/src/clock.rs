//! What time does the simulated cluster think it is, and who moves it?
//!
//! All durations of the simulator (a clone, a lock's timeout, a ticket's life) are milliseconds of this clock, so that a test
//! can pass an hour without waiting for it.

use std::time::{Duration, Instant};

/// 2026-01-05T09:00:00Z, a Monday: where every simulated cluster starts, in milliseconds since the Unix epoch.
pub(crate) const START_MS: u64 = 1_767_603_600_000;

/// Who moves the clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClockSource {
    /// Runs this many times as fast as the machine's clock. With 100, a task of five seconds takes 50 ms.
    Scaled(f64),
    /// Moves only by `Cluster::advance`. A request that waits for a lock waits until somebody moves the clock.
    Manual,
    /// Each request moves it by this many milliseconds, and a request that must wait moves it as far as it must. Needs no real time
    /// and gives the same order each time, if requests come one after the other.
    Stepped(u64),
}

impl Default for ClockSource {
    /// A quarter of a second for each request: a client that polls a task sees it running a few times.
    fn default() -> Self {
        Self::Stepped(250)
    }
}

#[derive(Debug)]
pub(crate) struct Clock {
    source: ClockSource,
    /// The time reached by steps and by `advance`.
    moved_ms: u64,
    started: Instant,
}

impl Clock {
    pub(crate) fn new(source: ClockSource) -> Self {
        Self { source, moved_ms: START_MS, started: Instant::now() }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        match self.source {
            ClockSource::Scaled(factor) => self.moved_ms + (self.started.elapsed().as_secs_f64() * factor * 1000.0) as u64,
            ClockSource::Manual | ClockSource::Stepped(_) => self.moved_ms,
        }
    }

    /// What a request does to the clock.
    pub(crate) fn request(&mut self) {
        if let ClockSource::Stepped(step_ms) = self.source {
            self.moved_ms += step_ms;
        }
    }

    pub(crate) fn advance(&mut self, by_ms: u64) {
        self.moved_ms += by_ms;
    }

    /// How a request waits for the time `until_ms`.
    pub(crate) fn wait(&mut self, until_ms: u64) -> Wait {
        let left_ms = until_ms.saturating_sub(self.now_ms());
        match self.source {
            ClockSource::Scaled(factor) => Wait::Real(Duration::from_secs_f64((left_ms as f64 + 1.0) / factor / 1000.0)),
            ClockSource::Manual => Wait::Moved,
            ClockSource::Stepped(_) => {
                self.moved_ms += left_ms;
                Wait::Over
            }
        }
    }
}

/// How the time of a waiting request passes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    /// This long on the machine's clock.
    Real(Duration),
    /// Until the test moves the clock.
    Moved,
    /// The clock was moved; look again.
    Over,
}
