//! How does sushy-tools' emulator run, and what can it do? With TLS, a password, and two machines in its fake driver.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use core_model::Secret;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::{Limits, Machine, RedfishDriver, RedfishOptions, types};
use engine_tls::{Fingerprint, Trust};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::world::LIMITS;

pub(super) const GUID: &str = "11111111-1111-1111-1111-111111111111";

pub(super) struct Emulator {
    program: Mutex<Option<Child>>,
    python: String,
    folder: tempfile::TempDir,
    pub(super) port: u16,
    pub(super) fingerprint: Fingerprint,
}

impl Emulator {
    pub(super) async fn start() -> Option<Self> {
        let python = std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let asked = Command::new(&python).args(["-c", "import sushy_tools.emulator.main, bcrypt"]).output().await;
        if !asked.is_ok_and(|asked| asked.status.success()) {
            crate::programs::not_tested(&format!("the engine against sushy-tools, which `{python}` cannot import"));
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let fingerprint = write_certificate(folder.path());
        write_password(&python, folder.path()).await;
        let mut started = Self { program: Mutex::default(), python, folder, port: 0, fingerprint };
        // It takes a free port, and keeps it when it is started again.
        started.port = started.launch().await;
        Some(started)
    }

    /// Answers the port.
    async fn launch(&self) -> u16 {
        std::fs::write(self.folder.path().join("emulator.conf"), configuration(self.folder.path(), self.port)).unwrap();
        let mut command = Command::new(&self.python);
        command.args(["-m", "sushy_tools.emulator.main", "--config"]).arg(self.folder.path().join("emulator.conf"));
        let mut program = command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("it says that it runs");
            if let Some((_, port)) = line.split_once("Running on https://127.0.0.1:") {
                break port.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
            }
        };
        // It writes a line for each request; nobody reading them would stop it in the end.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        *self.program.lock().unwrap() = Some(program);
        port
    }

    pub(super) fn options(&self, system: Option<&str>) -> RedfishOptions {
        let endpoint = format!("https://127.0.0.1:{}", self.port);
        let mut options = RedfishOptions::new(&endpoint, "admin", Secret::new("password"), Trust::Fingerprint(self.fingerprint)).unwrap();
        options.timeouts.settle = Duration::from_millis(300);
        options.timeouts.poll = Duration::from_millis(50);
        options.system = system.map(str::to_owned);
        options
    }
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
        if self.program.lock().unwrap().is_none() {
            self.launch().await;
        }
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
        let program = self.program.lock().unwrap().take();
        program.expect("it runs").kill().await.unwrap();
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

fn write_certificate(folder: &Path) -> Fingerprint {
    let own = rcgen::generate_simple_self_signed(["bmc.sushy".to_owned()]).unwrap();
    std::fs::write(folder.join("certificate.pem"), own.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), own.signing_key.serialize_pem()).unwrap();
    Fingerprint::of(own.cert.der())
}

async fn write_password(python: &str, folder: &Path) {
    let script = "import bcrypt, sys; print('admin:' + bcrypt.hashpw(b'password', bcrypt.gensalt(4)).decode())";
    let output = Command::new(python).args(["-c", script]).output().await.unwrap();
    std::fs::write(folder.join("htpasswd"), output.stdout).unwrap();
}

fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "SUSHY_EMULATOR_LISTEN_IP = '127.0.0.1'\nSUSHY_EMULATOR_LISTEN_PORT = {port}\nSUSHY_EMULATOR_FAKE_DRIVER = True\n\
         SUSHY_EMULATOR_STATE_DIR = '{folder}'\nSUSHY_EMULATOR_AUTH_FILE = '{folder}/htpasswd'\nSUSHY_EMULATOR_FEATURE_SET = 'full'\n\
         SUSHY_EMULATOR_SSL_CERT = '{folder}/certificate.pem'\nSUSHY_EMULATOR_SSL_KEY = '{folder}/key.pem'\n\
         SUSHY_EMULATOR_FAKE_SYSTEMS = [\n\
         {{'uuid': '{GUID}', 'name': 'node1', 'power_state': 'Off', 'external_notifier': False, 'nics': []}},\n\
         {{'uuid': '22222222-2222-2222-2222-222222222222', 'name': 'node2', 'power_state': 'On', 'external_notifier': False, 'nics': []}},\n]\n"
    )
}
