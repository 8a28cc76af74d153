//! What does a real machine do by IPMI? Behind virtualbmc 3.3, which has suite 3, power, reset and a device to boot from.

use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::{IpmiOptions, Limits, Patience, types};
use serde_json::json;
use test_guest::{Guest, Identity, Network, PASSWORD, Start, USER, VirtualBmc};

use super::run_cases;
use crate::programs::there;
use crate::world::{LIMITS, apply, operations, planned};

/// It asks libvirt for whatever it is asked, and libvirt starts and ends a program.
const SLOW: Limits = Limits { call: Duration::from_secs(60), power: Duration::from_secs(60), look_every: Duration::from_millis(50), ..LIMITS };

struct Behind {
    bmc: VirtualBmc,
    guest: Guest,
}

impl Behind {
    async fn start(network: Network, identity: Identity) -> Option<Self> {
        let guest = there(Guest::start(network).await)?;
        let bmc = there(VirtualBmc::start(&guest, identity).await)?;
        Some(Self { bmc, guest })
    }

    fn machine(&self) -> engine_ipmi::Machine {
        let mut options = IpmiOptions::new(&format!("ipmi://127.0.0.1:{}", self.bmc.port()), USER, Secret::new(PASSWORD)).unwrap();
        options.patience = Patience { reply: Duration::from_secs(2), tries: 8 };
        crate::world::machine(options).with_limits(SLOW)
    }
}

#[async_trait::async_trait]
impl Subject for Behind {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.machine())
    }

    fn types(&self) -> Vec<&'static dyn core_model::resource_type::ResourceType> {
        types()
    }

    fn samples(&self) -> Vec<Sample> {
        vec![CANNOT.iter().fold(machine(), |sample, (path, why)| sample.leave_out(path, why))]
    }

    async fn remove_all(&self) {
        self.bmc.launch().await.unwrap();
        self.guest.rebuild().await;
    }

    async fn change_by_hand(&self, _sample: &Sample, path: &str) {
        assert_eq!(path, "specs.power");
        self.guest.press(!self.guest.is_on().await).await;
    }

    async fn make_foreign(&self, _sample: &Sample) {
        panic!("a machine carries no marker");
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        if kind != ErrorKind::Unreachable {
            return None;
        }
        self.bmc.end();
        bench.engine.probe().await.err()
    }
}

/// What it cannot do, and why.
const CANNOT: &[(&str, &str)] = &[
    ("specs.identity", "another identity is another machine, and refused"),
    ("specs.power_off", "the record alone keeps it; a test of its own shuts the machine down"),
    ("specs.after_power_loss", "it does not know the command"),
    ("specs.boot", "it keeps the device and drops the lasting and the UEFI flag"),
    ("specs.users", "it does not know the commands for accounts"),
    ("specs.once.mode", "it drops the UEFI flag"),
    ("specs.once.clear_events", "it has no event log"),
    ("specs.once.identify", "it has no light"),
    ("specs.bios", "IPMI has no command for it"),
    ("specs.media", "IPMI has no command for it"),
    ("specs.bmc", "it does not know the commands for the network"),
    ("specs.ntp", "IPMI has no command for it"),
    ("specs.console", "it does not know the commands for serial over LAN"),
    ("specs.ready", "the guest has a network of its own, where nobody answers"),
    ("metadata", "the record alone keeps it"),
];

/// Its firmware does not hear the power button, so its power is cut.
fn machine() -> Sample {
    let values = json!({"specs": {
        "power": "on",
        "power_off": {"within": 0, "force": true},
        "once": {"token": "a", "boot": "pxe", "reset": "hard"},
    }});
    Sample::new(types()[0], "node1", values)
        .update("specs.power", json!("off"))
        .update("specs.once.token", json!("b"))
        .update("specs.once.boot", json!("cdrom"))
        .update("specs.once.reset", json!("nmi"))
        .unset("specs.power")
        .unset("specs.once.boot")
        .unset("specs.once.reset")
        .by_hand("specs.power")
}

