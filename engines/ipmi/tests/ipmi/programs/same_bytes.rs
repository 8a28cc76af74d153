//! Do we send the same bytes as ipmitool for the same wish? Captured on the simulator, which takes both sessions apart.

use engine_api::WritePermit;
use engine_ipmi::IpmiDriver;
use engine_ipmi::driver::{Bmc, BootDevice, BootMode, BootOverride, Driver, PowerOrder, Reset};
use test_sim_bmc::{Request, SimBmc};

use super::{ipmitool, permit};
use crate::subject::SimSubject;
use crate::world::{options, subject};

const CHASSIS: u8 = 0x00;
const CONTROL: u8 = 0x02;
const SET_BOOT_OPTIONS: u8 = 0x08;

/// What this client sent of one command since the last look.
fn sent(bmc: &SimBmc, command: u8) -> Vec<Request> {
    let requests = bmc.requests();
    bmc.forget_requests();
    requests.into_iter().filter(|request| (request.function, request.command) == (CHASSIS, command)).collect()
}

/// Changes something through the driver, as the engine's writer does: with a permit of the gate.
async fn change(subject: &SimSubject, call: impl AsyncFnOnce(WritePermit, &mut dyn Bmc)) {
    let permit = permit(subject).await;
    let mut bmc = IpmiDriver::new(options(&subject.bmc)).open().await.unwrap();
    subject.bmc.forget_requests();
    call(permit, bmc.as_mut()).await;
    bmc.close().await.unwrap();
}

#[tokio::test]
async fn boot_options_are_the_same_bytes() {
    let subject = subject().await;
    let port = subject.bmc.address().port();
    for (device, words) in [
        (BootDevice::Pxe, "pxe"),
        (BootDevice::Disk, "disk"),
        (BootDevice::Cdrom, "cdrom"),
        (BootDevice::Setup, "bios"),
        (BootDevice::Usb, "floppy"),
        (BootDevice::None, "none"),
    ] {
        for (is_lasting, uefi, flags) in
            [(false, false, ""), (true, false, "persistent"), (false, true, "efiboot"), (true, true, "persistent,efiboot")]
        {
            let mut arguments = vec!["chassis", "bootdev", words];
            let joined = format!("options={flags}");
            if !flags.is_empty() {
                arguments.push(&joined);
            }
            subject.bmc.forget_requests();
            if ipmitool(port, 17, &arguments).await.is_none() {
                return;
            }
            let theirs = sent(&subject.bmc, SET_BOOT_OPTIONS);
            let mode = Some(if uefi { BootMode::Uefi } else { BootMode::Legacy });
            let boot = BootOverride { device, mode, is_lasting };
            change(&subject, async |permit, bmc| bmc.set_boot(&permit, boot).await.unwrap()).await;
            assert_eq!(sent(&subject.bmc, SET_BOOT_OPTIONS), theirs, "{arguments:?}");
            assert_eq!(theirs.len(), 5);
        }
    }
}

#[tokio::test]
async fn chassis_control_is_the_same_bytes() {
    let subject = subject().await;
    let port = subject.bmc.address().port();
    for (words, power, reset) in [
        ("on", Some(PowerOrder::On), None),
        ("soft", Some(PowerOrder::ShutDown), None),
        ("off", Some(PowerOrder::Off), None),
        ("cycle", None, Some(Reset::Cycle)),
        ("reset", None, Some(Reset::Hard)),
        ("diag", None, Some(Reset::Nmi)),
    ] {
        subject.bmc.rebuild(None);
        if ipmitool(port, 17, &["chassis", "power", words]).await.is_none() {
            return;
        }
        let theirs = sent(&subject.bmc, CONTROL);
        change(&subject, async |permit, bmc| {
            match (power, reset) {
                (Some(order), _) => bmc.set_power(&permit, order).await.unwrap(),
                (_, Some(reset)) => bmc.reset(&permit, reset).await.unwrap(),
                (None, None) => unreachable!("each line has one of them"),
            };
        })
        .await;
        assert_eq!(sent(&subject.bmc, CONTROL), theirs, "{words}");
        assert_eq!(theirs.len(), 1);
    }
}
