//! Is it so by now? Where the HA manager keeps a machine, a call only says what is wanted: its task is over before anything has
//! happened. What follows must wait for the machine, not for the task.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind};
use tokio::time::Instant;

use crate::apply::Task;
use crate::writer::MachineRef;

/// What a call asked for.
#[derive(Clone, Copy)]
enum Wish<'w> {
    Runs(bool),
    IsOn(&'w str),
}

impl Task<'_> {
    pub(super) async fn start(&self, machine: &MachineRef) -> Result<(), EngineError> {
        self.calls.start(machine).await?;
        self.until(machine, Wish::Runs(true), self.options.timeouts.write).await
    }

    pub(super) async fn shut_down(&self, machine: &MachineRef) -> Result<(), EngineError> {
        self.calls.shut_down(machine).await?;
        self.until(machine, Wish::Runs(false), self.options.timeouts.shutdown + self.options.timeouts.write).await
    }

    pub(super) async fn migrate(&self, machine: &MachineRef, target: &str, is_running: bool) -> Result<(), EngineError> {
        self.calls.migrate(machine, target, is_running).await?;
        self.until(machine, Wish::IsOn(target), self.options.timeouts.copy).await
    }

    /// Looks until it is so. The HA manager may carry a machine to another node on the way.
    async fn until(&self, machine: &MachineRef, wish: Wish<'_>, limit: Duration) -> Result<(), EngineError> {
        let begun = Instant::now();
        while !self.is_fulfilled(machine, wish).await? {
            if begun.elapsed() > limit {
                let words = match wish {
                    Wish::Runs(true) => "does not run".to_owned(),
                    Wish::Runs(false) => "still runs".to_owned(),
                    Wish::IsOn(node) => format!("is not on the node `{node}`"),
                };
                let why = format!("the machine {} {words} {} s after its task has ended; look at the HA manager", machine.vmid, limit.as_secs());
                return Err(self.error(ErrorKind::Timeout, why));
            }
            tokio::time::sleep(self.options.timeouts.poll.max(Duration::from_millis(1))).await;
        }
        Ok(())
    }

    async fn is_fulfilled(&self, machine: &MachineRef, wish: Wish<'_>) -> Result<bool, EngineError> {
        let gone = || self.error(ErrorKind::NotFound, format!("the machine {} is gone", machine.vmid));
        let guest = self.reader.guest(machine.vmid).await?.ok_or_else(gone)?;
        match wish {
            Wish::IsOn(node) => Ok(guest.node == node),
            Wish::Runs(_) if !guest.is_kept_by_ha => Ok(true),
            Wish::Runs(is_wanted) => match self.reader.is_running(&guest.node, guest.vmid).await {
                // It left the node between two looks.
                Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
                runs => Ok(runs? == is_wanted),
            },
        }
    }
}
