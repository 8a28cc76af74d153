//! Does the engine keep the contract on a cluster that somebody else imagined? The suite on PyPI `fakepve`, as far as that models
//! what the cases are about.
//!
//! `fakepve` is a program of its own; nothing of it is in this repository. Where it is not installed, the test says so.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use core_model::Secret;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, CASES, Sample, Subject, canary};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::{Compute, Credential, Proxmox, ProxmoxOptions};
use engine_tls::Trust;
use serde_json::{Value, json};

use crate::trial::{carry_out, wishes};
use crate::world::OWNER;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TOKEN: (&str, &str) = ("root@pam!ci", "11111111-2222-3333-4444-555555555555");

/// Cases that are not run here, and why. Fields are left out of the sample for these reasons: `fakepve` copies no templates with
/// their disks' sizes, does not grow, move or detach disks, shows a running machine without what waits, and has no cloud-init
/// drive, so that machines are made from nothing and stay off.
const LEFT_OUT: &[(&str, &str)] =
    &[("every_field_is_exercised", "the fields that fakepve does not model are exercised on the simulator of tests/sim-proxmox")];

struct FakePve {
    child: Child,
    keyboard: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    url: String,
    fingerprint: String,
}

impl Drop for FakePve {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn interpreter() -> String {
    std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn is_installed() -> bool {
    Command::new(interpreter()).args(["-c", "import fakepve"]).output().is_ok_and(|output| output.status.success())
}

impl FakePve {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxmox/fakepve_lab.py");
        let mut child = Command::new(interpreter()).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["ready", url, fingerprint] = words[..] else { panic!("fakepve said {line:?}") };
        let (url, fingerprint) = (url.to_owned(), fingerprint.to_owned());
        Self { keyboard: Mutex::new((child.stdin.take().unwrap(), said)), child, url, fingerprint }
    }

    /// What a person does there, until it is done.
    fn by_hand(&self, order: &Value) {
        let mut keyboard = self.keyboard.lock().unwrap();
        writeln!(keyboard.0, "{order}").unwrap();
        let mut answer = String::new();
        keyboard.1.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), "done", "{order}");
    }

    fn engine_with(&self, edit: impl FnOnce(&mut ProxmoxOptions)) -> Proxmox {
        let pairs: Vec<&str> = (0..32).map(|index| &self.fingerprint[index * 2..index * 2 + 2]).collect();
        let credential = Credential::new(TOKEN.0, Secret::new(TOKEN.1)).unwrap();
        let trust = Trust::Fingerprint(pairs.join(":").parse().unwrap());
        let mut options = ProxmoxOptions::new(vec![self.url.clone()], credential, trust, OWNER);
        options.timeouts.poll = Duration::from_millis(1);
        options.disk_storage = Some("local-lvm".to_owned());
        edit(&mut options);
        Proxmox::connect(options).unwrap()
    }
}

/// Made from nothing and left off.
fn sample() -> Sample {
    let values = json!({
        "specs": {
            "cpu": 4_000, "sockets": 2, "cpu_type": "host", "memory": GIB, "balloon": 512 * MIB, "numa": true, "storage": 10 * GIB,
            "network": {"bridge": "vmbr0", "vlan": 20, "model": "e1000", "mac": "BC:24:11:00:00:01", "firewall": true, "mtu": 1400},
            "user": {"name": "ops", "password": canary(), "ssh_keys": ["ssh-ed25519 AAAA ops@example"]},
            "dns": {"servers": ["10.0.0.1"], "domain": "acme.example"},
            "power": "off", "os_type": "win11", "scsi_controller": "virtio-scsi-pci", "agent": true, "onboot": true,
            "startup": {"order": 1, "up": 30_000}, "protection": false,
        },
        "metadata": {"node": "pve1", "pool": "prod", "tags": ["web", "debian"], "notes": "Ask ops first."},
    });
    Sample::new(&Compute, "web-01", values)
        .update("specs.cpu", json!(6_000))
        .update("specs.cpu_type", json!("x86-64-v2-AES"))
        .update("specs.memory", json!(2 * GIB))
        .update("specs.balloon", json!(768 * MIB))
        .update("specs.numa", json!(false))
        .update("specs.network.vlan", json!(21))
        .update("specs.network.model", json!("virtio"))
        .update("specs.network.firewall", json!(false))
        .update("specs.user.name", json!("admin"))
        .update("specs.user.password", json!("not a secret any more"))
        .update("specs.dns.servers", json!(["10.0.0.3"]))
        .update("specs.agent", json!(false))
        .update("specs.onboot", json!(false))
        .update("specs.startup.order", json!(2))
        .update("metadata.pool", json!("dev"))
        .update("metadata.tags", json!(["debian"]))
        .update("metadata.notes", json!("Ask nobody."))
        .unset("specs.cpu_type")
        .unset("specs.memory")
        .unset("specs.balloon")
        .unset("specs.numa")
        .unset("specs.network.vlan")
        .unset("specs.network.firewall")
        .unset("specs.user.name")
        .unset("specs.dns.servers")
        .unset("specs.agent")
        .unset("specs.onboot")
        .unset("specs.startup.up")
        .unset("metadata.pool")
        .unset("metadata.tags")
        .unset("metadata.notes")
        .by_hand("specs.memory")
        .by_hand("metadata.pool")
}

