//! A simulated Proxmox VE cluster for other clients and for a look by hand, until Ctrl-C.
//!
//! `cargo run -p test-sim-proxmox -- --port 8006 --speed 10` prints the addresses, the certificate's fingerprint, a token and a
//! password. The cluster holds one template, 9000, with a disk on `local-lvm`.

use std::error::Error;

use clap::Parser;
use test_sim_proxmox::{ClockSource, Cluster, ClusterOptions};

/// A simulated Proxmox VE cluster on this machine's loopback.
#[derive(Debug, Parser)]
struct Arguments {
    /// Port of the first node; 0 takes a free one.
    #[arg(long, default_value_t = 8006)]
    port: u16,
    /// How many simulated seconds pass in one second.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// So many stopped machines from 10000 on, spread over the nodes, for measurements.
    #[arg(long, default_value_t = 0)]
    guests: u32,
    /// Names of the nodes.
    #[arg(long, value_delimiter = ',', default_value = "pve1,pve2,pve3")]
    nodes: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let clock = ClockSource::Scaled(arguments.speed.max(0.001));
    let options = ClusterOptions { nodes: arguments.nodes.clone(), clock, port: arguments.port };
    let cluster = Cluster::start(options).await?;
    cluster.change(|world| world.add_template(9000, "tmpl-debian13", &arguments.nodes[0]));
    cluster.change(|world| {
        for (vmid, node) in (10_000..10_000 + arguments.guests).zip(arguments.nodes.iter().cycle()) {
            world.add_vm(vmid, &format!("vm-{vmid}"), node, false, &[]);
        }
    });
    for node in &arguments.nodes {
        println!("{node:<12} {}", cluster.url_of(node));
    }
    println!("fingerprint  {}", fingerprint(&cluster.fingerprint()));
    println!("token        {}", cluster.authorization());
    println!("password     root@pam secret");
    tokio::signal::ctrl_c().await?;
    cluster.stop().await;
    Ok(())
}

fn fingerprint(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
