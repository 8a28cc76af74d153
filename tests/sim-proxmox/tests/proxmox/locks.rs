//! Who waits for whom, and for how long?

use std::time::Duration;

use test_sim_proxmox::{ClockSource, Concurrency, LockWait, Timing};

use crate::client::{cluster, with_clock};

const CONFIG: &str = "/nodes/pve1/qemu/100/config";

#[tokio::test]
async fn a_write_waits_for_the_lock_of_its_guest_and_gives_up_after_ten_seconds() {
    let (cluster, client) = with_clock(ClockSource::Manual).await;
    cluster.change(|world| {
        world.timing = Timing { snapshot_ms: 30_000, config_ms: 0, ..Timing::instant() };
        world.add_vm(100, "a", "pve1", false, &[]);
    });
    let snapshot = client.ok("POST", "/nodes/pve1/qemu/100/snapshot", &[("snapname", "long")]).await;
    let (refused, ()) = tokio::join!(client.refused("PUT", CONFIG, &[("cores", "2")]), async {
        cluster.until_waiting(1).await;
        cluster.advance(Duration::from_secs(10));
    });
    assert_eq!(refused, (500, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout".to_owned()));
    assert!(cluster.settle());
    assert_eq!(client.end_of(snapshot.as_str().unwrap()).await, "OK");
    let waits = cluster.inspect(|world| world.lock_waits.clone());
    assert_eq!(waits, [LockWait { lock: "guest 100".to_owned(), waited_ms: 10_000, timed_out: true }]);
}

#[tokio::test]
async fn a_stopped_template_is_cloned_in_parallel_and_a_running_machine_is_not() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", true, &[]));
    let mut ids = Vec::new();
    for newid in ["201", "202", "203"] {
        ids.push(client.ok("POST", "/nodes/pve1/qemu/9000/clone", &[("newid", newid), ("full", "1")]).await);
    }
    for id in &ids {
        assert_eq!(client.end_of(id.as_str().unwrap()).await, "OK");
    }
    let Concurrency { tasks_max_by_kind, .. } = cluster.inspect(test_sim_proxmox::World::concurrency);
    assert_eq!(tasks_max_by_kind["qmclone"], 3);
    let first = client.ok("POST", "/nodes/pve1/qemu/100/clone", &[("newid", "301"), ("full", "1")]).await;
    assert_eq!(
        client.task("POST", "/nodes/pve1/qemu/100/clone", &[("newid", "302"), ("full", "1")]).await,
        "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"
    );
    assert_eq!(client.end_of(first.as_str().unwrap()).await, "OK");
    assert!(cluster.inspect(|world| world.guest(302).is_none()));
}

#[tokio::test]
async fn allocations_on_one_storage_queue_and_the_eleventh_second_is_too_late() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.timing.allocate_ms = 4_000);
    let mut ids = Vec::new();
    for newid in ["201", "202", "203", "204", "205"] {
        ids.push(client.ok("POST", "/nodes/pve1/qemu/9000/clone", &[("newid", newid)]).await);
    }
    let mut ends = Vec::new();
    for id in &ids {
        ends.push(client.end_of(id.as_str().unwrap()).await);
    }
    assert_eq!(ends.iter().filter(|end| *end == "OK").count(), 3, "{ends:?}");
    let late = "clone failed: can't lock file '/var/lock/pve-manager/pve-storage-local-lvm' - got timeout";
    assert_eq!(ends.iter().filter(|end| *end == late).count(), 2, "{ends:?}");
    let left = cluster.inspect(|world| world.guests.len());
    assert_eq!(left, 4, "what failed left nothing behind");
    assert_eq!(cluster.inspect(|world| world.volumes.len()), 4);
}

#[tokio::test]
async fn a_locked_guest_refuses() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[("lock", "backup")]));
    let locked = "VM is locked (backup)";
    assert_eq!(client.refused("PUT", CONFIG, &[("cores", "2")]).await, (500, locked.to_owned()));
    assert_eq!(client.task("POST", "/nodes/pve1/qemu/100/status/start", &[]).await, locked);
    assert_eq!(client.refused("POST", "/nodes/pve1/qemu/100/clone", &[("newid", "101")]).await, (500, locked.to_owned()));
    assert_eq!(client.task("PUT", "/nodes/pve1/qemu/100/resize", &[("disk", "scsi0"), ("size", "+1G")]).await, locked);
    assert_eq!(client.refused("PUT", CONFIG, &[("cores", "2"), ("skiplock", "1")]).await.0, 400);
}

#[tokio::test]
async fn a_guest_that_is_being_made_is_locked() {
    let (cluster, client) = cluster().await;
    let upid = client.ok("POST", "/nodes/pve1/qemu", &[("vmid", "100"), ("scsi0", "local-lvm:1")]).await;
    assert_eq!(client.refused("PUT", CONFIG, &[("cores", "2")]).await, (500, "VM is locked (create)".to_owned()));
    let again = client.refused("POST", "/nodes/pve2/qemu", &[("vmid", "100")]).await;
    assert_eq!(again, (500, "unable to create VM 100 - VM 100 already exists on node 'pve1'".to_owned()));
    assert_eq!(client.end_of(upid.as_str().unwrap()).await, "OK");
    assert!(cluster.inspect(|world| !world.guest(100).unwrap().config.contains_key("lock")));
}
