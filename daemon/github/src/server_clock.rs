//! What time is it on GitHub? Every answer tells, and a monotonic clock of ours counts on from the newest one.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use http::HeaderMap;
use http::header::DATE;

use crate::rate_limit::http_date;
use crate::timestamp::Timestamp;

/// GitHub's clock, as far as its answers told it.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<Heard>>);

#[derive(Debug, Clone, Copy)]
struct Heard {
    unix_s: i64,
    at: Instant,
}

impl ServerClock {
    /// Takes the time out of an answer that just came. One that tells none changes nothing.
    pub(crate) fn hear(&self, headers: &HeaderMap) {
        let told = headers.get(DATE).and_then(|date| http_date(date.to_str().ok()?));
        if let Some(unix_s) = told {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Heard { unix_s, at: Instant::now() });
        }
    }

    pub(crate) fn now(&self) -> Option<Timestamp> {
        let heard = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let passed_s = i64::try_from(heard.at.elapsed().as_secs()).ok()?;
        Timestamp::from_unix_seconds(heard.unix_s.checked_add(passed_s)?).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answer(date: &str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, date.parse().unwrap())])
    }

    #[test]
    fn the_newest_answer_that_tells_a_time_counts() {
        let clock = ServerClock::default();
        assert_eq!(clock.now(), None);
        clock.hear(&answer("Fri, 20 Nov 2026 20:00:00 GMT"));
        clock.hear(&answer("Sat, 21 Nov 2026 08:00:00 GMT"));
        clock.hear(&answer("soon"));
        clock.hear(&HeaderMap::new());
        let told: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        // What passes between two lines of a test is no minute.
        assert!((0..60).contains(&(clock.now().unwrap().unix_seconds() - told.unix_seconds())));
    }
}
