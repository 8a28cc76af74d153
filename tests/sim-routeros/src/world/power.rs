//! What does a reboot leave?

use super::{Config, World};
use crate::behaviour::SafeModeReboot;

/// A file that `/system/backup` wrote.
#[derive(Clone, Debug)]
pub(crate) struct Backup {
    pub(crate) config: Config,
    pub(crate) password: String,
}

impl World {
    /// The router goes down, and is back when it has started.
    pub(crate) fn reboot(&mut self) {
        self.end_connections();
        match self.behaviour.safe_mode_reboot {
            SafeModeReboot::Reverts => self.unroll_safe_mode(),
            SafeModeReboot::Keeps => self.end_safe_mode(),
        }
        self.reboots += 1;
        self.note_new_way();
        self.down_until_s = Some(self.clock.now_s() + i64::from(self.behaviour.boot_s));
        if self.behaviour.boot_s == 0 {
            self.boot();
        }
    }

    /// The router is up again: what was only in memory is gone.
    pub(crate) fn boot(&mut self) {
        self.down_until_s = None;
        self.note_new_way();
        self.clock.booted();
        self.history.clear();
        self.log.clear();
        let dynamic: Vec<_> = self.menus.values().cloned().collect();
        for menu in dynamic {
            let gone: Vec<_> = self.config.entries(&menu.path).items.iter().filter(|item| item.is_dynamic).map(|item| item.id).collect();
            for id in gone {
                self.config.entries_mut(&menu.path).remove(&menu, id);
            }
        }
        self.timeouts.clear();
        let now_s = self.clock.now_s();
        self.log.write(now_s, "system,info", "router rebooted");
        self.start_jobs();
        self.derive();
    }

    /// Everything as it was when the backup was made; then a reboot.
    pub(crate) fn restore(&mut self, backup: &Backup) {
        self.end_safe_mode();
        self.config.restore(&backup.config, |path| path == "/file");
        self.reboot();
    }
}
