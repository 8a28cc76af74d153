//! What becomes of disks that move and grow while something else of them changes? Proxmox writes a move and a growth at once, and
//! keeps what waits for a restart as an older text beside it.

use core_model::plan::Action;
use core_model::record::AppliedResource;
use engine_api::ErrorKind;
use engine_api::contract::{Bench, Sample};
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch};

use crate::containers::ContainerSubject;
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, container, machine, plan, refused};

const GIB: u64 = 1 << 30;

fn with(specs: Value) -> Sample {
    let mut all = json!({"os": "debian-13"});
    all.as_object_mut().unwrap().extend(specs.as_object().cloned().unwrap());
    machine("db-01", json!({"specs": all}))
}

fn disk(size: u64, storage: &str, cache: &str) -> Value {
    json!({"disks": {"scsi1": {"size": size, "storage": storage, "cache": cache}}})
}

async fn problems(bench: &Bench<'_>, sample: &Sample, record: &AppliedResource) -> Vec<String> {
    let (order, _) = plan(bench, sample, Some(record)).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    problems.into_iter().map(|problem| problem.detail).collect()
}

/// Another cache mode waits for the restart that the step makes, and must not bring the old volume and the old size back.
#[tokio::test]
async fn a_disk_moves_and_grows_with_what_waits_for_the_restart() {
    let subject = ProxmoxSubject::new().await;
    for (size, storage) in [(GIB, "fast"), (3 * GIB, "local-lvm"), (3 * GIB, "fast")] {
        let bench = bench(&subject).await;
        let (_, record) = bring(&bench, &with(disk(GIB, "local-lvm", "none")), None).await;
        let (action, _) = bring(&bench, &with(disk(size, storage, "writeback")), Some(&record)).await;
        assert_eq!(action, Some(Action::Restart));
        let (runs, text) = subject.world.guest("db-01", |_, guest| (guest.is_running(), guest.config["scsi1"].clone()));
        assert!(runs && text.starts_with(storage) && text.contains("cache=writeback"), "it runs: {runs}; {text}");
        assert!(text.contains(&format!("size={}G", size / GIB)), "{text}");
        assert_eq!(subject.world.option("db-01", "unused0"), None);
    }
}

/// The step breaks off before its restart, and is carried out again.
#[tokio::test]
async fn a_step_that_broke_off_before_its_restart_goes_on() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &with(disk(GIB, "local-lvm", "none")), None).await;
    let after = with(disk(3 * GIB, "fast", "writeback"));
    let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
    subject.world.cluster.fail(FaultMatch::new("POST", "/status/reboot"), Fault::StatusBefore(500, "no".to_owned()), 1);
    refused(&bench, &order).await;
    bench.must(&after, &order).await;
    let (runs, text) = subject.world.guest("db-01", |_, guest| (guest.is_running(), guest.config["scsi1"].clone()));
    assert!(runs && text.starts_with("fast:") && text.contains("size=3G") && text.contains("cache=writeback"), "it runs: {runs}; {text}");
}

/// What an earlier step wrote, and what nobody restarted the machine for, names the old volume: a move would free it.
#[tokio::test]
async fn a_disk_on_which_something_waits_neither_moves_nor_grows() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let never = |disk: Value| {
        let mut specs = disk;
        specs["restart"] = json!("never");
        with(specs)
    };
    let (_, record) = bring(&bench, &never(disk(GIB, "local-lvm", "none")), None).await;
    let (action, record) = bring(&bench, &never(disk(GIB, "local-lvm", "writeback")), Some(&record)).await;
    assert_eq!(action, Some(Action::Update));
    let text = subject.world.option("db-01", "scsi1");
    for (after, path) in [(disk(GIB, "fast", "writeback"), "storage"), (disk(2 * GIB, "local-lvm", "writeback"), "size")] {
        let after = never(after);
        let told = problems(&bench, &after, &record).await;
        assert!(told.len() == 1 && told[0].starts_with(&format!("`specs.disks.scsi1.{path}`: a change of `disks.scsi1` waits")), "{told:?}");
        let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
        let error = refused(&bench, &order).await;
        assert!(error.kind == ErrorKind::Conflict && error.message.contains("waits for the machine's next restart"), "{error}");
        assert_eq!(subject.world.option("db-01", "scsi1"), text, "it was touched");
    }
    // Somebody restarts it.
    subject.world.by_hand("db-01", |guest| guest.config.extend(std::mem::take(&mut guest.pending)));
    bring(&bench, &never(disk(2 * GIB, "fast", "writeback")), Some(&record)).await;
}

