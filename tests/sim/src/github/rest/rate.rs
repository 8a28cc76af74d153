//! How many requests has a user left in this hour?

use serde_json::{Value, json};

use crate::github::world::World;

/// What GitHub gives a personal access token for an hour.
pub(super) const RATE_LIMIT: u64 = 5_000;

impl World {
    /// Counts requests of a user and answers how many there were.
    pub(super) fn spend(&mut self, actor: &str, count: u64) -> u64 {
        let used = self.rate_used.entry(actor.to_owned()).or_default();
        *used += count;
        *used
    }

    /// The end of the current hour.
    pub(super) fn rate_reset(&self) -> i64 {
        (self.clock.now().as_second() / 3_600 + 1) * 3_600
    }

    pub(crate) fn rate_json(&self, actor: &str) -> Value {
        let used = self.rate_used.get(actor).copied().unwrap_or_default();
        let remaining = RATE_LIMIT.saturating_sub(used);
        let core = json!({ "limit": RATE_LIMIT, "used": used, "remaining": remaining, "reset": self.rate_reset() });
        let search = json!({ "limit": 30, "used": 0, "remaining": 30, "reset": self.rate_reset() });
        json!({ "resources": { "core": core, "search": search }, "rate": core })
    }
}
