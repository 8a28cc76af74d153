//! Is there a snapshot before a change that asks for one, is it the only one of ours, and does the plan say what is in its way?

use core_model::plan::{Action, Step};
use core_model::record::AppliedResource;
use engine_api::ErrorKind;
use engine_api::Order;
use engine_api::contract::{Bench, Interruption, Moment, Resolved, Sample, Subject};
use serde_json::{Value, json};
use test_sim_proxmox::{Snapshot, Storage};

use crate::containers::ContainerSubject;
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, container, machine, plan, refused};
use crate::wire::{documented_privileges, log_in_as_ipr};
use crate::world::World;

const GIB: u64 = 1 << 30;

fn specs(memory: u64, more: Value) -> Value {
    let mut specs = json!({"os": "debian-13", "memory": memory, "storage": 10 * GIB, "snapshot_before": "risky"});
    specs.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"specs": specs})
}

fn web(memory: u64, more: Value) -> Sample {
    machine("web-01", specs(memory, more))
}

/// The names of a guest's snapshots.
fn kept(world: &World, name: &str) -> Vec<String> {
    world.guest(name, |_, guest| guest.snapshots.keys().cloned().collect())
}

fn name_of(step: &Step) -> String {
    format!("ipr-{}", &step.digest.as_str()[..16])
}

async fn change(bench: &Bench<'_>, sample: &Sample, record: &AppliedResource) -> (Order, AppliedResource) {
    let (order, wanted): (Order, Resolved) = plan(bench, sample, Some(record)).await.unwrap();
    bench.must(sample, &order).await;
    let record = bench.maker.record(sample, &wanted);
    bench.assert_settled(sample, &record, "after it was changed").await;
    (order, record)
}

async fn problems(bench: &Bench<'_>, order: &Order) -> Vec<String> {
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    problems.into_iter().map(|problem| format!("{} ({})", problem.detail, problem.hint.unwrap_or_default())).collect()
}

fn by_hand() -> Snapshot {
    Snapshot { config: Default::default(), description: "Mine.".to_owned(), taken_s: 1, with_memory: false, parent: None }
}

/// The story of one guest: the plan names the snapshot, it holds what was before, and the record names it.
async fn story(subject: &dyn Subject, world: &World, sample: impl Fn(Value) -> Sample) {
    let bench = bench(subject).await;
    let name = sample(json!({})).object;
    let (_, record) = bring(&bench, &sample(json!({})), None).await;
    assert_eq!(kept(world, &name), [""; 0]);
    world.by_hand(&name, |guest| _ = guest.snapshots.insert("before-the-holidays".to_owned(), by_hand()));
    let cpu = |number: u64| json!({"memory": number * GIB});
    let (order, record) = change(&bench, &sample(cpu(2)), &record).await;
    let first = name_of(&order.step);
    let remark = format!("the snapshot `{first}` is taken first, in place of an older one of ours");
    assert!(sample(json!({})).kind.remarks(&order.step).contains(&remark));
    assert_eq!(kept(world, &name), ["before-the-holidays", &first]);
    let memory = world.guest(&name, |_, guest| guest.snapshots[&first].config["memory"].clone());
    assert_eq!(memory, "1024");
    assert_eq!(bench.engine.pending(&order).await.unwrap().as_deref(), Some(format!("the snapshot `{first}` holds what was before").as_str()));
    // Another risky change has a snapshot of its own, and ours is one; what is not ours stays.
    let (order, record) = change(&bench, &sample(json!({"memory": 2 * GIB, "storage": 12 * GIB})), &record).await;
    assert_eq!(kept(world, &name), ["before-the-holidays", &name_of(&order.step)]);
    // What can hardly hurt has none, and what the record alone keeps never.
    let harmless = json!({"memory": 2 * GIB, "storage": 12 * GIB, "onboot": true, "ready": {"within": 1_000}});
    let (quiet, record) = change(&bench, &sample(harmless.clone()), &record).await;
    assert_eq!((bench.engine.pending(&quiet).await.unwrap(), sample(json!({})).kind.remarks(&quiet.step)), (None, Vec::new()));
    assert_eq!(kept(world, &name), ["before-the-holidays", &name_of(&order.step)]);
    let mut always = harmless;
    always["snapshot_before"] = json!("always");
    let (_, record) = change(&bench, &sample(always.clone()), &record).await;
    assert_eq!(kept(world, &name), ["before-the-holidays", &name_of(&order.step)]);
    always["onboot"] = json!(false);
    let (order, _) = change(&bench, &sample(always), &record).await;
    assert_eq!(kept(world, &name), ["before-the-holidays", &name_of(&order.step)]);
}

