//! What did the last look at each target measure? Kept for `/metrics` from the looks that are made anyway, for plans, runs and the
//! check for drift. A number that is a day old is none any more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use core_model::TargetName;
use engine_api::Gauge;

use crate::project::Clock;

/// Names of members come with pull requests: without a bound, so would numbers. As many as there may be engines.
const TARGETS_MAX: usize = 4_096;
const AGE_MAX_S: i64 = 24 * 60 * 60;

/// The numbers of the last look at each target.
pub struct Measurements {
    clock: Arc<dyn Clock>,
    last: Mutex<BTreeMap<(String, TargetName), Measured>>,
}

/// What one look gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub at_unix_s: i64,
    /// What was measured. `None`: the target could not be looked at, and what it measured before is no answer.
    pub gauges: Option<Vec<Gauge>>,
}

impl Measurements {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: Mutex::default() }
    }

    /// Takes down a look. The oldest one makes room where there is none.
    pub(crate) fn note(&self, repository: &str, target: &TargetName, gauges: Option<Vec<Gauge>>) {
        let measured = Measured { at_unix_s: self.clock.now().unix_seconds(), gauges: gauges.map(Gauge::sound) };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (repository.to_owned(), target.clone());
        if last.len() >= TARGETS_MAX && !last.contains_key(&key) {
            let oldest = last.iter().min_by_key(|(_, measured)| measured.at_unix_s).map(|(key, _)| key.clone());
            oldest.into_iter().for_each(|key| drop(last.remove(&key)));
        }
        last.insert(key, measured);
    }

    /// The looks of the last day: repository, target, and what was seen.
    pub fn all(&self) -> Vec<(String, TargetName, Measured)> {
        let oldest = self.clock.now().unix_seconds().saturating_sub(AGE_MAX_S);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|_, measured| measured.at_unix_s > oldest);
        last.iter().map(|((repository, target), measured)| (repository.clone(), target.clone(), measured.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use daemon_github::Timestamp;
    use engine_api::GaugeFamily;

    use super::*;

    static ON: GaugeFamily = GaugeFamily { name: "ipr_thing_on", meaning: "Whether it is on." };

    struct HandClock(AtomicI64);

    impl Clock for HandClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_unix_seconds(self.0.load(Ordering::SeqCst)).expect("a time that can be written")
        }
    }

    fn measurements() -> (Arc<HandClock>, Measurements) {
        let clock = Arc::new(HandClock(AtomicI64::new(1_000_000)));
        (clock.clone(), Measurements::new(clock))
    }

    fn target(name: &str) -> TargetName {
        name.parse().expect("it is written as one")
    }

    fn on(value: f64) -> Option<Vec<Gauge>> {
        Some(vec![Gauge { family: &ON, resource: "thing/a".to_owned(), part: None, value }])
    }

    #[test]
    fn the_last_look_counts_and_none_for_ever() {
        let (clock, kept) = measurements();
        kept.note("acme/infra", &target("rack1/n01"), on(1.0));
        clock.0.fetch_add(60, Ordering::SeqCst);
        kept.note("acme/infra", &target("rack1/n01"), on(0.0));
        let at = |at_unix_s, gauges| vec![("acme/infra".to_owned(), target("rack1/n01"), Measured { at_unix_s, gauges })];
        assert_eq!(kept.all(), at(1_000_060, on(0.0)));
        kept.note("acme/infra", &target("rack1/n01"), None);
        assert_eq!(kept.all(), at(1_000_060, None), "a target that does not answer tells nothing");
        clock.0.fetch_add(AGE_MAX_S, Ordering::SeqCst);
        assert_eq!(kept.all(), []);
    }

    #[test]
    fn there_is_no_room_for_more_than_so_many_targets() {
        let (clock, kept) = measurements();
        for number in 0..=TARGETS_MAX {
            clock.0.fetch_add(1, Ordering::SeqCst);
            kept.note("acme/infra", &target(&format!("rack/n{number}")), on(1.0));
        }
        let names: Vec<TargetName> = kept.all().into_iter().map(|(_, target, _)| target).collect();
        assert_eq!(names.len(), TARGETS_MAX);
        assert!(!names.contains(&target("rack/n0")) && names.contains(&target("rack/n1")), "the oldest one went");
    }
}
