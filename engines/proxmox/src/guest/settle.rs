//! Is it so by now? Where the HA manager keeps a guest, a call only says what is wanted: its task is over before anything has
//! happened, and a machine that is restarted is off when the task of the restart ends. What follows must wait for the guest, not
//! for the task.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind};
use tokio::time::Instant;

use super::GuestRef;
use crate::apply::Task;

/// What a call asked for.
#[derive(Clone, Copy)]
enum Wish<'w> {
    Runs(bool),
    /// After a restart, whoever keeps it.
    IsBack,
    IsOn(&'w str),
}

impl Task<'_> {
    pub(crate) async fn start(&self, guest: &GuestRef) -> Result<(), EngineError> {
        self.calls.start(guest).await?;
        self.until(guest, Wish::Runs(true), self.options.timeouts.write).await
    }

    pub(crate) async fn shut_down(&self, guest: &GuestRef) -> Result<(), EngineError> {
        self.calls.shut_down(guest).await?;
        self.until(guest, Wish::Runs(false), self.options.timeouts.shutdown + self.options.timeouts.write).await
    }

    /// The task of a machine's restart ends while the machine is off: its node starts it again when it hears that it has stopped
    /// (qemu-server `QemuServer.pm`, `vm_reboot`).
    pub(crate) async fn restart(&self, guest: &GuestRef) -> Result<(), EngineError> {
        self.calls.reboot(guest).await?;
        self.until(guest, Wish::IsBack, self.options.timeouts.shutdown + self.options.timeouts.write).await
    }

    pub(crate) async fn migrate(&self, guest: &GuestRef, target: &str, is_running: bool) -> Result<(), EngineError> {
        self.calls.migrate(guest, target, is_running).await?;
        self.until(guest, Wish::IsOn(target), self.options.timeouts.copy).await
    }

    /// Looks until it is so. The HA manager may carry a guest to another node on the way.
    async fn until(&self, guest: &GuestRef, wish: Wish<'_>, limit: Duration) -> Result<(), EngineError> {
        let begun = Instant::now();
        while !self.is_fulfilled(guest, wish).await? {
            if begun.elapsed() > limit {
                let words = match wish {
                    Wish::Runs(true) | Wish::IsBack => "does not run".to_owned(),
                    Wish::Runs(false) => "still runs".to_owned(),
                    Wish::IsOn(node) => format!("is not on the node `{node}`"),
                };
                let why = format!(
                    "the {} {} {words} {} s after its task has ended; look at the log of its node{}",
                    guest.kind.noun(),
                    guest.vmid,
                    limit.as_secs(),
                    if matches!(wish, Wish::IsBack) { "" } else { " and at the HA manager" },
                );
                return Err(self.error(ErrorKind::Timeout, why));
            }
            tokio::time::sleep(self.options.timeouts.poll.max(Duration::from_millis(1))).await;
        }
        Ok(())
    }

    async fn is_fulfilled(&self, guest: &GuestRef, wish: Wish<'_>) -> Result<bool, EngineError> {
        let gone = || self.error(ErrorKind::NotFound, format!("the {} {} is gone", guest.kind.noun(), guest.vmid));
        let guest = self.reader.guest(guest.vmid).await?.ok_or_else(gone)?;
        match wish {
            Wish::IsOn(node) => Ok(guest.node == node),
            Wish::Runs(_) if !guest.is_kept_by_ha => Ok(true),
            Wish::Runs(_) | Wish::IsBack => match self.reader.is_running(&guest).await {
                // It left the node between two looks.
                Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
                runs => Ok(runs? != matches!(wish, Wish::Runs(false))),
            },
        }
    }
}
