//! How long did it take, and how much of that did the processor work on it? On a busy machine the two lie far apart.

use std::ops::Add;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// A part of the work of one thread.
#[derive(Clone, Copy)]
pub(crate) struct Lap {
    pub(crate) passed: Duration,
    pub(crate) worked: Duration,
}

impl Lap {
    pub(crate) fn from_nanoseconds([passed, worked]: [u64; 2]) -> Self {
        Self { passed: Duration::from_nanos(passed), worked: Duration::from_nanos(worked) }
    }

    pub(crate) fn as_nanoseconds(self) -> [u64; 2] {
        [self.passed, self.worked].map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
    }
}

impl Add for Lap {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, worked: self.worked + other.worked }
    }
}

pub(crate) struct Stopwatch {
    began: Instant,
    worked_before: Duration,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { worked_before: worked(), began: Instant::now() }
    }

    pub(crate) fn lap(&self) -> Lap {
        Lap { passed: self.began.elapsed(), worked: worked().saturating_sub(self.worked_before) }
    }
}

/// The time of this thread on a processor.
fn worked() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
