//! What do users of other tools complain of, and what happens here instead? docs/engines/proxmox.md has the numbers.

use core_model::plan::Action;
use core_model::state::Sight;
use futures::future::join_all;
use serde_json::json;
use test_sim_proxmox::{ClockSource, Fault, FaultMatch, Guest, GuestKind, Timing};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan, refused};

const GIB: u64 = 1 << 30;

/// bpg #2902, #932, Telmate #256, #757: an update that looked harmless restarted machines.
#[tokio::test]
async fn an_update_never_restarts_and_says_what_waits() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let before = machine("web-01", json!({"specs": {"os": "debian-13", "memory": GIB, "restart": "never"}}));
    let (_, record) = bring(&bench, &before, None).await;
    let since = subject.world.guest("web-01", |_, guest| guest.running.as_ref().map(|running| running.since_ms));
    let after = machine("web-01", json!({"specs": {"os": "debian-13", "memory": 2 * GIB, "restart": "never"}}));
    let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Update);
    bench.must(&after, &order).await;
    assert_eq!(subject.world.guest("web-01", |_, guest| guest.running.as_ref().map(|running| running.since_ms)), since, "it was restarted");
    let waiting = bench.engine.pending(&order).await.unwrap();
    assert_eq!(waiting.as_deref(), Some("`memory` waits for the machine's next restart"));
}

/// bpg #2516, #2544, Telmate #1526: a restart was needed, and did not come.
#[tokio::test]
async fn a_restart_is_announced_and_happens() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &machine("web-01", json!({"specs": {"os": "debian-13", "memory": GIB}})), None).await;
    let after = machine("web-01", json!({"specs": {"os": "debian-13", "memory": 2 * GIB}}));
    let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Restart);
    bench.must(&after, &order).await;
    let running = subject.world.guest("web-01", |_, guest| guest.running.as_ref().and_then(|running| running.config.get("memory").cloned()));
    assert_eq!(running.as_deref(), Some("2048"));
    assert_eq!(bench.engine.pending(&order).await.unwrap(), None);
}

/// A machine that is off, or that plugs memory while it runs, is not told to restart.
#[tokio::test]
async fn no_restart_is_announced_where_none_is_needed() {
    let subject = ProxmoxSubject::new().await;
    for specs in [json!({"power": "off"}), json!({"numa": true, "hotplug": ["disk", "memory", "network", "usb"]})] {
        let bench = bench(&subject).await;
        let with_memory = |bytes: u64| {
            let mut specs = specs.clone();
            specs["memory"] = json!(bytes);
            specs["os"] = json!("debian-13");
            machine("web-01", json!({"specs": specs}))
        };
        let (_, record) = bring(&bench, &with_memory(GIB), None).await;
        let (order, _) = plan(&bench, &with_memory(2 * GIB), Some(&record)).await.unwrap();
        assert_eq!(order.step.action, Action::Update, "{specs}");
        bench.must(&with_memory(2 * GIB), &order).await;
        assert_eq!(bench.engine.pending(&order).await.unwrap(), None, "{specs}");
    }
}

/// bpg #391, #1534, #2081, #1256, Telmate #76, #168, #1031, #1127: HA or a person moved it, and the tool made it anew.
#[tokio::test]
async fn a_machine_that_was_moved_is_no_drift() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}, "metadata": {"node": "pve1"}}));
    let (_, record) = bring(&bench, &sample, None).await;
    subject.world.by_hand("web-01", |guest| guest.node = "pve3".to_owned());
    bench.assert_settled(&sample, &record, "after it was moved by hand").await;
}

/// The same: a new node in the blueprint is a migration, and the machine keeps its number and its disks.
#[tokio::test]
async fn a_new_node_is_a_migration() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    // Its cloud-init drive is on local storage, and made anew on the other node.
    let on = |node: &str| machine("web-01", json!({"specs": {"os": "debian-13", "user": {"name": "ops"}}, "metadata": {"node": node}}));
    let (_, record) = bring(&bench, &on("pve1"), None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    let (order, _) = plan(&bench, &on("pve2"), Some(&record)).await.unwrap();
    assert_eq!((order.step.action, bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap()), (Action::Update, vec![]));
    bench.must(&on("pve2"), &order).await;
    assert_eq!(subject.world.guest("web-01", |vmid, guest| (vmid, guest.node.clone())), (number, "pve2".to_owned()));
    assert!(subject.world.guest("web-01", |_, guest| guest.is_running()), "it was stopped");
}

