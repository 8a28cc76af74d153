//! How long does Ansible take for the same machines? Its collection community.proxmox makes them on the same simulated cluster.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use test_sim_proxmox::Cluster;
use tokio::process::Command;

use super::applying;
use super::fleet::name;
use super::lab::{Lab, NODES, TEMPLATE_FIRST, template_on};
use super::shortest;

const MACHINES: usize = 20;
const VMID_FIRST: u32 = 200;
const PLAYBOOK: &str = include_str!("same.yml");

pub(crate) async fn report() -> anyhow::Result<()> {
    let python = std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import ansible_collections.community.proxmox, proxmoxer"]).output().await;
    if !found.is_ok_and(|output| output.status.success()) {
        println!(
            "NOT MEASURED: Ansible. `{python}` has no ansible, community.proxmox and proxmoxer; IPR_TEST_PYTHON names one that has (.ci/install)."
        );
        return Ok(());
    }
    let ours = Lab::new(shortest::timing()).await?;
    let took = applying::make(&ours, MACHINES).await?;
    let lab = Lab::new(shortest::timing()).await?;
    let begun = Instant::now();
    play(&lab, &python).await?;
    let theirs = begun.elapsed();
    anyhow::ensure!(lab.running() == MACHINES, "Ansible made {} of {MACHINES} machines", lab.running());
    println!("The same {MACHINES} machines by Ansible's community.proxmox, five hosts at a time, which is its default:");
    for (who, took, calls) in [("ipr", took, ours.calls()), ("Ansible", theirs, lab.calls())] {
        println!(
            "  {who:<8} {:>6.1} s, {} reads, {} writes, {} failed for a lock",
            took.as_secs_f64(),
            calls.reads,
            calls.writes,
            calls.lock_failures
        );
    }
    println!("  Ansible takes {:.1} times as long", theirs.as_secs_f64() / took.as_secs_f64());
    Ok(())
}

async fn play(lab: &Lab, python: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("could not make a folder")?;
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).with_context(|| format!("could not write {name}"));
    write("same.yml", PLAYBOOK)?;
    let mut hosts = String::new();
    for place in 0..MACHINES {
        let node = NODES[place % NODES.len()];
        let (vmid, template) = (VMID_FIRST as usize + place, TEMPLATE_FIRST as usize + place % NODES.len());
        writeln!(hosts, "{} vmid={vmid} node={node} template={template} template_name={}", name(place), template_on(node))?;
    }
    write("hosts", &hosts)?;
    let facts = format!("api={} key={} ansible_python_interpreter={python}", lab.cluster.url().replace("https://", ""), Cluster::TOKEN_SECRET);
    // The program is beside the interpreter that has its packages.
    let mut program = Command::new(Path::new(python).with_file_name("ansible-playbook"));
    let output = program.args(["-i", "hosts", "same.yml", "-e", &facts]).current_dir(folder.path()).output().await;
    let output = output.context("could not start ansible-playbook")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}
