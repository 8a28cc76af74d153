//! When is the daemon done? Asked of the daemon and of GitHub, between the events that can change the answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use test_sim::github::DeliveryOrder;

use super::{REPOSITORY, World};
use crate::configuration::Webhooks;

/// People read for this long before they act on what they see.
const READING_S: i64 = 120;
/// A story that needs longer than this for one thing is stuck.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(40);
/// How long a wait for the next event may last before the daemon is asked again.
const GLANCE: Duration = Duration::from_millis(50);
/// A sweep that began after something happened has seen it; one that was under way may have missed it.
const SWEEPS_TO_BE_SURE: usize = 2;

impl World {
    /// Waits until everything that happened so far was dealt with.
    pub async fn settled(&self) {
        let settling = async {
            let mut activity = self.forge.activity();
            loop {
                if let Webhooks::DoubledAndReordered(seed) = self.webhooks {
                    self.forge.release_deliveries(DeliveryOrder::Shuffled(seed));
                }
                activity.mark_unchanged();
                self.forge.deliveries_idle().await;
                let is_idle = self.has_caught_up() && self.daemon.metrics().await.is_idle();
                if is_idle && !activity.has_changed().unwrap_or(true) {
                    return;
                }
                // Either something happens, or the daemon is asked again.
                let _ = tokio::time::timeout(GLANCE, activity.changed()).await;
            }
        };
        if tokio::time::timeout(SETTLE_TIMEOUT, settling).await.is_err() {
            panic!("the daemon did not come to rest within {SETTLE_TIMEOUT:?}: {:?}", self.daemon.metrics().await);
        }
    }

    /// Waits until something outside GitHub is so, such as a call that hangs on the target.
    pub async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let waiting = async {
            let mut activity = self.forge.activity();
            while !is_so(self) {
                let _ = tokio::time::timeout(GLANCE, activity.changed()).await;
            }
        };
        if tokio::time::timeout(SETTLE_TIMEOUT, waiting).await.is_err() {
            panic!("still not so after {SETTLE_TIMEOUT:?}: {what}");
        }
    }

    /// Waits until the daemon's metrics have this line.
    pub async fn until_measured(&self, line: &str) {
        let waiting = async {
            let mut activity = self.forge.activity();
            while !self.daemon.get("/metrics").await.is_some_and(|(_, text)| text.lines().any(|found| found == line)) {
                let _ = tokio::time::timeout(GLANCE, activity.changed()).await;
            }
        };
        if tokio::time::timeout(SETTLE_TIMEOUT, waiting).await.is_err() {
            panic!("the metrics have no `{line}` after {SETTLE_TIMEOUT:?}");
        }
    }

    /// Waits until every misbehaviour that was laid out on the target was met by a call.
    pub async fn faults_met(&self) {
        self.until("every fault of the target was met", |world| world.target_faults_left() == 0).await;
    }

    /// The daemon is done, and people have read what it said.
    pub async fn people_read(&self) {
        self.settled().await;
        self.forge.advance(READING_S);
    }

    /// Days pass on GitHub, and with them for whoever goes by its clock.
    pub fn days_pass(&self, days: i64) {
        self.forge.advance(days * 24 * 60 * 60);
    }

    /// A moment so many days from now, by GitHub's clock.
    pub fn in_days(&self, days: i64) -> String {
        let (now, passing) = (self.forge.now(), Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60));
        if days < 0 { (now - passing).to_string() } else { (now + passing).to_string() }
    }

    /// Ends what [`World::begin_act`] began.
    pub(crate) fn note_act(&self) {
        self.sweeps_at_last_act.store(self.sweeps(), Ordering::SeqCst);
    }

    /// Without webhooks: whether the daemon looked at everything since the last act.
    fn has_caught_up(&self) -> bool {
        self.webhooks != Webhooks::Lost || self.sweeps() >= self.sweeps_at_last_act.load(Ordering::SeqCst) + SWEEPS_TO_BE_SURE
    }

    /// How many sweeps began: each lists the open pull requests.
    fn sweeps(&self) -> usize {
        let list = format!("/repos/{REPOSITORY}/pulls?");
        self.forge.requests().iter().filter(|request| request.method == "GET" && request.path.starts_with(&list)).count()
    }
}