#[tokio::test]
async fn a_machine_has_a_snapshot_before_a_risky_change() {
    let subject = ProxmoxSubject::new().await;
    story(&subject, &subject.world, |more| web(GIB, more)).await;
}

#[tokio::test]
async fn a_container_has_a_snapshot_before_a_risky_change() {
    let subject = ContainerSubject::new().await;
    let sample = |more: Value| {
        // What restarts a container: its memory does not.
        let zone = if more.get("memory").is_some() { "Europe/Rome" } else { "host" };
        let mut specs = specs(GIB, more);
        specs["specs"]["timezone"] = json!(zone);
        container("dns-01", specs)
    };
    story(&subject, &subject.world, sample).await;
}

/// The snapshot of a step that was interrupted holds what was before the step, not what is half done.
#[tokio::test]
async fn a_step_that_comes_again_keeps_its_snapshot() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let (_, record) = bring(&bench, &web(GIB, json!({})), None).await;
    let (order, _) = plan(&bench, &web(2 * GIB, json!({})), Some(&record)).await.unwrap();
    let configured = Interruption { moment: Moment::StoppedAfter, call: 2 };
    assert!(bench.interrupt(&order, configured).await.reached);
    bench.carry_out(&order).await.unwrap();
    let kept = subject.world.guest("web-01", |_, guest| guest.snapshots[&name_of(&order.step)].config["memory"].clone());
    assert_eq!(kept, "1024");
    // And once all is done, the same step does nothing.
    let calls = bench.journal.entries().len();
    bench.carry_out(&order).await.unwrap();
    assert_eq!(bench.journal.entries().len(), calls);
}

/// Off, on, off: the third step is the first one word for word, and its snapshot is not.
#[tokio::test]
async fn the_same_change_a_second_time_has_a_snapshot_of_its_own() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let power = |word: &str| web(GIB, json!({"power": word}));
    let (_, record) = bring(&bench, &power("on"), None).await;
    let (first, record) = change(&bench, &power("off"), &record).await;
    let name = name_of(&first.step);
    subject.world.by_hand("web-01", |guest| guest.snapshots.get_mut(&name).unwrap().with_memory = true);
    let (_, record) = change(&bench, &power("on"), &record).await;
    let (third, _) = change(&bench, &power("off"), &record).await;
    assert_eq!(third.step.digest, first.step.digest);
    assert!(!subject.world.guest("web-01", |_, guest| guest.snapshots[&name].with_memory), "it is the first one's");
}

#[tokio::test]
async fn a_machine_that_is_made_anew_takes_its_snapshots_with_it_and_the_plan_says_so() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &web(GIB, json!({})), None).await;
    let (order, _) = plan(&bench, &web(GIB, json!({"os": "debian-12"})), Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Replace);
    let said = web(GIB, json!({})).kind.remarks(&order.step);
    assert_eq!(said, ["no snapshot is taken, for it would go with the machine that is replaced: `snapshot_before` is no backup"]);
    bench.must(&web(GIB, json!({})), &order).await;
    assert_eq!(kept(&subject.world, "web-01"), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_is_said_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    subject.world.cluster.change(|world| {
        let plain = [("type", "dir"), ("path", "/srv/plain"), ("content", "images")];
        world.storages.insert("plain".to_owned(), Storage::new(&plain));
    });
    let on_files = |memory: u64| web(memory, json!({"disks": {"scsi1": {"size": GIB, "storage": "plain"}}}));
    let (_, record) = bring(&bench, &on_files(GIB), None).await;
    let (order, _) = plan(&bench, &on_files(2 * GIB), Some(&record)).await.unwrap();
    let hint = "put its disks on LVM-thin, ZFS or Ceph, or into qcow2 files; or set `snapshot_before: never`";
    let expected = format!("`specs.snapshot_before`: a disk of `web-01` cannot be in a snapshot; they are on `local-lvm`, `plain`. ({hint})");
    assert_eq!(problems(&bench, &order).await, [expected]);
    let error = refused(&bench, &order).await;
    assert!(error.message.contains("snapshot feature is not available"), "{error}");
    assert_eq!(subject.world.option("web-01", "memory").as_deref(), Some("1024"), "nothing was changed without it");
    let mut privileges = documented_privileges();
    assert!(privileges.remove("VM.Snapshot"));
    bench.engine = std::sync::Arc::new(log_in_as_ipr(&subject.world, privileges));
    let said = problems(&bench, &order).await;
    assert!(said.iter().any(|said| said.starts_with("`specs.snapshot_before`: the token or user lacks `VM.Snapshot` on `/vms/")), "{said:?}");
}

