//! Do the modules of Ansible's community.proxmox work against the simulator?

use std::path::Path;
use std::process::Command;

use test_sim_proxmox::{ClockSource, Cluster, ClusterOptions, Timing};

use crate::python;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_playbook_runs_to_its_end() {
    if !python::has(&["ansible_collections.community.proxmox", "proxmoxer"], "the simulator with Ansible's community.proxmox") {
        return;
    }
    let cluster = Cluster::start(ClusterOptions { clock: ClockSource::Scaled(100.0), ..ClusterOptions::default() }).await.unwrap();
    cluster.change(|world| {
        world.timing = Timing::instant();
        world.add_template(9000, "tmpl-debian13", "pve1");
    });
    let interpreter = python::interpreter();
    let playbook = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxmox/drive_ansible.yml");
    let facts = format!("api={} key={} ansible_python_interpreter={interpreter}", cluster.url().replace("https://", ""), Cluster::TOKEN_SECRET);
    // The program is beside the interpreter that has its packages.
    let program = Path::new(&interpreter).with_file_name("ansible-playbook");
    let run = move || Command::new(program).args(["-i", "localhost,", playbook, "-e", &facts]).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("failed=0"), "{said}");
    assert_eq!(cluster.unserved(), [""; 0]);
}
