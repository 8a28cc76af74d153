//! Do we send the same bytes as ipmitool for the same wish? Captured on the simulator, which takes both sessions apart.

use engine_api::WritePermit;
use engine_ipmi::IpmiDriver;
use engine_ipmi::driver::{AddressSource, Addresses, Bmc, BootDevice, BootMode, BootOverride, Console, Driver, PowerOrder, Reset, Role};
use test_sim_bmc::{Request, SimBmc};

use super::{ipmitool, permit};
use crate::subject::SimSubject;
use crate::world::{options, subject};

const CHASSIS: u8 = 0x00;
const CONTROL: u8 = 0x02;
const SET_BOOT_OPTIONS: u8 = 0x08;

/// What this client sent of one command since the last look.
fn sent(bmc: &SimBmc, command: u8) -> Vec<Request> {
    sent_to(bmc, CHASSIS, command)
}

fn sent_to(bmc: &SimBmc, function: u8, command: u8) -> Vec<Request> {
    let requests = bmc.requests();
    bmc.forget_requests();
    requests.into_iter().filter(|request| (request.function, request.command) == (function, command)).collect()
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

/// Each wish as the commands of ipmitool that it is made of: a bit rate is two, for now and for later.
#[tokio::test]
async fn the_serial_console_is_the_same_bytes() {
    const TRANSPORT: u8 = 0x0c;
    const SET_CONSOLE: u8 = 0x21;
    let subject = subject().await;
    let port = subject.bmc.address().port();
    let nothing = Console::default();
    let rate = |rate: u32| Console { bit_rate: Some(rate), ..nothing };
    let role = |role: Role| Console { role: Some(role), ..nothing };
    for (wanted, commands) in [
        (Console { is_enabled: Some(true), ..nothing }, &[["enabled", "true"]][..]),
        (Console { is_enabled: Some(false), ..nothing }, &[["enabled", "false"]]),
        (role(Role::User), &[["privilege-level", "user"]]),
        (role(Role::Operator), &[["privilege-level", "operator"]]),
        (role(Role::Administrator), &[["privilege-level", "admin"]]),
        (rate(9_600), &[["non-volatile-bit-rate", "9.6"], ["volatile-bit-rate", "9.6"]]),
        (rate(57_600), &[["non-volatile-bit-rate", "57.6"], ["volatile-bit-rate", "57.6"]]),
        (rate(115_200), &[["non-volatile-bit-rate", "115.2"], ["volatile-bit-rate", "115.2"]]),
    ] {
        subject.bmc.rebuild(None);
        for [name, value] in commands {
            if ipmitool(port, 17, &["sol", "set", name, value]).await.is_none() {
                return;
            }
        }
        let theirs = sent_to(&subject.bmc, TRANSPORT, SET_CONSOLE);
        let kept = [1, 2, 5, 6].map(|parameter| subject.bmc.console(parameter));
        subject.bmc.rebuild(None);
        change(&subject, async |permit, bmc| bmc.set_console(&permit, &wanted).await.unwrap()).await;
        assert_eq!(sent_to(&subject.bmc, TRANSPORT, SET_CONSOLE), theirs, "{commands:?}");
        assert_eq!([1, 2, 5, 6].map(|parameter| subject.bmc.console(parameter)), kept, "{commands:?}");
        assert_eq!(theirs.len(), 4 * commands.len());
    }
}

/// ipmitool is told the channel by its number; ours is the one that the session came in by.
#[tokio::test]
async fn the_addresses_of_the_bmc_are_the_same_bytes() {
    const TRANSPORT: u8 = 0x0c;
    const SET_LAN: u8 = 0x01;
    let subject = subject().await;
    let port = subject.bmc.address().port();
    let nothing = Addresses::default();
    let address = "10.9.0.11".parse().ok();
    for (wanted, words) in [
        (Addresses { source: Some(AddressSource::Static), ..nothing }, ["ipsrc", "static"].as_slice()),
        (Addresses { source: Some(AddressSource::Dhcp), ..nothing }, &["ipsrc", "dhcp"]),
        (Addresses { address, ..nothing }, &["ipaddr", "10.9.0.11"]),
        (Addresses { netmask: "255.255.255.0".parse().ok(), ..nothing }, &["netmask", "255.255.255.0"]),
        (Addresses { gateway: "10.9.0.1".parse().ok(), ..nothing }, &["defgw", "ipaddr", "10.9.0.1"]),
        (Addresses { vlan: Some(1_234), ..nothing }, &["vlan", "id", "1234"]),
        (Addresses { vlan: Some(0), ..nothing }, &["vlan", "id", "off"]),
    ] {
        // ipmitool sends nothing where no tag was ever set.
        let set_a_tag = || subject.bmc.set_lan(20, &[0x23, 0x81]);
        subject.bmc.rebuild(None);
        set_a_tag();
        let arguments = [&["lan", "set", "14"], words].concat();
        if ipmitool(port, 17, &arguments).await.is_none() {
            return;
        }
        let theirs = sent_to(&subject.bmc, TRANSPORT, SET_LAN);
        change(&subject, async |permit, bmc| {
            set_a_tag();
            bmc.set_addresses(&permit, &wanted).await.unwrap();
        })
        .await;
        assert_eq!(sent_to(&subject.bmc, TRANSPORT, SET_LAN), theirs, "{arguments:?}");
        assert!(!theirs.is_empty());
    }
}
