//! What do pull requests do to a real machine? A guest of QEMU behind virtualbmc or sushy-tools' emulator: what it tells on its serial
//! console says where it was started from.

use test_harness::{BareMachine, MergeMethod, Protocol, Start, World};
use test_scenarios::blueprint;

use crate::rendered::assert_comment;

const METAL: &str = "blueprints/metal.yaml";

fn node(specs: &str) -> String {
    blueprint("metal", &format!("  - {{type: compute, name: node, provider: ipmi, specs: {specs}}}\n"))
}

#[tokio::test]
async fn a_machine_is_switched_reset_and_started_once_from_the_network() {
    let Some(machine) = BareMachine::start(Protocol::Ipmi).await else { return };
    let guest = machine.guest();
    let world = World::start_as(machine.wish()).await;
    world.applied("Switch the node on", METAL, &node("{power: on}")).await;
    assert_eq!(guest.started(1).await, [Start::Disk]);
    world.applied("Reset it", METAL, &node("{power: on, once: {token: first, reset: hard}}")).await;
    assert_eq!(guest.started(2).await, [Start::Disk; 2]);
    world.applied("Switch it off", METAL, &node("{power: off, power_off: {within: 30s}}")).await;
    assert!(!guest.is_on().await);
    let install = node("{power: on, power_off: {within: 30s}, once: {token: debian-13, boot: pxe, reset: hard}}");
    let install = world.pull_request("Install it").file(METAL, &install).open().await;
    let told = install.comment().await;
    assert!(told.contains("A revert does not undo it"), "{told}");
    assert_comment!("guest_install", told);
    assert_eq!(install.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(guest.started(3).await, [Start::Disk, Start::Disk, Start::Network]);
    let console = guest.console();
    assert!(console.contains("tftp://10.0.2.2/boot... ok"), "{console}");
    let revert = install.revert().await;
    assert_comment!("guest_revert", revert.comment().await);
    assert_eq!(revert.merged(MergeMethod::Squash).await, "✅ applied");
    assert!(!guest.is_on().await, "its power is as it was");
    assert_eq!(guest.starts().len(), 3, "and it was not started for it");
    world.end().await;
}

#[tokio::test]
async fn a_revert_gives_power_and_boot_settings_back() {
    let Some(machine) = BareMachine::start(Protocol::Redfish).await else { return };
    let guest = machine.guest();
    let world = World::start_as(machine.wish()).await;
    let specs = |power: &str, device: &str, more: &str| format!("{{power: {power}, power_off: {{within: 30s}}, boot: {{device: {device}}}{more}}}");
    world.applied("Add the node", METAL, &node(&specs("off", "disk", ""))).await;
    let change = node(&specs("on", "pxe", ", once: {token: first, reset: hard}"));
    let change = world.applied("Start it from the network", METAL, &change).await;
    assert_eq!(guest.started(1).await, [Start::Network]);
    let revert = change.revert().await;
    assert_comment!("guest_boot_revert", revert.comment().await);
    assert_eq!(revert.merged(MergeMethod::Squash).await, "✅ applied", "{:#?}\n{}", revert.replies().await, guest.console());
    assert!(!guest.is_on().await);
    guest.press(true).await;
    assert_eq!(guest.started(2).await, [Start::Network, Start::Disk]);
    world.end().await;
}
