//! How does sushy-tools' emulator run, and what can it do? With TLS, a password, and two machines in its fake driver.

use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::{Limits, Machine, RedfishDriver, RedfishOptions, types};
use engine_tls::{Fingerprint, Trust};
use serde_json::json;
use test_guest::{Sushy, Systems};

use crate::programs::there;
use crate::world::LIMITS;

pub(super) const GUID: &str = "11111111-1111-1111-1111-111111111111";

pub(super) struct Emulator {
    program: Sushy,
    pub(super) port: u16,
    pub(super) fingerprint: Fingerprint,
}

impl Emulator {
    pub(super) async fn start() -> Option<Self> {
        let system = |guid: &str, name: &str, is_on| (guid.to_owned(), name.to_owned(), is_on);
        let systems = vec![system(GUID, "node1", false), system("22222222-2222-2222-2222-222222222222", "node2", true)];
        let program = there(Sushy::start(Systems::Fake(systems)).await)?;
        Some(Self { port: program.port(), fingerprint: Fingerprint::of(program.certificate()), program })
    }

    pub(super) fn options(&self, system: Option<&str>) -> RedfishOptions {
        options(self.port, self.fingerprint, system)
    }
}

/// What it takes to log in to an emulator.
pub(crate) fn options(port: u16, fingerprint: Fingerprint, system: Option<&str>) -> RedfishOptions {
    let endpoint = format!("https://127.0.0.1:{port}");
    let mut options = RedfishOptions::new(&endpoint, test_guest::USER, Secret::new(test_guest::PASSWORD), Trust::Fingerprint(fingerprint)).unwrap();
    options.timeouts.settle = Duration::from_millis(300);
    options.timeouts.poll = Duration::from_millis(50);
    options.system = system.map(str::to_owned);
    options
}

/// Its switches take up to eleven seconds, as those of machines do.
pub(super) const SLOW: Limits = Limits { power: Duration::from_secs(30), look_every: Duration::from_millis(100), ..LIMITS };

#[async_trait::async_trait]
impl Subject for Emulator {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(Machine::new(RedfishDriver::new(self.options(Some("node1"))).unwrap()).with_limits(SLOW))
    }

    fn types(&self) -> Vec<&'static dyn core_model::resource_type::ResourceType> {
        types()
    }

    fn samples(&self) -> Vec<Sample> {
        vec![machine()]
    }

    /// As it comes: it has no way to have no override.
    async fn remove_all(&self) {
        self.program.launch().unwrap();
        self.boot_by_hand("Hdd", "UEFI").await;
    }

    async fn change_by_hand(&self, _sample: &Sample, path: &str) {
        assert_eq!(path, "specs.boot.device");
        self.boot_by_hand("Cd", "Legacy").await;
    }

    async fn make_foreign(&self, _sample: &Sample) {
        panic!("a machine carries no marker");
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        if kind != ErrorKind::Unreachable {
            return None;
        }
        self.program.end();
        bench.engine.probe().await.err()
    }
}

impl Emulator {
    async fn boot_by_hand(&self, target: &str, mode: &str) {
        let http = engine_http::client(&Trust::Fingerprint(self.fingerprint), Duration::from_secs(5)).unwrap();
        let body = json!({"Boot": {"BootSourceOverrideTarget": target, "BootSourceOverrideMode": mode}});
        let request = http.patch(format!("https://127.0.0.1:{}/redfish/v1/Systems/{GUID}", self.port)).basic_auth("admin", Some("password"));
        assert!(request.json(&body).send().await.unwrap().status().is_success());
    }
}

/// What it can do, and why it cannot do the rest.
fn machine() -> Sample {
    let values = json!({"specs": {
        "identity": {"guid": GUID},
        "boot": {"device": "pxe", "mode": "legacy"},
        "power_off": {"within": 1_000, "force": true},
        "once": {"token": "a", "identify": 1},
    }});
    let sample = Sample::new(types()[0], "node1", values)
        .update("specs.boot.device", json!("cdrom"))
        .update("specs.boot.mode", json!("uefi"))
        .update("specs.power_off.within", json!(2_000))
        .update("specs.power_off.force", json!(false))
        .update("specs.once.token", json!("b"))
        .update("specs.once.identify", json!(2))
        .unset("specs.boot.mode")
        .unset("specs.power_off.within")
        .unset("specs.power_off.force")
        .unset("specs.once.identify")
        .by_hand("specs.boot.device");
    CANNOT.iter().fold(sample, |sample, (path, why)| sample.leave_out(path, why))
}

pub(super) const CANNOT: &[(&str, &str)] = &[
    ("specs.identity", "another identity is another machine, and refused"),
    ("specs.power", "its switches take up to eleven seconds each; a test of its own switches it"),
    ("specs.once.reset", "its resets take as long; a test of its own resets it, and there is no PowerCycle"),
    ("specs.after_power_loss", "there is no PowerRestorePolicy"),
    ("specs.users", "there is no AccountService"),
    ("specs.bios", "its fake driver has no Bios"),
    ("specs.boot.device", "it is changed, and cannot be taken away: there is no way to have no override"),
    ("specs.boot.order", "its fake driver has no BootOrder"),
    ("specs.media", "it fetches images from a server, which a test of its own has"),
    ("specs.bmc", "its manager has no EthernetInterfaces"),
    ("specs.ntp", "its manager has no NetworkProtocol"),
    ("specs.console", "its manager has no SerialConsole"),
    ("specs.once.boot", "an override for one start is kept as a lasting one"),
    ("specs.once.mode", "it belongs to `boot`"),
    ("specs.once.clear_events", "there are no LogServices"),
    ("specs.ready", "there is no host behind it that could answer"),
    ("metadata", "the record alone keeps it"),
];
