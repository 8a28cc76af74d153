//! Does the engine work on sushy-tools' emulator, which OpenStack tests its bare-metal service with? It has no sessions, no ETags, no
//! tasks, no accounts, and in its fake driver no settings of the firmware; what it cannot do is listed in the output.
//!
//! `IPR_TEST_PYTHON` names a Python that has it; else `python3` is asked.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, ErrorKind};
use engine_ipmi::{Limits, Machine, RedfishDriver, RedfishOptions, types};
use engine_tls::{Fingerprint, Trust};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::world::{LIMITS, apply, operations, planned, sample};

const GUID: &str = "11111111-1111-1111-1111-111111111111";

struct Emulator {
    _program: Child,
    _folder: tempfile::TempDir,
    port: u16,
    fingerprint: Fingerprint,
}

impl Emulator {
    async fn start() -> Option<Self> {
        let python = std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let asked = Command::new(&python).args(["-c", "import sushy_tools.emulator.main, bcrypt"]).output().await;
        if !asked.is_ok_and(|asked| asked.status.success()) {
            let why = format!("{python} has no sushy-tools. Hint: run .ci/install, and set IPR_TEST_PYTHON to ~/.cache/ipr/test-tools/bin/python");
            crate::programs::not_run(&why);
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let fingerprint = write_certificate(folder.path());
        write_password(&python, folder.path()).await;
        std::fs::write(folder.path().join("emulator.conf"), configuration(folder.path(), port)).unwrap();
        let mut command = Command::new(&python);
        command.args(["-m", "sushy_tools.emulator.main", "--config"]).arg(folder.path().join("emulator.conf"));
        let mut program = command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        loop {
            let line = lines.next_line().await.unwrap().expect("it says that it runs");
            if line.contains("Running on https://") {
                break;
            }
        }
        // It writes a line for each request; nobody reading them would stop it in the end.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Some(Self { _program: program, _folder: folder, port, fingerprint })
    }

    fn options(&self, system: Option<&str>) -> RedfishOptions {
        let endpoint = format!("https://127.0.0.1:{}", self.port);
        let mut options = RedfishOptions::new(&endpoint, "admin", Secret::new("password"), Trust::Fingerprint(self.fingerprint)).unwrap();
        options.timeouts.settle = Duration::from_millis(300);
        options.timeouts.poll = Duration::from_millis(50);
        options.system = system.map(str::to_owned);
        options
    }
}

/// Its switches take up to eleven seconds, as those of machines do.
const SLOW: Limits = Limits { power: Duration::from_secs(30), look_every: Duration::from_millis(100), ..LIMITS };

#[async_trait::async_trait]
impl Subject for Emulator {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(Machine::new(RedfishDriver::new(self.options(Some("node1"))).unwrap()).with_limits(SLOW))
    }

    fn types(&self) -> Vec<&'static dyn core_model::resource_type::ResourceType> {
        types()
    }

    fn samples(&self) -> Vec<Sample> {
        Vec::new()
    }

    async fn remove_all(&self) {}

    async fn change_by_hand(&self, _sample: &Sample, _path: &str) {}

    async fn make_foreign(&self, _sample: &Sample) {}
}

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

#[tokio::test]
async fn a_machine_is_found_by_its_name_and_never_guessed() {
    let Some(emulator) = Emulator::start().await else { return };
    let probe = emulator.engine().probe().await.unwrap();
    assert_eq!(probe.identity, format!("guid {GUID}"));
    assert_eq!(probe.version, "Redfish on Sushy Emulator unknown, BMC firmware 1.00");
    let any = Machine::new(RedfishDriver::new(emulator.options(None)).unwrap());
    let error = any.probe().await.expect_err("which one?");
    assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
    let stranger =
        RedfishOptions::new(&format!("https://127.0.0.1:{}", emulator.port), "admin", Secret::new("wrong"), Trust::Fingerprint(emulator.fingerprint));
    let error = Machine::new(RedfishDriver::new(stranger.unwrap()).unwrap()).probe().await.expect_err("a wrong password");
    assert_eq!(error.kind, ErrorKind::Unauthorised, "{error}");
    let text = emulator.engine().import().await.unwrap();
    assert!(text.contains(GUID) && text.contains("\"boot\":{\"device\":\"disk\",\"mode\":\"uefi\"}"), "{text}");
}

#[tokio::test]
async fn a_machine_is_switched_and_boots_from_where_it_should() {
    let Some(emulator) = Emulator::start().await else { return };
    let bench = Bench::fresh(&emulator).await;
    let specs = json!({"identity": {"guid": GUID}, "power": "on", "boot": {"device": "pxe", "mode": "legacy"}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!(operations(&bench), ["SetBoot", "SetPower"]);
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
    let again = json!({"power": "on", "boot": {"device": "disk", "mode": "uefi"}, "once": {"token": "a", "identify": 1, "reset": "hard"}});
    let record = apply(&bench, again.clone(), Some(&record)).await.unwrap();
    assert_eq!(operations(&bench)[2..], ["SetBoot", "Identify", "Reset"]);
    // It is off for a while when it is reset.
    let is_back = async { while !planned(&bench, again.clone(), Some(&record)).await.is_empty() {} };
    tokio::time::timeout(SLOW.power, is_back).await.expect("it comes back");
}

/// What it cannot do is said to be so; nothing is silently taken for done.
#[tokio::test]
async fn what_it_cannot_do_is_refused_in_words() {
    let Some(emulator) = Emulator::start().await else { return };
    let bench = Bench::fresh(&emulator).await;
    for (specs, words) in [
        (json!({"once": {"token": "a", "boot": "pxe"}}), "keeps something else"),
        (json!({"boot": {"device": "none"}}), "the target refuses"),
        (json!({"after_power_loss": "on"}), "no such policy by Redfish"),
        (json!({"users": [{"name": "ops", "role": "user", "password": "of-ours"}]}), "does not tell who may log in"),
        (json!({"once": {"token": "a", "clear_events": true}}), "no log of hardware events"),
        (json!({"once": {"token": "a", "reset": "cycle"}}), "does not list this"),
        (json!({"ntp": ["ntp1.acme.lan"]}), "no such setting by Redfish"),
        (json!({"bios": {"SriovGlobalEnable": "Enabled"}}), "does not tell them"),
    ] {
        let error = match specs["once"]["reset"].is_string() {
            // A machine that is off would be switched on instead.
            true => {
                apply(&bench, json!({"power": "on"}), None).await.unwrap();
                apply(&bench, specs.clone(), None).await.expect_err("it cannot")
            }
            false => apply(&bench, specs.clone(), None).await.expect_err("it cannot"),
        };
        eprintln!("sushy-tools' emulator cannot: {specs}: {error}");
        assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        let machine = sample(specs.clone());
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.plan(&machine, &wanted, None).await.expect("a step");
        let told_before = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        let is_listed =
            specs.get("users").is_some() || specs.get("ntp").is_some() || specs.get("bios").is_some() || specs["once"]["reset"].is_string();
        assert_eq!(told_before.len(), usize::from(is_listed), "{specs}: {told_before:?}");
    }
}
