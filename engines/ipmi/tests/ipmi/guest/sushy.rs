//! What does a real machine do by Redfish? Behind sushy-tools' emulator with its driver for libvirt, which has settings of the firmware
//! and a device to boot from that lasts; no sessions, ETags, tasks, accounts and overrides for one start.

use std::sync::Arc;
use std::time::Duration;

use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::{Limits, Machine, RedfishDriver, types};
use engine_tls::Fingerprint;
use serde_json::json;
use test_guest::{Guest, Network, Start, Sushy, Systems};

use super::run_cases;
use crate::programs::there;
use crate::redfish::sushy::emulator::options;
use crate::world::{LIMITS, apply, operations, planned};

const SLOW: Limits = Limits { call: Duration::from_secs(60), power: Duration::from_secs(60), look_every: Duration::from_millis(100), ..LIMITS };

struct Behind {
    emulator: Sushy,
    guest: Guest,
}

impl Behind {
    async fn start(network: Network) -> Option<Self> {
        let guest = there(Guest::start(network).await)?;
        let emulator = there(Sushy::start(Systems::Libvirt(guest.libvirt_uri())).await)?;
        Some(Self { emulator, guest })
    }
}

#[async_trait::async_trait]
impl Subject for Behind {
    fn engine(&self) -> Arc<dyn Engine> {
        let options = options(self.emulator.port(), Fingerprint::of(self.emulator.certificate()), Some(self.guest.name()));
        Arc::new(Machine::new(RedfishDriver::new(options).unwrap()).with_limits(SLOW))
    }

    fn types(&self) -> Vec<&'static dyn core_model::resource_type::ResourceType> {
        types()
    }

    fn samples(&self) -> Vec<Sample> {
        vec![CANNOT.iter().fold(machine(), |sample, (path, why)| sample.leave_out(path, why))]
    }

    async fn remove_all(&self) {
        self.emulator.launch().unwrap();
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
        self.emulator.end();
        bench.engine.probe().await.err()
    }
}

/// What it cannot do, and why.
const CANNOT: &[(&str, &str)] = &[
    ("specs.identity", "another identity is another machine, and refused"),
    ("specs.power_off", "the record alone keeps it; a test of its own shuts the machine down"),
    ("specs.after_power_loss", "there is no PowerRestorePolicy"),
    ("specs.users", "there is no AccountService"),
    ("specs.boot.device", "there is no way to have no override; a test of its own changes it"),
    ("specs.boot.mode", "libvirt shows no mode for a machine with SeaBIOS"),
    ("specs.boot.order", "there is no BootOrder"),
    ("specs.media", "it fetches images from a server; the fake driver's tests have one"),
    ("specs.bmc", "its manager has no EthernetInterfaces"),
    ("specs.ntp", "its manager has no NetworkProtocol"),
    ("specs.once.boot", "an override for one start is kept as a lasting one"),
    ("specs.once.mode", "it belongs to `boot`"),
    ("specs.once.identify", "its light is that of the fake driver, where it is tested"),
    ("specs.once.clear_events", "there are no LogServices"),
    ("specs.console", "its manager has no SerialConsole"),
    ("specs.ready", "the guest has a network of its own, where nobody answers"),
    ("metadata", "the record alone keeps it"),
];

/// Its firmware does not hear the power button, so its power is cut.
fn machine() -> Sample {
    let values = json!({"specs": {
        "power": "on",
        "power_off": {"within": 0, "force": true},
        "bios": {"ProcTurboMode": "Disabled"},
        "once": {"token": "a", "reset": "hard"},
    }});
    Sample::new(types()[0], "node1", values)
        .update("specs.power", json!("off"))
        .update("specs.bios.ProcTurboMode", json!("Enabled"))
        .update("specs.once.token", json!("b"))
        .update("specs.once.reset", json!("nmi"))
        .unset("specs.power")
        .unset("specs.bios.ProcTurboMode")
        .unset("specs.once.reset")
        .by_hand("specs.power")
}

#[tokio::test]
async fn the_contract_is_kept_as_far_as_sushy_can_do_it_on_libvirt() {
    for (path, why) in CANNOT {
        eprintln!("sushy-tools' emulator on libvirt leaves out `{path}`: {why}");
    }
    let Some(behind) = Behind::start(Network::Unused).await else { return };
    run_cases(&behind, |name| !name.contains("_lost_")).await;
}

#[tokio::test]
async fn lost_replies_converge_as_far_as_sushy_can_do_it_on_libvirt() {
    let Some(behind) = Behind::start(Network::Unused).await else { return };
    run_cases(&behind, |name| name.contains("_lost_")).await;
}

#[tokio::test]
async fn a_machine_is_started_from_the_network_and_again_from_its_disk() {
    let Some(behind) = Behind::start(Network::Used).await else { return };
    let guest = &behind.guest;
    let bench = Bench::fresh(&behind).await;
    let installed = json!({"identity": {"guid": guest.guid()}, "power": "on", "boot": {"device": "pxe"}});
    let record = apply(&bench, installed, None).await.unwrap();
    assert_eq!(operations(&bench), ["SetBoot", "SetPower"]);
    assert_eq!(guest.started(1).await, [Start::Network]);
    let again = json!({"power": "on", "boot": {"device": "disk"}, "once": {"token": "a", "reset": "hard"}});
    let record = apply(&bench, again.clone(), Some(&record)).await.unwrap();
    assert_eq!(guest.started(2).await, [Start::Network, Start::Disk]);
    assert_eq!(planned(&bench, again, Some(&record)).await, Vec::<String>::new());
    let off = json!({"power": "off", "power_off": {"within": 20_000}, "boot": {"device": "disk"}});
    apply(&bench, off, Some(&record)).await.unwrap();
    assert!(!guest.is_on().await);
    assert_eq!(operations(&bench)[2..], ["SetBoot", "Reset", "SetPower"], "it was asked, and nothing was cut");
}
