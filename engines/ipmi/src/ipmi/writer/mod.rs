//! What can be changed on a BMC by IPMI? Every mutating command, and nothing else. Each takes the permit that only the gate gives.

mod account;
mod addresses;
mod console;

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, WritePermit};

pub(super) use account::{put, remove};
pub(super) use addresses::readdress;
pub(super) use console::set_up;

use super::client::Client;
use super::command::boot::{BootFlags, GetBootFlags, SetBootOption};
use super::command::chassis::{Identify, PowerControl, ResetControl, SetRestorePolicy};
use super::command::sel::{ClearLog, ReserveLog};
use super::driver::boot_override;
use crate::driver::{BootDevice, BootMode, BootOverride, PowerOrder, PowerRestore, Reset};

pub(super) async fn switch(client: &mut Client, permit: &WritePermit, order: PowerOrder) -> Result<(), EngineError> {
    let control = match order {
        PowerOrder::On => PowerControl::On,
        PowerOrder::Off => PowerControl::Off,
        PowerOrder::ShutDown => PowerControl::ShutDown,
    };
    client.order(permit, &control).await
}

pub(super) async fn restore(client: &mut Client, permit: &WritePermit, policy: PowerRestore) -> Result<(), EngineError> {
    let policy = match policy {
        PowerRestore::StaysOff => SetRestorePolicy::StaysOff,
        PowerRestore::Previous => SetRestorePolicy::Previous,
        PowerRestore::On => SetRestorePolicy::On,
    };
    client.order(permit, &policy).await
}

/// The same requests in the same order as `ipmitool chassis bootdev` sends.
pub(super) async fn override_boot(client: &mut Client, permit: &WritePermit, boot: BootOverride) -> Result<(), EngineError> {
    let attempt = "set the boot options";
    let device = match boot.device {
        BootDevice::None => 0,
        BootDevice::Pxe => 1,
        BootDevice::Disk => 2,
        BootDevice::Cdrom => 5,
        BootDevice::Setup => 6,
        BootDevice::Usb => 15,
        BootDevice::Http | BootDevice::Other => return Err(EngineError::new(ErrorKind::Rejected, attempt, "IPMI has no number for this device")),
    };
    let flags = BootFlags { are_valid: true, are_lasting: boot.is_lasting, uefi: boot.mode == Some(BootMode::Uefi), device };
    // Not every BMC has the brackets around the flags; the flags are what matters.
    let begun = client.order(permit, &SetBootOption::Begin).await;
    let noted = client.order(permit, &SetBootOption::NotYetSeen).await;
    let set = client.order(permit, &SetBootOption::Flags(flags)).await;
    let committed = client.order(permit, &SetBootOption::Commit).await;
    let ended = client.order(permit, &SetBootOption::End).await;
    set?;
    if let Some(error) = [begun, noted, committed, ended].into_iter().filter_map(Result::err).find(|error| error.kind != ErrorKind::Rejected) {
        return Err(error);
    }
    let kept = client.ask_if_there(&GetBootFlags).await?.map(boot_override);
    let wanted = boot_override(flags);
    if kept == Some(wanted) {
        return Ok(());
    }
    let words = "the BMC said yes and keeps something else: some drop the lasting or the UEFI flag. Hint: set the firmware's own boot order, \
                 use `once`, or reach the machine by Redfish";
    Err(EngineError::new(ErrorKind::Rejected, attempt, words))
}

pub(super) async fn reset_by(client: &mut Client, permit: &WritePermit, reset: Reset) -> Result<(), EngineError> {
    let control = match reset {
        Reset::Cycle => ResetControl::Cycle,
        Reset::Hard => ResetControl::Hard,
        Reset::Nmi => ResetControl::Nmi,
    };
    client.order(permit, &control).await
}

pub(super) async fn clear(client: &mut Client, permit: &WritePermit) -> Result<(), EngineError> {
    let reservation = client.ask(&ReserveLog).await?;
    client.order(permit, &ClearLog { reservation }).await
}

pub(super) async fn blink(client: &mut Client, permit: &WritePermit, duration: Duration) -> Result<(), EngineError> {
    let seconds = u8::try_from(duration.as_secs()).unwrap_or(u8::MAX);
    client.order(permit, &Identify { seconds }).await
}
