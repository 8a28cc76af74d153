//! The life of virtual machines.

use serde_json::json;

use crate::client::cluster;

const VM: &str = "/nodes/pve1/qemu/100";

#[tokio::test]
async fn a_machine_is_created_started_changed_stopped_and_destroyed() {
    let (cluster, client) = cluster().await;
    let form =
        [("vmid", "100"), ("name", "web"), ("cores", "2"), ("memory", "1024"), ("scsi0", "local-lvm:4,discard=on"), ("net0", "virtio,bridge=vmbr0")];
    assert_eq!(client.task("POST", "/nodes/pve1/qemu", &form).await, "OK");
    let config = client.get(&format!("{VM}/config")).await;
    assert_eq!(config["scsi0"], "local-lvm:vm-100-disk-0,discard=on,size=4G");
    assert_eq!(config["boot"], "order=scsi0;net0");
    assert_eq!(config["cores"], 2);
    assert_eq!(config["memory"], "1024");
    assert_eq!(client.task("POST", &format!("{VM}/status/start"), &[]).await, "OK");
    assert_eq!(client.get(&format!("{VM}/status/current")).await["status"], "running");
    client.ok("PUT", &format!("{VM}/config"), &[("cores", "4"), ("description", "now")]).await;
    let rows = client.get(&format!("{VM}/pending")).await;
    let row = |key: &str| rows.as_array().unwrap().iter().find(|row| row["key"] == key).cloned().unwrap();
    assert_eq!(row("cores"), json!({ "key": "cores", "value": 2, "pending": 4 }));
    assert_eq!(row("description"), json!({ "key": "description", "value": "now" }));
    assert_eq!(client.task("POST", &format!("{VM}/status/reboot"), &[]).await, "OK");
    assert!(cluster.settle());
    assert_eq!(client.get(&format!("{VM}/config?current=1")).await["cores"], 4);
    assert_eq!(client.refused("DELETE", VM, &[]).await, (500, "VM 100 is running - destroy failed".to_owned()));
    assert_eq!(client.task("POST", &format!("{VM}/status/shutdown"), &[]).await, "OK");
    assert_eq!(client.task("DELETE", VM, &[]).await, "OK");
    assert_eq!(
        client.refused("GET", &format!("{VM}/config"), &[]).await,
        (500, "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist".to_owned())
    );
    assert_eq!(cluster.inspect(|world| world.volumes.len()), 1, "only the template's disk is left");
    assert_eq!(cluster.unserved(), [""; 0]);
}

#[tokio::test]
async fn clones_are_full_or_linked() {
    let (cluster, client) = cluster().await;
    let clone = "/nodes/pve1/qemu/9000/clone";
    assert_eq!(client.task("POST", clone, &[("newid", "101"), ("name", "linked")]).await, "OK");
    assert_eq!(client.task("POST", clone, &[("newid", "102"), ("name", "full"), ("full", "1"), ("storage", "local-lvm")]).await, "OK");
    let parent = |vmid: u32| cluster.inspect(|world| world.volume("pve1", &format!("local-lvm:vm-{vmid}-disk-0")).unwrap().parent.clone());
    assert_eq!(parent(101).as_deref(), Some("local-lvm:base-9000-disk-0"));
    assert_eq!(parent(102), None);
    let status = client.task("DELETE", "/nodes/pve1/qemu/9000", &[]).await;
    assert_eq!(status, "base volume 'local-lvm:base-9000-disk-0' is still in use by linked cloned");
    let taken = client.refused("POST", clone, &[("newid", "101")]).await;
    assert_eq!(taken, (500, "unable to create VM 101: config file already exists".to_owned()));
}