#[async_trait]
impl Subject for FakePve {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.engine_with(|_| ()))
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        vec![&Compute]
    }

    fn samples(&self) -> Vec<Sample> {
        vec![sample()]
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.by_hand(&json!({"do": "reset"}));
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        match path {
            "specs.memory" => self.by_hand(&json!({"do": "set", "name": sample.object, "option": "memory", "value": "3072"})),
            "metadata.pool" => self.by_hand(&json!({"do": "leave-pools"})),
            other => panic!("nobody changes `{other}` by hand"),
        }
    }

    async fn make_foreign(&self, sample: &Sample) {
        self.by_hand(&json!({"do": "foreign", "name": sample.object}));
    }

    async fn hide(&self, sample: &Sample) -> bool {
        self.by_hand(&json!({"do": "hide", "name": sample.object}));
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        let create = async || {
            let sample = sample();
            let wanted = bench.resolve(&sample, &sample.values).await;
            (bench.plan(&sample, &wanted, None).await.expect("a step"), sample)
        };
        match kind {
            ErrorKind::Unreachable => self.engine_with(|options| options.endpoints = vec!["https://127.0.0.1:1".to_owned()]).probe().await.err(),
            ErrorKind::Unauthorised => {
                let wrong = Credential::new(TOKEN.0, Secret::new("22222222-2222-3333-4444-555555555555")).unwrap();
                self.engine_with(|options| options.credential = wrong).probe().await.err()
            }
            ErrorKind::Busy => {
                let (order, _) = create().await;
                self.by_hand(&json!({"do": "quorum-lost"}));
                bench.carry_out(&order).await.err()
            }
            ErrorKind::Conflict => {
                let (order, sample) = create().await;
                self.make_foreign(&sample).await;
                bench.carry_out(&order).await.err()
            }
            ErrorKind::NotFound => bench.engine.resolve("compute", "no-such-system").await.err(),
            _ => None,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_on_a_cluster_that_others_imagined() {
    if !is_installed() {
        eprintln!("NOT TESTED: the engine against the independent fake `fakepve`. `{}` cannot import it. Hint: see .ci/install", interpreter());
        return;
    }
    let fake = FakePve::start();
    let is_left_out = |name: &str| LEFT_OUT.iter().any(|(left_out, _)| *left_out == name);
    assert!(LEFT_OUT.iter().all(|(left_out, _)| CASES.iter().any(|case| case.name == *left_out)), "a case that is left out does not exist");
    for case in CASES.iter().filter(|case| !is_left_out(case.name)) {
        eprintln!("{}", case.name);
        (case.run)(&fake).await;
    }
}

/// The stages that it models, from an empty disk: it neither copies templates, nor tells how large a disk is that came later, nor
/// moves a guest's disks, and has no container of ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_is_carried_out_on_a_cluster_that_others_imagined() {
    if !is_installed() {
        eprintln!("NOT TESTED: the trial against the independent fake `fakepve`. `{}` cannot import it. Hint: see .ci/install", interpreter());
        return;
    }
    let fake = FakePve::start();
    let bench = Bench::fresh(&fake).await;
    let mut trial = bench.engine.trial(&wishes(&[("os", "none"), ("container_os", "none")])).await.unwrap().unwrap();
    for resource in trial.stages.iter_mut().flat_map(|stage| &mut stage.resources) {
        resource["specs"].as_object_mut().unwrap().remove("disks");
        resource["metadata"]["node"] = json!("pve1");
    }
    let done = carry_out(&bench, &trial, &["create", "change", "start"]).await;
    assert_eq!(done.len(), 3, "{done:?}");
    assert!(done[0] == "create ipr-acceptance-vm" && done[1] == "update ipr-acceptance-vm", "{done:?}");
    let checks = bench.engine.checkup().await.unwrap().checks;
    assert!(checks.iter().any(|check| check.text.contains("the node `pve1` is online")), "{checks:?}");
}
