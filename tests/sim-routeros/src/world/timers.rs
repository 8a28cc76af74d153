//! What happens when time passes?

use super::World;

impl World {
    /// The next moment at which something happens by itself.
    pub(crate) fn due_s(&self) -> Option<i64> {
        let job_s = if self.down_until_s.is_some() { None } else { self.next_job_s() };
        [self.down_until_s, self.next_given_up_s(), self.next_timeout_s(), job_s].into_iter().flatten().min()
    }

    /// Does everything whose time has come, in the order of its time.
    pub(crate) fn run_due(&mut self) {
        let now_s = self.clock.now_s();
        if self.down_until_s.is_some_and(|until_s| until_s <= now_s) {
            self.boot();
        }
        self.give_up_due(now_s);
        self.forget_timed_out(now_s);
        if self.down_until_s.is_none() {
            self.run_jobs(now_s);
        }
        self.settle();
        // A connection that is cut is given up at once where the router notices at once; that may open the way again.
        if self.next_given_up_s().is_some_and(|given_up_s| given_up_s <= now_s) {
            self.give_up_due(now_s);
            self.settle();
        }
    }

    /// Moves a clock that stands still, with a halt at each moment at which something happens.
    pub(crate) fn advance_to(&mut self, moment_s: i64) {
        while let Some(due_s) = self.due_s().filter(|due_s| *due_s <= moment_s) {
            let wait_s = due_s - self.clock.now_s();
            self.clock.advance_s(wait_s.max(0));
            self.run_due();
        }
        let rest_s = moment_s - self.clock.now_s();
        self.clock.advance_s(rest_s.max(0));
        self.run_due();
    }

    /// Entries of address lists that run out.
    fn next_timeout_s(&self) -> Option<i64> {
        self.timeouts.values().copied().min()
    }

    fn forget_timed_out(&mut self, now_s: i64) {
        let due: Vec<_> = self.timeouts.iter().filter(|(_, due_s)| **due_s <= now_s).map(|(key, _)| key.clone()).collect();
        for (path, id) in due {
            self.timeouts.remove(&(path.clone(), id));
            if let Some(menu) = self.menu(&path) {
                self.config.entries_mut(&path).remove(&menu, id);
                self.tell(&menu, id, true);
            }
        }
    }
}
