//! How much has the daemon still to do? Read from the text form of its metrics.

use std::collections::BTreeMap;

/// What the daemon said in `GET /metrics`: samples by name and labels, as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metrics(BTreeMap<String, f64>);

/// What keeps a world from being settled. What waits for a later time does, too: something went wrong and is tried again.
const BUSY: [(&str, &str); 7] =
    [("inbox", "waiting"), ("queue", "due"), ("queue", "later"), ("queue", "running"), ("outbox", "due"), ("outbox", "later"), ("outbox", "sending")];
const DEAD: [(&str, &str); 2] = [("queue", "dead"), ("outbox", "dead")];

impl Metrics {
    pub(crate) fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        Self(samples.filter_map(|line| line.rsplit_once(' ').and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))).collect())
    }

    fn backlog(&self, (place, state): (&str, &str)) -> Option<f64> {
        self.0.get(&format!("ipr_backlog{{place=\"{place}\",state=\"{state}\"}}")).copied()
    }

    /// Whether nothing waits to be done. A daemon that does not say is not idle.
    pub(crate) fn is_idle(&self) -> bool {
        BUSY.iter().all(|row| self.backlog(*row) == Some(0.0))
    }

    /// Jobs and writes that failed so often that the daemon gave up.
    pub(crate) fn dead(&self) -> f64 {
        DEAD.iter().filter_map(|row| self.backlog(*row)).sum()
    }
}
