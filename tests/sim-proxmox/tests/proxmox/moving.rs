//! Guests that change their node, and those that the HA manager keeps.

use test_sim_proxmox::{Cluster, Storage};

use crate::client::cluster;

const VM: &str = "/nodes/pve1/qemu/100";

fn seed_shared(cluster: &Cluster) {
    cluster.change(|world| {
        world.add_vm(100, "a", "pve1", true, &[]);
        world.storages.insert("ceph".to_owned(), Storage::new(&[("type", "rbd"), ("content", "images")]));
    });
}

fn node_of(cluster: &Cluster) -> String {
    cluster.inspect(|world| world.guest(100).unwrap().node.clone())
}

#[tokio::test]
async fn a_running_machine_moves_online_with_its_local_disks_only_when_asked() {
    let (cluster, client) = cluster().await;
    seed_shared(&cluster);
    let path = format!("{VM}/migrate");
    assert_eq!(client.refused("POST", &path, &[("target", "pve2")]).await, (500, "can't migrate running VM without --online".to_owned()));
    let online = [("target", "pve2"), ("online", "1")];
    assert_eq!(client.task("POST", &path, &online).await, "migration aborted");
    let why = "can't migrate local disk 'local-lvm:vm-100-disk-0': can't live migrate attached local disks without with-local-disks option";
    assert!(cluster.inspect(|world| world.tasks.last().unwrap().log.contains(&why.to_owned())), "the log says why");
    let with_disks = [("target", "pve2"), ("online", "1"), ("with-local-disks", "1")];
    assert_eq!(client.task("POST", &path, &with_disks).await, "OK");
    assert_eq!(node_of(&cluster), "pve2");
    assert!(cluster.inspect(|world| world.guest(100).unwrap().is_running()));
    assert!(
        cluster
            .inspect(|world| world.volume("pve2", "local-lvm:vm-100-disk-0").is_some() && world.volume("pve1", "local-lvm:vm-100-disk-0").is_none())
    );
    assert_eq!(client.refused("GET", &format!("{VM}/config"), &[]).await.0, 500, "its path is another one now");
}

#[tokio::test]
async fn a_move_that_is_impossible_is_refused() {
    let (cluster, client) = cluster().await;
    seed_shared(&cluster);
    cluster.change(|world| world.nodes.get_mut("pve3").unwrap().online = false);
    for (target, words) in [
        ("pve1", r#"Parameter verification failed. {"target":"target is local node."}"#),
        ("pve9", "no such cluster node 'pve9'"),
        ("pve3", "node 'pve3' is not online"),
    ] {
        assert_eq!(client.refused("POST", &format!("{VM}/migrate"), &[("target", target), ("online", "1")]).await.1, words);
    }
}

#[tokio::test]
async fn the_ha_manager_acts_later_than_its_task_says() {
    let (cluster, client) = cluster().await;
    seed_shared(&cluster);
    client.task("POST", &format!("{VM}/move_disk"), &[("disk", "scsi0"), ("storage", "ceph"), ("delete", "1")]).await;
    client.ok("POST", "/cluster/ha/resources", &[("sid", "vm:100"), ("state", "started")]).await;
    assert!(cluster.settle());
    assert_eq!(client.get("/cluster/resources?type=vm").await[0]["hastate"], "started");
    let is_running = || cluster.inspect(|world| world.guest(100).unwrap().is_running());
    assert_eq!(client.task("POST", &format!("{VM}/status/shutdown"), &[]).await, "OK");
    assert!(is_running(), "the task only tells the manager");
    assert!(cluster.settle());
    assert!(!is_running());
    let upid = client.ok("POST", &format!("{VM}/status/start"), &[]).await;
    assert!(upid.as_str().unwrap().contains(":hastart:100:"));
    assert!(cluster.settle());
    assert!(is_running());
    assert_eq!(client.task("POST", &format!("{VM}/migrate"), &[("target", "pve2"), ("online", "1")]).await, "OK");
    assert_eq!(node_of(&cluster), "pve1");
    assert!(cluster.settle());
    assert_eq!(node_of(&cluster), "pve2");
    let refused = client.refused("DELETE", "/nodes/pve2/qemu/100", &[]).await;
    assert_eq!(refused.1, "unable to remove VM 100 - used in HA resources and purge parameter not set.");
}
