//! Does the engine work on `ipmi_sim`, the BMC of the OpenIPMI project? It has suites up to 14, sensors, events and accounts; it
//! drops the valid, lasting and UEFI bits of boot flags, and knows neither restore policy nor light.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, ErrorKind};
use engine_ipmi::{IpmiOptions, Patience, types};
use serde_json::json;
use tokio::process::{Child, Command};

use super::{ipmitool, program};
use crate::world::{LIMITS, apply, machine, operations, planned, sample};

struct OpenIpmi {
    _program: Child,
    _folder: tempfile::TempDir,
    port: u16,
}

/// What the chassis is asked for: power and resets are kept in files, where the test sees them.
const CHASSIS: &str = r#"#!/bin/sh
state=$(dirname "$0"); shift; operation=$1; shift
echo "$operation $*" >> "$state/calls"
case $operation in
  get) for name in "$@"; do
         case $name in
           power|boot) echo "$name:$(cat "$state/$name")";;
           *) echo "$name:0";;
         esac
       done;;
  set) while [ $# -gt 1 ]; do
         case $1 in
           power|boot) echo "$2" > "$state/$1";;
           shutdown) echo 0 > "$state/power";;
         esac
         shift 2
       done;;
esac
"#;

const SENSORS: &str = "mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nsel_enable 0x20 1000 0x0a\n";

impl OpenIpmi {
    async fn start() -> Option<Self> {
        let program = program("ipmi_sim", "openipmi")?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        write_files(folder.path(), port);
        let mut command = Command::new(program);
        command.args(["-n", "-c"]).arg(folder.path().join("lan.conf")).arg("-f").arg(folder.path().join("bmc.emu")).arg("-s").arg(folder.path());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let started = Self { _program: child, _folder: folder, port };
        // It opens its socket at the last line of its script; until then nobody answers, and the client asks again.
        started.engine_with(Patience { reply: Duration::from_millis(200), tries: 12 }).probe().await.unwrap();
        Some(started)
    }

    fn engine_with(&self, patience: Patience) -> Arc<dyn Engine> {
        let mut options = IpmiOptions::new(&format!("127.0.0.1:{}", self.port), "admin", Secret::new("password")).unwrap();
        options.patience = patience;
        Arc::new(machine(options).with_limits(LIMITS))
    }
}

