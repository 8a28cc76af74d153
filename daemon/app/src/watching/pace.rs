//! When does a hint lead to a look? Soon, together with the hints that come right after it, and more seldom the more there are.

use std::time::Duration;

use tokio::time::Instant;

/// Who changes something by hand often changes several things: the look waits for them.
const SETTLE: Duration = Duration::from_secs(2);
/// There is no further look within this time.
const SPACING: Duration = Duration::from_secs(60);
/// A target that gives hints without end is looked at this seldom for them.
const SPACING_MAX: Duration = Duration::from_secs(15 * 60);

/// The looks of one environment that came of hints.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last: Option<(Instant, Duration)>,
}

impl Pace {
    /// When the look for a hint of this moment is made. Hints before that moment share it.
    pub(super) fn next_look(&mut self, now: Instant) -> Instant {
        let (look, spacing) = match self.last {
            Some((look, _)) if now < look => return look,
            Some((look, spacing)) if now < look + spacing => ((look + spacing).max(now + SETTLE), (spacing * 2).min(SPACING_MAX)),
            _ => (now + SETTLE, SPACING),
        };
        self.last = Some((look, spacing));
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The looks, in seconds, that hints at these seconds lead to.
    fn looks(hints: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let (start, mut pace) = (Instant::now(), Pace::default());
        let mut looks: Vec<u64> = hints.into_iter().map(|at_s| (pace.next_look(start + Duration::from_secs(at_s)) - start).as_secs()).collect();
        looks.dedup();
        looks
    }

    #[test]
    fn hints_that_come_together_lead_to_one_look() {
        assert_eq!(looks([0, 1, 1]), [2]);
        assert_eq!(looks([0, 1, 100, 101]), [2, 102], "the next hand has its look as soon");
    }

    #[test]
    fn there_is_one_look_in_a_minute() {
        assert_eq!(looks([0, 3, 10, 61]), [2, 62]);
        assert_eq!(looks([0, 61]), [2, 63], "and one that has settled");
    }

    #[test]
    fn a_target_that_never_rests_is_looked_at_more_and_more_seldom() {
        let all = looks(0..86_400);
        let last: Vec<u64> = all.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(last[..5], [60, 120, 240, 480, 900]);
        assert!(all.len() < 110, "{}", all.len());
        assert_eq!(looks((0..86_400).chain([90_000])).last(), Some(&90_002), "once it rests it is forgiven");
    }
}
