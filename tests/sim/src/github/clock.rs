//! What time does the simulated GitHub think it is?
//!
//! Every mutation moves the clock by one second, so that timestamps are ordered and a run gives the same commits each time.

use jiff::Timestamp;

/// Where the simulator takes its time from.
#[derive(Clone, Copy, Debug)]
pub enum ClockSource {
    /// Starts at this Unix time in seconds and moves only by mutations and by `Forge::advance`.
    Simulated(i64),
    /// The machine's clock; for the demo.
    System,
}

impl Default for ClockSource {
    /// 2026-01-05T09:00:00Z, a Monday.
    fn default() -> Self {
        Self::Simulated(1_767_603_600)
    }
}

#[derive(Debug)]
pub(crate) struct Clock {
    source: ClockSource,
}

impl Clock {
    pub(crate) fn new(source: ClockSource) -> Self {
        Self { source }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let seconds = match self.source {
            ClockSource::Simulated(seconds) => seconds,
            ClockSource::System => Timestamp::now().as_second(),
        };
        Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a simulated clock by one second and answers the new time.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.advance(1);
        self.now()
    }

    pub(crate) fn advance(&mut self, seconds: i64) {
        if let ClockSource::Simulated(now) = &mut self.source {
            *now = now.saturating_add(seconds);
        }
    }
}

/// The form of an HTTP `Date` header.
pub(crate) fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
