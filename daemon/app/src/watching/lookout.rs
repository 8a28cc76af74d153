//! How is one target watched? Again and again: what it says leads to a look, and a target that cannot be watched is left alone for a while.

use std::time::Duration;

use engine_api::EngineError;
use tokio::time::Instant;

/// A watch that heard nothing for so long is begun anew: nobody knows whether its way is still there.
const WATCH_MAX: Duration = Duration::from_secs(60 * 60);
/// How long a target is left alone after a failure; twice as long after each further one.
const PAUSE_MIN: Duration = Duration::from_secs(5);
const PAUSE_MAX: Duration = Duration::from_secs(15 * 60);

/// What is watched, and who is told.
pub(super) trait Hears: Send + Sync {
    /// Returns when the target says that something changed.
    fn wait(&self) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// When the look for what is heard now is made.
    fn next_look(&self, now: Instant) -> Instant;

    /// The time for the look has come.
    fn hint(&self) -> impl Future<Output = ()> + Send;

    /// The target cannot be watched now.
    fn failed(&self, error: &EngineError);
}

pub(super) struct Lookout<H> {
    hears: H,
    pause: Duration,
}

impl<H: Hears> Lookout<H> {
    pub(super) fn new(hears: H) -> Self {
        Self { hears, pause: PAUSE_MIN }
    }

    /// Never returns. The hint is given before the target is watched again, and the look comes after the hint: what changes in
    /// between is seen by the look, or else by the next check.
    pub(super) async fn keep(mut self) {
        loop {
            match tokio::time::timeout(WATCH_MAX, self.hears.wait()).await {
                Ok(Ok(())) => {
                    tokio::time::sleep_until(self.hears.next_look(Instant::now())).await;
                    self.hears.hint().await;
                    self.pause = PAUSE_MIN;
                }
                Ok(Err(error)) => {
                    self.hears.failed(&error);
                    tokio::time::sleep(self.pause).await;
                    self.pause = (self.pause * 2).min(PAUSE_MAX);
                }
                Err(_) => self.pause = PAUSE_MIN,
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use engine_api::ErrorKind;

    use super::super::pace::Pace;
    use super::*;

    /// What a target says, one after the other; then nothing any more.
    enum Says {
        Changed,
        Gone,
        Nothing,
    }

    struct Target {
        says: Mutex<VecDeque<Says>>,
        pace: Mutex<Pace>,
        began: Instant,
        /// What happened, and in which second.
        seen: Arc<Mutex<Vec<(&'static str, u64)>>>,
    }

    impl Target {
        fn note(&self, what: &'static str) {
            self.seen.lock().unwrap().push((what, self.began.elapsed().as_secs()));
        }
    }

    impl Hears for Target {
        async fn wait(&self) -> Result<(), EngineError> {
            let says = self.says.lock().unwrap().pop_front();
            match says {
                Some(Says::Changed) => Ok(()),
                Some(Says::Gone) => Err(EngineError::new(ErrorKind::Unreachable, "watch", "it is gone")),
                Some(Says::Nothing) | None => std::future::pending().await,
            }
        }

        fn next_look(&self, now: Instant) -> Instant {
            self.pace.lock().unwrap().next_look(now)
        }

        async fn hint(&self) {
            self.note("hint");
        }

        fn failed(&self, _error: &EngineError) {
            self.note("failed");
        }
    }

    /// What comes of what a target says, in a day.
    async fn day(says: impl IntoIterator<Item = Says>) -> Vec<(&'static str, u64)> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let says = Mutex::new(says.into_iter().collect());
        let target = Target { says, pace: Mutex::default(), began: Instant::now(), seen: seen.clone() };
        tokio::time::timeout(Duration::from_secs(86_400), Lookout::new(target).keep()).await.unwrap_err();
        let seen = seen.lock().unwrap();
        seen.clone()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_heard_leads_to_a_look_and_silence_to_none() {
        assert_eq!(day([Says::Changed, Says::Nothing, Says::Changed]).await, [("hint", 2), ("hint", 3_604)]);
        assert_eq!(day([]).await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_target_that_is_gone_is_asked_more_and_more_seldom() {
        let seen = day([Says::Gone, Says::Gone, Says::Gone, Says::Changed, Says::Gone, Says::Changed]).await;
        assert_eq!(seen, [("failed", 0), ("failed", 5), ("failed", 15), ("hint", 37), ("failed", 37), ("hint", 97)]);
        let gone = day((0..1_000).map(|_| Says::Gone)).await;
        assert!(gone.len() < 110, "{}", gone.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_target_that_never_rests_does_not_fill_the_day() {
        assert!(day((0..100_000).map(|_| Says::Changed)).await.len() < 110);
    }
}
