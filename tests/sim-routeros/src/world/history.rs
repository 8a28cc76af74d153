//! What was done, and what does safe mode take back?
//!
//! A router keeps its last 100 actions. While safe mode is on they can all be taken back. One action more and the room is used
//! up: safe mode ends, nobody is told, and nothing will be undone.

use super::{Config, World};

/// Actions that the history holds.
pub(crate) const ACTIONS_MAX: usize = 100;

#[derive(Clone, Debug)]
pub(crate) struct HistoryRow {
    pub(crate) action: String,
    pub(crate) by: String,
    pub(crate) time_s: i64,
    /// Safe mode would take it back.
    pub(crate) is_floating: bool,
}

/// Safe mode while somebody holds it.
#[derive(Clone, Debug)]
pub(crate) struct SafeMode {
    /// The connection that took it.
    pub(crate) holder: u64,
    pub(crate) user: String,
    /// What to return to.
    saved: Config,
    actions: usize,
}

impl World {
    /// Writes an action down; whoever does it, it counts for safe mode.
    pub(crate) fn did(&mut self, by: &str, action: String) {
        let time_s = self.clock.now_s();
        if let Some(safe_mode) = &mut self.safe_mode {
            safe_mode.actions += 1;
            if safe_mode.actions > ACTIONS_MAX {
                self.end_safe_mode();
            }
        }
        let is_floating = self.safe_mode.is_some();
        self.history.push(HistoryRow { action, by: by.to_owned(), time_s, is_floating });
        if self.history.len() > ACTIONS_MAX {
            self.history.remove(0);
        }
    }

    pub(crate) fn take_safe_mode(&mut self, holder: u64, user: &str) {
        self.safe_mode = Some(SafeMode { holder, user: user.to_owned(), saved: self.config.clone(), actions: 0 });
    }

    /// Safe mode is over and what was done stays.
    pub(crate) fn end_safe_mode(&mut self) {
        self.safe_mode = None;
        self.history.iter_mut().for_each(|row| row.is_floating = false);
    }

    /// Takes back everything since safe mode was taken, whoever did it.
    pub(crate) fn unroll_safe_mode(&mut self) {
        let Some(safe_mode) = self.safe_mode.take() else { return };
        let kept: Vec<String> = self.menus.values().filter(|menu| !menu.is_undoable).map(|menu| menu.path.clone()).collect();
        self.config.restore(&safe_mode.saved, |path| kept.iter().any(|kept| kept == path));
        self.history.retain(|row| !row.is_floating);
        self.note_new_way();
        self.plan_jobs();
        self.derive();
        let now_s = self.clock.now_s();
        self.log.write(now_s, "system,info", "safe mode released, changes reverted");
    }

    /// The connection is gone: what it held in safe mode is taken back.
    pub(crate) fn lost_connection(&mut self, connection: u64) {
        if self.safe_mode.as_ref().is_some_and(|safe_mode| safe_mode.holder == connection) {
            self.unroll_safe_mode();
        }
    }
}
