//! Volumes: where they come from, how they change, and where they stay.

use test_sim_proxmox::{DiskSize, Storage};

use crate::client::{Client, cluster};

const VM: &str = "/nodes/pve1/qemu/100";

async fn option(client: &Client, name: &str) -> Option<String> {
    let config = client.get(&format!("{VM}/config")).await;
    config.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

#[tokio::test]
async fn a_detached_disk_is_unused_until_it_is_deleted() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[]));
    client.ok("PUT", &format!("{VM}/config"), &[("delete", "scsi0")]).await;
    assert_eq!(option(&client, "unused0").await.as_deref(), Some("local-lvm:vm-100-disk-0"));
    assert_eq!(option(&client, "boot").await.as_deref(), Some("order="), "what is gone is no boot device");
    client.ok("PUT", &format!("{VM}/config"), &[("scsi1", "local-lvm:vm-100-disk-0")]).await;
    assert_eq!(option(&client, "unused0").await, None);
    assert_eq!(option(&client, "scsi1").await.as_deref(), Some("local-lvm:vm-100-disk-0,size=8G"));
    client.ok("PUT", &format!("{VM}/unlink"), &[("idlist", "scsi1"), ("force", "1")]).await;
    assert!(cluster.settle());
    assert!(cluster.inspect(|world| world.volume("pve1", "local-lvm:vm-100-disk-0").is_none()));
}

#[tokio::test]
async fn a_disk_grows_and_does_not_shrink() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", true, &[]));
    for (size, end, written) in
        [("10G", "OK", "10G"), ("+512M", "OK", "10752M"), ("1G", "shrinking disks is not supported", "10752M"), ("10752M", "OK", "10752M")]
    {
        assert_eq!(client.task("PUT", &format!("{VM}/resize"), &[("disk", "scsi0"), ("size", size)]).await, end, "{size}");
        assert_eq!(option(&client, "scsi0").await, Some(format!("local-lvm:vm-100-disk-0,size={written}")));
    }
    let full = client.task("PUT", &format!("{VM}/resize"), &[("disk", "scsi0"), ("size", "10T")]).await;
    assert_eq!(full, "unable to resize volume - not enough free space on storage 'local-lvm'");
}

#[tokio::test]
async fn a_disk_moves_and_leaves_its_old_volume_unless_told_otherwise() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| {
        world.add_vm(100, "a", "pve1", true, &[]);
        world.storages.insert("ceph".to_owned(), Storage::new(&[("type", "rbd"), ("content", "images")]));
    });
    assert_eq!(client.task("POST", &format!("{VM}/move_disk"), &[("disk", "scsi0"), ("storage", "ceph")]).await, "OK");
    assert_eq!(option(&client, "scsi0").await.as_deref(), Some("ceph:vm-100-disk-0,size=8G"));
    assert_eq!(option(&client, "unused0").await.as_deref(), Some("local-lvm:vm-100-disk-0"));
    assert_eq!(client.task("POST", &format!("{VM}/move_disk"), &[("disk", "scsi0"), ("storage", "local-lvm"), ("delete", "1")]).await, "OK");
    assert_eq!(option(&client, "scsi0").await.as_deref(), Some("local-lvm:vm-100-disk-1,size=8G"));
    assert!(cluster.inspect(|world| world.volume("pve1", "ceph:vm-100-disk-0").is_none()));
    let same = client.refused("POST", &format!("{VM}/move_disk"), &[("disk", "scsi0"), ("storage", "local-lvm")]).await;
    assert_eq!(same, (500, "you can't move to the same storage with same format".to_owned()));
}

#[tokio::test]
async fn what_a_storage_cannot_hold_is_refused() {
    let (cluster, client) = cluster().await;
    let create = |disk: &'static str| [("vmid", "100"), ("scsi0", disk)];
    for (disk, answer) in [
        ("local:4", (400, r#"Parameter verification failed. {"storage":"storage 'local' does not support vm images"}"#)),
        ("nowhere:4", (500, "storage 'nowhere' does not exist")),
    ] {
        assert_eq!(client.refused("POST", "/nodes/pve1/qemu", &create(disk)).await, (answer.0, answer.1.to_owned()));
    }
    let missing = client.task("POST", "/nodes/pve1/qemu", &create("local-lvm:vm-7-disk-0")).await;
    assert_eq!(missing, "unable to create VM 100 - volume local-lvm:vm-7-disk-0 does not exist");
    let large = client.task("POST", "/nodes/pve1/qemu", &create("local-lvm:9000")).await;
    assert_eq!(large, "unable to create VM 100 - unable to allocate image - not enough free space on storage 'local-lvm'");
    assert!(cluster.inspect(|world| world.guest(100).is_none()), "a failed creation leaves no guest");
}

#[tokio::test]
async fn an_image_is_imported_with_its_own_size() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.add_file("pve1", "local:import/debian.qcow2", DiskSize(3 << 30)));
    let form = [
        ("vmid", "100"),
        ("scsi0", "local-lvm:0,import-from=local:import/debian.qcow2,discard=on"),
        ("ide2", "local-lvm:cloudinit"),
        ("ciuser", "ops"),
    ];
    assert_eq!(client.task("POST", "/nodes/pve1/qemu", &form).await, "OK");
    assert_eq!(option(&client, "scsi0").await.as_deref(), Some("local-lvm:vm-100-disk-0,discard=on,size=3G"));
    assert_eq!(option(&client, "ide2").await.as_deref(), Some("local-lvm:vm-100-cloudinit,media=cdrom,size=4M"));
}

#[tokio::test]
async fn the_cloud_init_drive_says_what_was_so_when_it_was_made() {
    let (cluster, client) = cluster().await;
    let form = [("vmid", "100"), ("ide2", "local-lvm:cloudinit"), ("ciuser", "one"), ("start", "1")];
    assert_eq!(client.task("POST", "/nodes/pve1/qemu", &form).await, "OK");
    let on_drive = || cluster.inspect(|world| world.guest(100).unwrap().cloudinit_drive.clone().unwrap()["ciuser"].clone());
    client.ok("PUT", &format!("{VM}/config"), &[("ciuser", "two")]).await;
    assert_eq!(on_drive(), "one", "the option is live, the drive is not");
    let rows = client.get(&format!("{VM}/cloudinit")).await;
    let row = rows.as_array().unwrap().iter().find(|row| row["key"] == "ciuser").unwrap().clone();
    assert_eq!(row, serde_json::json!({ "key": "ciuser", "value": "one", "pending": "two" }));
    client.ok("PUT", &format!("{VM}/cloudinit"), &[]).await;
    assert_eq!(on_drive(), "two");
    client.ok("PUT", &format!("{VM}/config"), &[("ciuser", "three")]).await;
    assert_eq!(client.task("POST", &format!("{VM}/status/reboot"), &[]).await, "OK");
    assert!(cluster.settle());
    assert_eq!(on_drive(), "three", "a start makes it again");
}

#[tokio::test]
async fn a_download_needs_its_source() {
    let (cluster, client) = cluster().await;
    let path = "/nodes/pve1/storage/local/download-url";
    let form = [("url", "https://images.example/a.qcow2"), ("content", "import"), ("filename", "a.qcow2")];
    let failed = client.task("POST", path, &form).await;
    assert_eq!(failed, "download failed: unable to resolve host address 'images.example'");
    cluster.change(|world| world.downloads.insert("https://images.example/a.qcow2".to_owned(), 1 << 30));
    assert_eq!(client.task("POST", path, &form).await, "OK");
    assert_eq!(client.task("POST", path, &form).await, "refusing to override existing file 'a.qcow2'");
}