/// Proxmox moves no disk that is in a snapshot, whosever that is.
#[tokio::test]
async fn a_disk_that_moves_has_no_snapshot() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |storage: &str, before: &str| web(GIB, json!({"disks": {"scsi0": {"storage": storage}}, "snapshot_before": before}));
    let (_, record) = bring(&bench, &on("local-lvm", "risky"), None).await;
    let (order, _) = plan(&bench, &on("fast", "risky"), Some(&record)).await.unwrap();
    let never = "set `snapshot_before: never` for this change";
    let expected = format!("`specs.disks.scsi0.storage`: Proxmox moves no disk that is in a snapshot, and `snapshot_before` takes one. ({never})");
    assert_eq!(problems(&bench, &order).await, [expected]);
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Rejected);
    assert_eq!(kept(&subject.world, "web-01"), [""; 0]);
    let (order, _) = plan(&bench, &on("fast", "never"), Some(&record)).await.unwrap();
    assert_eq!(problems(&bench, &order).await, [""; 0]);
    let vmid = subject.world.guest("web-01", |vmid, _| vmid);
    subject.world.by_hand("web-01", |guest| {
        let config = guest.config.clone();
        guest.snapshots.insert("mine".to_owned(), Snapshot { config, ..by_hand() });
    });
    let expected = format!(
        "`specs.disks.scsi0.storage`: the disk is in the snapshot `mine`, and Proxmox moves none that is in one. \
         (delete the snapshot first: qm delsnapshot {vmid} mine)"
    );
    assert_eq!(problems(&bench, &order).await, [expected]);
    assert!(refused(&bench, &order).await.message.contains("you can't move a disk with snapshots"));
}

/// A guest that goes to another node with its disks cannot be in a snapshot either.
#[tokio::test]
async fn disks_that_go_to_another_node_are_in_no_snapshot() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |node: &str| {
        let mut values = specs(GIB, json!({"snapshot_before": "always"}));
        values["metadata"] = json!({"node": node});
        machine("web-01", values)
    };
    let (_, record) = bring(&bench, &on("pve1"), None).await;
    let (order, _) = plan(&bench, &on("pve2"), Some(&record)).await.unwrap();
    let said = problems(&bench, &order).await;
    let expected = "`specs.snapshot_before`: the disks on `local-lvm` go to the other node with it, which those in a snapshot do not.";
    assert!(said.len() == 1 && said[0].starts_with(expected), "{said:?}");
}

#[tokio::test]
async fn a_snapshot_of_somebody_else_under_our_name_stops_the_step() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &web(GIB, json!({})), None).await;
    let (order, _) = plan(&bench, &web(2 * GIB, json!({})), Some(&record)).await.unwrap();
    let name = name_of(&order.step);
    subject.world.by_hand("web-01", |guest| _ = guest.snapshots.insert(name.clone(), by_hand()));
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert_eq!(kept(&subject.world, "web-01"), [name]);
}

/// While a snapshot is being taken nothing is changed, and nobody waits for ever.
#[tokio::test]
async fn a_snapshot_that_never_ends_is_not_waited_for_without_end() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let (_, record) = bring(&bench, &web(GIB, json!({})), None).await;
    let (order, _) = plan(&bench, &web(2 * GIB, json!({})), Some(&record)).await.unwrap();
    let mut options = subject.world.options();
    options.timeouts.copy = std::time::Duration::from_millis(5);
    bench.engine = std::sync::Arc::new(engine_proxmox::Proxmox::connect(options).unwrap());
    subject.world.by_hand("web-01", |guest| _ = guest.config.insert("lock".to_owned(), "snapshot".to_owned()));
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Busy);
    subject.world.by_hand("web-01", |guest| _ = guest.config.remove("lock"));
    bench.must(&web(2 * GIB, json!({})), &order).await;
}
