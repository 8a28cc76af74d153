//! What do several measurements of one thing say? Their median, and how far they lie apart.

use std::time::Duration;

/// Durations of the same thing, sorted.
pub(crate) struct Sample(Vec<Duration>);

impl Sample {
    /// At least one duration is needed.
    pub(crate) fn new(durations: impl IntoIterator<Item = Duration>) -> Self {
        let mut sorted: Vec<Duration> = durations.into_iter().collect();
        sorted.sort_unstable();
        assert!(!sorted.is_empty(), "nothing was measured");
        Self(sorted)
    }

    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// `3.1 to 4.2 ms`.
    pub(crate) fn range(&self) -> String {
        format!("{:.1} to {:.1} ms", milliseconds(self.0[0]), milliseconds(self.0[self.0.len() - 1]))
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// How a time stands to its goal.
pub(crate) fn against_goal(time: Duration, goal: Duration) -> String {
    let word = if time <= goal { "met" } else { "missed" };
    format!("{word} ({:.2} of it)", time.as_secs_f64() / goal.as_secs_f64())
}
