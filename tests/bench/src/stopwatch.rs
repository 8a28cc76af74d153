//! How long did it take, and how much of that did the processor work on it? On a busy machine the two lie far apart.

use std::ops::Add;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// The scheduler's account of this thread: nanoseconds on a processor first.
const ACCOUNT: &str = "/proc/thread-self/schedstat";

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
    pub(crate) fn start() -> anyhow::Result<Self> {
        Ok(Self { worked_before: worked()?, began: Instant::now() })
    }

    pub(crate) fn lap(&self) -> anyhow::Result<Lap> {
        Ok(Lap { passed: self.began.elapsed(), worked: worked()?.saturating_sub(self.worked_before) })
    }
}

fn worked() -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(ACCOUNT).context("could not read how long this thread worked")?;
    let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
    nanoseconds.map(Duration::from_nanos).with_context(|| format!("{ACCOUNT} holds no number"))
}
