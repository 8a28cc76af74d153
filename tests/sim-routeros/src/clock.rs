//! What time does the router think it is?

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// 2026-01-05T09:00:00Z, a Monday.
const START_S: i64 = 1_767_603_600;

/// Where a router takes its time from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClockSource {
    /// Stands still but for `Router::advance_s`. Schedulers and timeouts of the router fire in that call.
    #[default]
    Simulated,
    /// Follows tokio's clock: real time, or the paused time of a test. Schedulers fire by themselves.
    Runtime,
}

#[derive(Debug)]
pub(crate) struct Clock {
    source: ClockSource,
    started: Instant,
    advanced_s: i64,
    booted_s: i64,
}

impl Clock {
    pub(crate) fn new(source: ClockSource) -> Self {
        Self { source, started: Instant::now(), advanced_s: 0, booted_s: START_S }
    }

    /// Unix time in seconds.
    pub(crate) fn now_s(&self) -> i64 {
        let ran_s = match self.source {
            ClockSource::Simulated => 0,
            ClockSource::Runtime => i64::try_from(self.started.elapsed().as_secs()).unwrap_or(i64::MAX),
        };
        START_S.saturating_add(self.advanced_s).saturating_add(ran_s)
    }

    pub(crate) fn advance_s(&mut self, seconds: i64) {
        self.advanced_s = self.advanced_s.saturating_add(seconds);
    }

    pub(crate) fn uptime_s(&self) -> u64 {
        u64::try_from(self.now_s() - self.booted_s).unwrap_or_default()
    }

    /// The router started just now.
    pub(crate) fn booted(&mut self) {
        self.booted_s = self.now_s();
    }

    /// How long until a moment comes by itself; never on a clock that stands still.
    pub(crate) fn until(&self, moment_s: i64) -> Option<Duration> {
        match self.source {
            ClockSource::Simulated => None,
            ClockSource::Runtime => Some(Duration::from_secs(u64::try_from(moment_s - self.now_s()).unwrap_or_default())),
        }
    }
}

/// `2026-01-05 09:00:00`, in the router's own zone, which is UTC.
pub(crate) fn date_time(time_s: i64) -> String {
    timestamp(time_s).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

pub(crate) fn date(time_s: i64) -> String {
    timestamp(time_s).strftime("%Y-%m-%d").to_string()
}

pub(crate) fn time_of_day(time_s: i64) -> String {
    timestamp(time_s).strftime("%H:%M:%S").to_string()
}

fn timestamp(time_s: i64) -> Timestamp {
    Timestamp::from_second(time_s).unwrap_or(Timestamp::UNIX_EPOCH)
}
