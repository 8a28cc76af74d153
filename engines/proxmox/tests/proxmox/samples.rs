//! Which storages and files does the contract suite try?

use core_model::resource_type::ResourceType;
use engine_api::contract::{Sample, canary};
use engine_proxmox::{File, Storage};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};
use test_sim_proxmox::Cluster;

pub(crate) const ISO: &str = "https://images.example/debian-13.iso";
pub(crate) const IMAGE: &str = "https://images.example/debian-13.qcow2";
pub(crate) const NEWER_IMAGE: &str = "https://images.example/debian-14.qcow2";
/// Two others that are as large as each other.
pub(crate) const TWINS: [&str; 2] = ["https://images.example/twin-a.raw", "https://images.example/twin-b.raw"];

const ONE_NAME: &str = "the suite knows one name for an object; tests of their own rename";

pub(crate) fn offer_downloads(cluster: &Cluster) {
    cluster.change(|world| {
        world.download_texts.clear();
        world.downloads = [(ISO, 700 << 20), (IMAGE, 400 << 20), (NEWER_IMAGE, 410 << 20), (TWINS[0], 1 << 30), (TWINS[1], 1 << 30)]
            .map(|(url, bytes)| (url.to_owned(), bytes))
            .into();
    });
}

/// The simulated bytes of a download are a text.
pub(crate) fn sha256(text: &str) -> String {
    format!("sha256:{}", hexadecimal(&Sha256::digest(text)))
}