/// bpg #2071: a change of the first boot's data replaced the machine.
#[tokio::test]
async fn what_runs_at_the_first_boot_replaces_nothing() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let with = |package: &str| machine("web-01", json!({"specs": {"os": "debian-13", "packages": [package]}}));
    let (_, record) = bring(&bench, &with("nginx"), None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    let calls = bench.journal.calls();
    let (action, _) = bring(&bench, &with("caddy"), Some(&record)).await;
    assert_eq!((action, bench.journal.calls()), (Some(Action::Update), calls), "the record alone changes");
    assert_eq!(subject.world.guest("web-01", |vmid, _| vmid), number);
}

/// bpg #995, #186, #1521, #1929, Telmate #173, #431, #705, #1069: more than one machine at a time failed on locks.
#[tokio::test]
async fn many_machines_at_once_meet_no_failed_lock() {
    const MACHINES: usize = 12;
    let subject = ProxmoxSubject::with_clock(ClockSource::Scaled(400.0)).await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.timing = Timing::default());
    let samples: Vec<_> =
        (0..MACHINES).map(|index| machine(&format!("web-{index}"), json!({"specs": {"os": "debian-13", "storage": 10 * GIB}}))).collect();
    join_all(samples.iter().map(|sample| bring(&bench, sample, None))).await;
    let (failed, clones) = subject.world.cluster.inspect(|world| {
        let failed: Vec<String> = world.tasks.iter().filter_map(|task| task.exit_status.clone()).filter(|status| status != "OK").collect();
        (failed, world.concurrency().tasks_max_by_kind.get("qmclone").copied())
    });
    assert_eq!(failed, [""; 0]);
    assert!(clones.is_some_and(|clones| (2..=4).contains(&clones)), "{clones:?} clones ran at the same time");
}

/// Telmate #459: somebody else took the number in between, and their machine was overwritten.
#[tokio::test]
async fn a_number_that_is_taken_in_between_is_left_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    bring(&bench, &sample, None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    subject.world.reset();
    let (order, _) = plan(&bench, &sample, None).await.unwrap();
    // The list does not show the other machine yet; the call finds it.
    let taken = Fault::StatusBefore(500, format!("unable to create VM {number}: config file already exists"));
    subject.world.cluster.fail(FaultMatch::new("POST", "/clone"), taken, 1);
    bench.must(&sample, &order).await;
    let second = subject.world.guest("web-01", |vmid, _| vmid);
    assert_ne!(second, number);
    subject.world.reset();
    subject.world.cluster.change(|world| world.add_vm(number, "somebody-else", "pve1", true, &[]));
    bench.must(&sample, &order).await;
    assert_eq!(subject.world.guest("somebody-else", |vmid, guest| (vmid, guest.is_running())), (number, true));
    assert_eq!(subject.world.guest("web-01", |vmid, _| vmid), second);
}

/// bpg #247, #781, #1889, #2225, Telmate #239, #279, #1102, #1471: a clone with a larger disk had `unused0` and nothing to boot.
#[tokio::test]
async fn a_clone_has_the_disks_that_are_asked_for_and_no_others() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let values = json!({"specs": {"os": "debian-13", "storage": 20 * GIB, "disks": {"scsi0": {"ssd": true}, "scsi1": {"size": 5 * GIB}}}});
    bring(&bench, &machine("db-01", values), None).await;
    let disk = |slot: &str| subject.world.option("db-01", slot).unwrap_or_default();
    assert!(disk("scsi0").contains("size=20G") && disk("scsi0").contains("ssd=1"), "{}", disk("scsi0"));
    assert!(disk("scsi1").contains("size=5G"), "{}", disk("scsi1"));
    assert!(disk("boot").contains("scsi0"), "{}", disk("boot"));
    assert_eq!(disk("unused0"), "");
    assert!(subject.world.guest("db-01", |_, guest| guest.is_running()));
}

/// The same for a template that boots from another bus, and for a linked clone.
#[tokio::test]
async fn the_first_disk_is_the_one_that_boots_whatever_its_bus() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| {
        let template: &mut Guest = world.guests.get_mut(&9_000).unwrap();
        let disk = template.config.remove("scsi0").unwrap();
        template.config.extend([("virtio0".to_owned(), disk), ("boot".to_owned(), "order=virtio0;net0".to_owned())]);
    });
    bring(&bench, &machine("db-01", json!({"specs": {"os": "debian-13", "storage": 20 * GIB, "clone": "linked"}})), None).await;
    let disk = subject.world.option("db-01", "virtio0").unwrap_or_default();
    assert!(disk.contains("size=20G"), "{disk}");
    assert_eq!(subject.world.option("db-01", "scsi0"), None);
}