#[tokio::test]
async fn the_contract_is_kept_as_far_as_virtualbmc_can_do_it() {
    for (path, why) in CANNOT {
        eprintln!("virtualbmc leaves out `{path}`: {why}");
    }
    let Some(behind) = Behind::start(Network::Unused, Identity::Guid).await else { return };
    run_cases(&behind, |name| !name.contains("_lost_")).await;
}

#[tokio::test]
async fn lost_replies_converge_as_far_as_virtualbmc_can_do_it() {
    let Some(behind) = Behind::start(Network::Unused, Identity::Guid).await else { return };
    run_cases(&behind, |name| name.contains("_lost_")).await;
}

#[tokio::test]
async fn a_machine_is_switched_reset_and_started_from_the_network() {
    let Some(behind) = Behind::start(Network::Used, Identity::Guid).await else { return };
    let guest = &behind.guest;
    let bench = Bench::fresh(&behind).await;
    let record = apply(&bench, json!({"power": "on"}), None).await.unwrap();
    assert_eq!(guest.started(1).await, [Start::Disk]);
    let reset = json!({"power": "on", "once": {"token": "a", "reset": "hard"}});
    let record = apply(&bench, reset, Some(&record)).await.unwrap();
    assert_eq!(guest.started(2).await, [Start::Disk, Start::Disk]);
    // It hears its power button, and nothing is cut.
    let off = json!({"power": "off", "power_off": {"within": 20_000}});
    let record = apply(&bench, off.clone(), Some(&record)).await.unwrap();
    assert!(!guest.is_on().await);
    assert_eq!(operations(&bench), ["SetPower", "Reset", "SetPower"]);
    assert_eq!(planned(&bench, off, Some(&record)).await, Vec::<String>::new());
    // virtualbmc tells libvirt, which listens when the machine is switched on: a machine that runs would be reset to its disk.
    let installed = json!({"power": "on", "once": {"token": "b", "boot": "pxe", "reset": "hard"}});
    let record = apply(&bench, installed.clone(), Some(&record)).await.unwrap();
    assert_eq!(guest.started(3).await, [Start::Disk, Start::Disk, Start::Network]);
    let console = guest.console();
    assert!(console.contains("tftp://10.0.2.2/boot... ok"), "{console}");
    assert_eq!(planned(&bench, installed, Some(&record)).await, Vec::<String>::new());
}

/// What it cannot do is said to be so; nothing is silently taken for done.
#[tokio::test]
async fn what_virtualbmc_cannot_do_is_refused_in_words() {
    let Some(behind) = Behind::start(Network::Unused, Identity::Guid).await else { return };
    let bench = Bench::fresh(&behind).await;
    behind.guest.press(true).await;
    for (specs, words) in [
        (json!({"boot": {"device": "disk"}}), "keeps something else"),
        (json!({"boot": {"device": "usb"}}), "keeps something else"),
        (json!({"once": {"token": "a", "boot": "pxe", "mode": "uefi"}}), "keeps something else"),
        (json!({"once": {"token": "a", "reset": "cycle"}}), "does not take a value in the request"),
        (json!({"once": {"token": "a", "clear_events": true}}), "does not know the command"),
        (json!({"once": {"token": "a", "identify": 1_000}}), "does not know the command"),
        (json!({"after_power_loss": "on"}), "does not know the command"),
        (json!({"users": [{"name": "ops", "role": "user", "password": "of-ours"}]}), "does not tell who may log in"),
    ] {
        let error = apply(&bench, specs.clone(), None).await.expect_err("it cannot");
        eprintln!("virtualbmc cannot: {specs}: {error}");
        assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(behind.guest.is_on().await);
}

/// As virtualbmc is, nothing tells its machines apart. Such a one is not touched.
#[tokio::test]
async fn a_machine_without_a_name_of_its_own_is_left_alone() {
    let Some(behind) = Behind::start(Network::Unused, Identity::None).await else { return };
    let error = behind.engine().probe().await.expect_err("which one is it?");
    eprintln!("virtualbmc cannot: {error}");
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    assert!(error.to_string().contains("neither a GUID nor a serial number"), "{error}");
}