fn sha512(text: &str) -> String {
    format!("sha512:{}", hexadecimal(&Sha512::digest(text)))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn storage(name: &str, values: Value) -> Sample {
    Sample::new(&Storage, name, values)
}

/// A file under the name that its fields give it.
pub(crate) fn file(values: Value) -> Sample {
    let text = |path: &str| Some(values.pointer(&format!("/{}", path.replace('.', "/")))?.as_str()?.to_owned());
    let object = File.object_name(&text).unwrap();
    Sample::new(&File, object, values)
}

fn fingerprint(pair: &str) -> String {
    [pair; 32].join(":")
}

pub(crate) fn storages() -> Vec<Sample> {
    vec![nfs(), cifs(), backups(), folder(), thin(), zfs(), ceph_files(), ceph_blocks(), iscsi(), volumes()]
}

fn nfs() -> Sample {
    let keep = json!({"last": 3, "hourly": 4, "daily": 7, "weekly": 8, "monthly": 6, "yearly": 2});
    let values = json!({
        "specs": {"kind": "nfs", "server": "nas.example", "export": "/srv/a", "path": "/mnt/nas", "content": ["backup", "images", "iso"],
                  "nodes": ["pve1", "pve2"], "options": "vers=4.2", "disabled": true, "preallocation": "off", "keep": keep},
        "metadata": {"owner": "@acme/ops"},
    });
    storage("nas", values)
        .leave_out("specs.name", ONE_NAME)
        .update("specs.server", json!("nas-02.example"))
        .update("specs.export", json!("/srv/b"))
        .update("specs.path", json!("/mnt/nas-02"))
        .update("specs.content", json!(["import", "iso"]))
        .update("specs.nodes", json!(["pve3"]))
        .update("specs.options", json!("vers=3"))
        .update("specs.disabled", json!(false))
        .update("specs.preallocation", json!("full"))
        .update("specs.keep.last", json!(5))
        .update("specs.keep.hourly", json!(5))
        .update("specs.keep.daily", json!(5))
        .update("specs.keep.weekly", json!(5))
        .update("specs.keep.monthly", json!(5))
        .update("specs.keep.yearly", json!(5))
        .update("metadata.owner", json!("@acme/web"))
        .unset("specs.server")
        .unset("specs.export")
        .unset("specs.path")
        .unset("specs.content")
        .unset("specs.nodes")
        .unset("specs.options")
        .unset("specs.disabled")
        .unset("specs.preallocation")
        .unset("specs.keep.last")
        .unset("specs.keep.hourly")
        .unset("specs.keep.daily")
        .unset("specs.keep.weekly")
        .unset("specs.keep.monthly")
        .unset("specs.keep.yearly")
        .unset("metadata.owner")
        .by_hand("specs.content")
        .by_hand("specs.disabled")
        .by_hand("specs.keep.last")
}

fn cifs() -> Sample {
    let values = json!({"specs": {
        "kind": "cifs", "server": "10.0.0.9", "share": "media", "subdir": "/iso", "username": "ops", "password": canary(), "domain": "ACME",
        "smb_version": "3.11", "content": ["iso"],
    }});
    storage("media", values)
        .update("specs.share", json!("films"))
        .update("specs.subdir", json!("/images"))
        .update("specs.username", json!("media"))
        .update("specs.password", json!("not a secret any more"))
        .update("specs.domain", json!("ACME-2"))
        .update("specs.smb_version", json!("3.0"))
        .unset("specs.share")
        .unset("specs.subdir")
        .unset("specs.username")
        .unset("specs.password")
        .unset("specs.domain")
        .unset("specs.smb_version")
}

fn backups() -> Sample {
    let values = json!({"specs": {
        "kind": "pbs", "server": "pbs.example", "datastore": "main", "namespace": "lab", "port": 8008, "username": "ipr@pbs", "password": canary(),
        "fingerprint": fingerprint("AB"),
    }});
    storage("backups", values)
        .update("specs.datastore", json!("second"))
        .update("specs.namespace", json!("prod"))
        .update("specs.port", json!(8009))
        .update("specs.fingerprint", json!(fingerprint("CD")))
        .unset("specs.datastore")
        .unset("specs.namespace")
        .unset("specs.port")
        .unset("specs.fingerprint")
}

fn folder() -> Sample {
    storage("data", json!({"specs": {"kind": "dir", "path": "/srv/data", "shared": true, "content": ["images", "iso", "snippets"]}}))
        .update("specs.kind", json!("btrfs"))
        .update("specs.path", json!("/srv/other"))
        .update("specs.shared", json!(false))
        .unset("specs.shared")
        .by_hand("specs.shared")
}

fn thin() -> Sample {
    storage("thin", json!({"specs": {"kind": "lvmthin", "vgname": "fast", "thinpool": "data", "content": ["images"]}}))
        .update("specs.vgname", json!("slow"))
        .update("specs.thinpool", json!("other"))
        .unset("specs.vgname")
        .unset("specs.thinpool")
        .unset("specs.content")
}

fn zfs() -> Sample {
    storage("tank", json!({"specs": {"kind": "zfspool", "pool": "tank/vm", "sparse": true}}))
        .update("specs.pool", json!("tank/other"))
        .update("specs.sparse", json!(false))
        .unset("specs.pool")
        .unset("specs.sparse")
}

fn ceph_files() -> Sample {
    let values = json!({"specs": {
        "kind": "cephfs", "monhost": "10.0.1.1 10.0.1.2", "fs_name": "files", "username": "ipr", "keyring": canary(), "content": ["iso"],
    }});
    storage("files", values)
        .update("specs.monhost", json!("10.0.1.3"))
        .update("specs.fs_name", json!("others"))
        .update("specs.keyring", json!("not a secret any more"))
        .unset("specs.monhost")
        .unset("specs.fs_name")
        .unset("specs.keyring")
}

fn ceph_blocks() -> Sample {
    storage("blocks", json!({"specs": {"kind": "rbd", "pool": "vm", "krbd": true, "content": ["images", "rootdir"]}}))
        .update("specs.pool", json!("others"))
        .update("specs.krbd", json!(false))
        .unset("specs.krbd")
}

fn iscsi() -> Sample {
    storage("san", json!({"specs": {"kind": "iscsi", "portal": "10.0.2.1", "target": "iqn.2026-11.example:a", "content": ["none"]}}))
        .update("specs.portal", json!("10.0.2.2"))
        .update("specs.target", json!("iqn.2026-11.example:b"))
        .unset("specs.portal")
        .unset("specs.target")
}

fn volumes() -> Sample {
    storage("plain", json!({"specs": {"kind": "lvm", "vgname": "pve", "content": ["images", "rootdir"]}})).unset("specs.content")
}

pub(crate) fn files() -> Vec<Sample> {
    vec![iso(), image()]
}

fn iso() -> Sample {
    let values = json!({
        "specs": {"name": "debian-13.iso", "storage": "local", "content": "iso", "url": ISO, "checksum": sha256(ISO), "verify_certificates": false},
        "metadata": {"node": "pve1", "owner": "@acme/ops"},
    });
    file(values)
        .leave_out("specs.name", ONE_NAME)
        .leave_out("specs.storage", ONE_NAME)
        .leave_out("specs.content", ONE_NAME)
        .leave_out("metadata.node", ONE_NAME)
        // The same file by another algorithm.
        .update("specs.checksum", json!(sha512(ISO)))
        .update("specs.verify_certificates", json!(true))
        .update("metadata.owner", json!("@acme/web"))
        .unset("specs.checksum")
        .unset("specs.verify_certificates")
        .unset("metadata.owner")
}

fn image() -> Sample {
    file(json!({"specs": {"name": "debian.qcow2", "storage": "share", "content": "import", "url": IMAGE}})).update("specs.url", json!(NEWER_IMAGE))
}