/// bpg #1083: the cloud-init drive made a difference that never went away.
#[tokio::test]
async fn a_cloud_init_drive_is_no_difference() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let values =
        json!({"specs": {"os": "debian-13", "user": {"name": "ops", "ssh_keys": ["ssh-ed25519 AAAA+/= ops@example"]}, "network": {"ip": "dhcp"}}});
    let sample = machine("web-01", values);
    let (_, record) = bring(&bench, &sample, None).await;
    assert!(subject.world.option("web-01", "ide2").is_some_and(|drive| drive.contains("cloudinit")));
    bench.assert_settled(&sample, &record, "with its cloud-init drive").await;
    let drive = subject.world.guest("web-01", |_, guest| guest.cloudinit_drive.clone().unwrap_or_default());
    assert_eq!(drive.get("ciuser").map(String::as_str), Some("ops"));
}

/// bpg #300, #190, #2112: packages at the first boot needed snippets, SSH and root.
#[tokio::test]
async fn packages_need_neither_snippets_nor_ssh_nor_root() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let values = json!({"specs": {"os": "debian-13", "packages": ["nginx"], "commands": ["echo hello"], "user": {"name": "ops"}}});
    bring(&bench, &machine("web-01", values), None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    assert_eq!(
        subject.world.option("web-01", "ide2").map(|drive| drive.starts_with(&format!("local:iso/ipr-{number}-seed.iso,media=cdrom"))),
        Some(true)
    );
    let image = subject.world.cluster.inspect(|world| {
        let seed = world.volumes.iter().find(|(key, _)| key.name.contains("-seed.iso")).map(|(_, volume)| volume.bytes.clone());
        seed.flatten().unwrap_or_default()
    });
    let text = String::from_utf8_lossy(&image);
    for part in ["CD001", "#cloud-config", "nginx", "echo hello", "instance-id", "\"user\": \"ops\""] {
        assert!(text.contains(part), "the image says nothing of {part}");
    }
    let written = subject.world.cluster.requests();
    assert!(written.iter().all(|request| !request.parameters.contains_key("cicustom")), "snippets were used");
}

/// A disk cannot shrink; the plan says so, and no call tries it.
#[tokio::test]
async fn a_disk_that_would_shrink_is_refused_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let with = |bytes: u64| machine("db-01", json!({"specs": {"os": "debian-13", "storage": bytes}}));
    let (_, record) = bring(&bench, &with(20 * GIB), None).await;
    let (order, _) = plan(&bench, &with(10 * GIB), Some(&record)).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(problems.iter().any(|problem| problem.detail.contains("cannot shrink to 10GB")), "{problems:?}");
    let calls = bench.journal.calls();
    refused(&bench, &order).await;
    assert_eq!(bench.journal.calls(), calls);
}

/// A copy made by hand carries our description and tags, and is not taken for ours.
#[tokio::test]
async fn a_copy_made_by_hand_is_not_ours() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    let (_, record) = bring(&bench, &sample, None).await;
    let config = subject.world.guest("web-01", |_, guest| guest.config.clone());
    subject.world.cluster.change(|world| {
        let mut copy = Guest::new(GuestKind::Qemu, "pve2", &[]);
        copy.config = config;
        world.guests.insert(777, copy.clone());
        copy.config.insert("name".to_owned(), "web-01-copy".to_owned());
        world.guests.insert(778, copy);
    });
    bench.assert_settled(&sample, &record, "beside two copies").await;
    let observation = bench.observe(&[]).await;
    assert_eq!(observation.objects.iter().filter(|object| object.marker.is_some()).count(), 1);
    let order = bench.maker.delete(&sample, &record);
    bench.must(&sample, &order).await;
    assert!(subject.world.cluster.inspect(|world| world.guest(777).is_some() && world.guest(778).is_some()));
}

/// Whatever the story was, the world holds only what it tells of.
#[tokio::test]
async fn a_deleted_machine_leaves_nothing_behind() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let volumes = |subject: &ProxmoxSubject| subject.world.cluster.inspect(|world| world.volumes.len());
    let before = volumes(&subject);
    let sample = machine(
        "web-01",
        json!({"specs": {"os": "debian-13", "packages": ["nginx"], "disks": {"scsi1": {"size": GIB}}}, "metadata": {"pool": "prod"}}),
    );
    let (_, record) = bring(&bench, &sample, None).await;
    assert!(volumes(&subject) > before);
    bench.must(&sample, &bench.maker.delete(&sample, &record)).await;
    assert_eq!(volumes(&subject), before);
    assert!(subject.world.cluster.inspect(|world| world.pools["prod"].guests.is_empty()));
    let seen = bench.observe(&[&sample]).await;
    let targets = [(bench.maker.target.clone(), Ok(seen))].into();
    let state = core_model::state::ObservedState { targets };
    assert_eq!(state.see(&bench.maker.target, "compute", "web-01"), Sight::Absent);
}