#[async_trait::async_trait]
impl Subject for OpenIpmi {
    fn engine(&self) -> Arc<dyn Engine> {
        self.engine_with(Patience::default())
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

fn free_port() -> u16 {
    std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn write_files(folder: &Path, port: u16) {
    let chassis = folder.join("chassis");
    std::fs::write(&chassis, CHASSIS).unwrap();
    let mut permissions = std::fs::metadata(&chassis).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    std::fs::set_permissions(&chassis, permissions).unwrap();
    std::fs::write(folder.join("power"), "0\n").unwrap();
    std::fs::write(folder.join("boot"), "none\n").unwrap();
    let methods = "none md2 md5 straight";
    let mut lan = format!("name \"lab\"\nset_working_mc 0x20\n  startlan 1\n    addr 127.0.0.1 {port}\n    priv_limit admin\n");
    for who in ["callback", "user", "operator", "admin"] {
        writeln!(lan, "    allowed_auths_{who} {methods}").unwrap();
    }
    writeln!(lan, "    guid a123456789abcdefa123456789abcdef\n  endlan").unwrap();
    writeln!(lan, "  chassis_control \"{} 0x20\"", chassis.display()).unwrap();
    writeln!(lan, "  user 1 true  \"\"        \"test\"     user     10 {methods}").unwrap();
    writeln!(lan, "  user 2 true  \"admin\"   \"password\" admin    10 {methods}").unwrap();
    std::fs::write(folder.join("lan.conf"), lan).unwrap();
    let mut script = SENSORS.to_owned();
    for (number, name, value, upper_critical) in [(1, "CPU Temp", 45, 100), (2, "Inlet Temp", 55, 50)] {
        script.push_str(&sensor(number, name, value, upper_critical));
    }
    script.push_str("mc_enable 0x20\n");
    std::fs::write(folder.join("bmc.emu"), script).unwrap();
}

/// A temperature, with its record: IPMI 2.0, table 43-1.
fn sensor(number: u8, name: &str, value: u8, upper_critical: u8) -> String {
    let mut body =
        vec![0x20, 0, number, 3, 1, 0x7f, 0x68, 1, 0x01, 0, 0x0e, 0, 0x0e, 0x38, 0x38, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0x03, 40, 80, 1, 0xff, 0];
    body.extend([upper_critical + 10, upper_critical, upper_critical - 10, 0, 0, 0, 1, 1, 0, 0, 0, 0xc0 | name.len() as u8]);
    body.extend(name.as_bytes());
    let record: String = [&[0, 0, 0x51, 0x01, body.len() as u8], &body[..]].concat().iter().map(|byte| format!(" 0x{byte:02x}")).collect();
    let events = "000111111000000";
    format!(
        "sensor_add 0x20 0 {number} 1 0x01\nsensor_set_threshold 0x20 0 {number} settable 111000 {} {upper_critical} {} 0 0 0\n\
         sensor_set_event_support 0x20 0 {number} enable scanning per-state {events} {events} {events} {events}\n\
         sensor_set_value 0x20 0 {number} {value} 0\n\
         main_sdr_add 0x20{record}\n",
        upper_critical + 10,
        upper_critical - 10
    )
}

#[tokio::test]
async fn a_machine_is_switched_and_ipmitool_sees_it() {
    let Some(bmc) = OpenIpmi::start().await else { return };
    let bench = Bench::fresh(&bmc).await;
    let record = apply(&bench, json!({"power": "on"}), None).await.unwrap();
    let text = ipmitool(bmc.port, 3, &["chassis", "power", "status"]).await.unwrap_or_else(|| "Chassis Power is on".to_owned());
    assert!(text.contains("Chassis Power is on"), "{text}");
    let off = json!({"power": "off", "power_off": {"within": 5_000}});
    let record = apply(&bench, off.clone(), Some(&record)).await.unwrap();
    assert_eq!(operations(&bench), ["SetPower", "SetPower"], "asked to shut down, and it did");
    assert_eq!(planned(&bench, off, Some(&record)).await, Vec::<String>::new());
}

#[tokio::test]
async fn accounts_are_made_and_can_log_in() {
    let Some(bmc) = OpenIpmi::start().await else { return };
    let bench = Bench::fresh(&bmc).await;
    let users = json!({"users": [{"name": "ops", "role": "operator", "password": "of-ours"}]});
    let record = apply(&bench, users.clone(), None).await.unwrap();
    assert_eq!(planned(&bench, users, Some(&record)).await, Vec::<String>::new());
    let mut options = IpmiOptions::new(&format!("127.0.0.1:{}", bmc.port), "ops", Secret::new("of-ours")).unwrap();
    options.privilege = engine_ipmi::Privilege::Operator;
    machine(options).probe().await.unwrap();
}

#[tokio::test]
async fn what_the_sensors_say_is_told() {
    let Some(bmc) = OpenIpmi::start().await else { return };
    let bench = Bench::fresh(&bmc).await;
    let notes = bench.observe(&[&sample(json!({"power": "on"}))]).await.notes;
    assert!(notes.contains(&"`Inlet Temp` is above its upper critical limit".to_owned()), "{notes:?}");
    assert!(!notes.iter().any(|note| note.contains("CPU Temp")), "{notes:?}");
}

/// What it cannot do is said to be so; nothing is silently taken for done.
#[tokio::test]
async fn what_it_cannot_do_is_refused_in_words() {
    let Some(bmc) = OpenIpmi::start().await else { return };
    let bench = Bench::fresh(&bmc).await;
    for (specs, words) in [
        (json!({"boot": {"device": "pxe", "mode": "uefi"}}), "keeps something else"),
        (json!({"after_power_loss": "on"}), "does not know the command"),
    ] {
        let error = apply(&bench, specs.clone(), None).await.expect_err("it cannot");
        eprintln!("ipmi_sim cannot: {specs}: {error}");
        assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}
