//! Does a client that others wrote work against the simulator?

use std::io::Write;
use std::process::Command;

use test_sim_proxmox::{Cluster, ClusterOptions};

use crate::python;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxmoxer_works_by_token_and_by_ticket() {
    if !python::has(&["proxmoxer", "requests"], "the simulator with the client `proxmoxer`") {
        return;
    }
    let cluster = Cluster::start(ClusterOptions::default()).await.unwrap();
    cluster.change(|world| world.add_template(9000, "tmpl-debian13", "pve1"));
    let mut certificate = tempfile::NamedTempFile::new().unwrap();
    certificate.write_all(cluster.certificate_pem().as_bytes()).unwrap();
    let address = cluster.url().replace("https://", "");
    let path = certificate.path().to_owned();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxmox/drive_proxmoxer.py");
    let run = move || Command::new(python::interpreter()).arg(script).arg(address).arg(path).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("everything was as expected"), "{said}");
    assert_eq!(cluster.unserved(), [""; 0]);
}