/// The size of the first disk is also said by `storage`.
#[tokio::test]
async fn a_first_disk_on_which_something_waits_does_not_grow() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sized = |bytes: u64| with(json!({"storage": bytes}));
    let (_, record) = bring(&bench, &sized(20 * GIB), None).await;
    subject.world.by_hand("db-01", |guest| {
        let text = format!("{},ssd=1", guest.config["scsi0"]);
        guest.pending.insert("scsi0".to_owned(), text);
    });
    let told = problems(&bench, &sized(30 * GIB), &record).await;
    assert!(told.len() == 1 && told[0].starts_with("`specs.storage`: a change of `disks.scsi0` waits"), "{told:?}");
}

/// The same for a container, whose mount point goes to another path at its next start.
#[tokio::test]
async fn a_mount_point_grows_with_what_waits_for_the_restart() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let with = |path: &str, bytes: u64| container("dns-01", json!({"specs": {"os": "debian-12", "mounts": {"mp0": {"path": path, "size": bytes}}}}));
    let (_, record) = bring(&bench, &with("/srv", GIB), None).await;
    let after = with("/data", 2 * GIB);
    let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Restart);
    // It breaks off on the way, and nothing is done twice.
    subject.world.cluster.fail(FaultMatch::new("POST", "/status/reboot"), Fault::StatusBefore(500, "no".to_owned()), 1);
    refused(&bench, &order).await;
    bench.must(&after, &order).await;
    let text = subject.world.option("dns-01", "mp0").unwrap();
    assert!(text.contains("mp=/data") && text.contains("size=2G"), "{text}");
    subject.world.by_hand("dns-01", |guest| drop(guest.pending.insert("mp0".to_owned(), text.replace("/data", "/other"))));
    let record = bench.maker.record(&after, &bench.resolve(&after, &after.values).await);
    let told = problems(&bench, &with("/other", 3 * GIB), &record).await;
    assert!(told.len() == 1 && told[0].starts_with("`specs.mounts.mp0.size`: a change of `mounts.mp0` waits"), "{told:?}");
}

/// Proxmox does not move a TPM's state while the machine runs.
#[tokio::test]
async fn the_state_of_a_tpm_moves_while_the_machine_is_off() {
    let subject = ProxmoxSubject::new().await;
    for power in ["on", "off"] {
        let bench = bench(&subject).await;
        let on = |storage: &str, restart: &str| {
            with(json!({"bios": "ovmf", "efi": {"storage": "local-lvm"}, "tpm": {"storage": storage}, "power": power, "restart": restart}))
        };
        let (_, record) = bring(&bench, &on("local-lvm", "when-needed"), None).await;
        if power == "on" {
            let told = problems(&bench, &on("fast", "never"), &record).await;
            assert!(told.len() == 1 && told[0].starts_with("`specs.tpm.storage`") && told[0].contains("restart: never"), "{told:?}");
        }
        let (action, _) = bring(&bench, &on("fast", "when-needed"), Some(&record)).await;
        assert_eq!(action, Some(if power == "on" { Action::Restart } else { Action::Update }));
        let (runs, state) = subject.world.guest("db-01", |_, guest| (guest.is_running(), guest.config["tpmstate0"].clone()));
        assert!(runs == (power == "on") && state.starts_with("fast:"), "{power}: {runs} {state}");
    }
}
