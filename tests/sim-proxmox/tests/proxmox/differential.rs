//! Does another fake of Proxmox VE, written by somebody else, say the same?
//!
//! The same requests go to PyPI `fakepve` and to ours; every difference must stand in `data/differences.tsv` with the reason, and
//! every row there must still be a difference. `fakepve` is a program of its own; nothing of it is in this repository.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Map, Value, json};
use test_sim_proxmox::{ClockSource, Cluster, ClusterOptions};

use crate::client::Client;
use crate::errors::is_listed;
use crate::python;

/// One request of the scenario: a name, a method, a path and a form.
type Step = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const STEPS: &[Step] = &[
    ("version", "GET", "/version", &[]),
    ("next id", "GET", "/cluster/nextid", &[]),
    ("next id that is taken", "GET", "/cluster/nextid", &[("vmid", "9000")]),
    ("cluster status", "GET", "/cluster/status", &[]),
    ("nodes", "GET", "/nodes", &[]),
    ("guests", "GET", "/cluster/resources", &[("type", "vm")]),
    ("template's configuration", "GET", "/nodes/pve1/qemu/9000/config", &[]),
    ("guest that is not there", "GET", "/nodes/pve1/qemu/999/config", &[]),
    ("path that is not there", "GET", "/nodes/pve1/nothing", &[]),
    (
        "create",
        "POST",
        "/nodes/pve1/qemu",
        &[
            ("vmid", "110"),
            ("name", "new"),
            ("cores", "1"),
            ("memory", "512"),
            ("net0", "virtio,bridge=vmbr0"),
            ("scsi0", "local-lvm:4"),
            ("scsihw", "virtio-scsi-single"),
            ("ostype", "l26"),
        ],
    ),
    ("create again", "POST", "/nodes/pve1/qemu", &[("vmid", "110"), ("name", "new")]),
    ("create without an id", "POST", "/nodes/pve1/qemu", &[("name", "new")]),
    ("create with a wrong id", "POST", "/nodes/pve1/qemu", &[("vmid", "12")]),
    ("configuration", "GET", "/nodes/pve1/qemu/110/config", &[]),
    ("wrong type", "PUT", "/nodes/pve1/qemu/110/config", &[("cores", "abc")]),
    ("unknown option", "PUT", "/nodes/pve1/qemu/110/config", &[("invented", "1")]),
    ("too small", "PUT", "/nodes/pve1/qemu/110/config", &[("cores", "0")]),
    ("not in the list", "PUT", "/nodes/pve1/qemu/110/config", &[("bios", "efi")]),
    ("not a boolean", "PUT", "/nodes/pve1/qemu/110/config", &[("onboot", "maybe")]),
    ("wrong part of a network", "PUT", "/nodes/pve1/qemu/110/config", &[("net0", "virtio,bridge=vmbr0,vlan=3")]),
    ("wrong part of a disk", "PUT", "/nodes/pve1/qemu/110/config", &[("scsi0", "local-lvm:vm-110-disk-0,discard=maybe")]),
    ("nothing to change", "PUT", "/nodes/pve1/qemu/110/config", &[]),
    ("stale digest", "PUT", "/nodes/pve1/qemu/110/config", &[("cores", "2"), ("digest", "0000000000000000000000000000000000000000")]),
    ("set and delete", "PUT", "/nodes/pve1/qemu/110/config", &[("cores", "2"), ("delete", "cores")]),
    ("change while off", "PUT", "/nodes/pve1/qemu/110/config", &[("cores", "2"), ("tags", "b;a")]),
    ("pending while off", "GET", "/nodes/pve1/qemu/110/pending", &[]),
    ("start", "POST", "/nodes/pve1/qemu/110/status/start", &[]),
    ("start again", "POST", "/nodes/pve1/qemu/110/status/start", &[]),
    ("status", "GET", "/nodes/pve1/qemu/110/status/current", &[]),
    ("cores while running", "PUT", "/nodes/pve1/qemu/110/config", &[("cores", "4")]),
    ("description while running", "PUT", "/nodes/pve1/qemu/110/config", &[("description", "x")]),
    ("memory while running", "PUT", "/nodes/pve1/qemu/110/config", &[("memory", "1024")]),
    ("machine while running", "PUT", "/nodes/pve1/qemu/110/config", &[("bios", "ovmf")]),
    ("CPU limit while running", "PUT", "/nodes/pve1/qemu/110/config", &[("cpulimit", "1")]),
    ("new disk while running", "PUT", "/nodes/pve1/qemu/110/config", &[("scsi1", "local-lvm:1")]),
    ("new SATA disk while running", "PUT", "/nodes/pve1/qemu/110/config", &[("sata0", "local-lvm:1")]),
    ("pending while running", "GET", "/nodes/pve1/qemu/110/pending", &[]),
    ("revert", "PUT", "/nodes/pve1/qemu/110/config", &[("revert", "bios")]),
    ("delete while running", "DELETE", "/nodes/pve1/qemu/110", &[]),
    ("task change", "POST", "/nodes/pve1/qemu/110/config", &[("onboot", "1")]),
    ("reset", "POST", "/nodes/pve1/qemu/110/status/reset", &[]),
    ("shut down", "POST", "/nodes/pve1/qemu/110/status/shutdown", &[]),
    ("pending after the stop", "GET", "/nodes/pve1/qemu/110/pending", &[]),
    ("reboot while off", "POST", "/nodes/pve1/qemu/110/status/reboot", &[]),
    ("shut down while off", "POST", "/nodes/pve1/qemu/110/status/shutdown", &[]),
    ("stop while off", "POST", "/nodes/pve1/qemu/110/status/stop", &[]),
    ("grow", "PUT", "/nodes/pve1/qemu/110/resize", &[("disk", "scsi0"), ("size", "+1G")]),
    ("shrink", "PUT", "/nodes/pve1/qemu/110/resize", &[("disk", "scsi0"), ("size", "1G")]),
    ("grow what is not there", "PUT", "/nodes/pve1/qemu/110/resize", &[("disk", "scsi9"), ("size", "1G")]),
    ("detach", "PUT", "/nodes/pve1/qemu/110/config", &[("delete", "scsi1")]),
    ("after detaching", "GET", "/nodes/pve1/qemu/110/config", &[]),
    ("snapshot", "POST", "/nodes/pve1/qemu/110/snapshot", &[("snapname", "s1")]),
    ("snapshot again", "POST", "/nodes/pve1/qemu/110/snapshot", &[("snapname", "s1")]),
    ("snapshots", "GET", "/nodes/pve1/qemu/110/snapshot", &[]),
    ("roll back", "POST", "/nodes/pve1/qemu/110/snapshot/s1/rollback", &[]),
    ("roll back to nothing", "POST", "/nodes/pve1/qemu/110/snapshot/s9/rollback", &[]),
    ("delete snapshot", "DELETE", "/nodes/pve1/qemu/110/snapshot/s1", &[]),
    ("protect", "PUT", "/nodes/pve1/qemu/110/config", &[("protection", "1")]),
    ("delete protected", "DELETE", "/nodes/pve1/qemu/110", &[]),
    ("unprotect", "PUT", "/nodes/pve1/qemu/110/config", &[("delete", "protection")]),
    ("full clone", "POST", "/nodes/pve1/qemu/9000/clone", &[("newid", "111"), ("name", "full"), ("full", "1"), ("storage", "local-lvm")]),
    ("linked clone", "POST", "/nodes/pve1/qemu/9000/clone", &[("newid", "112"), ("name", "linked")]),
    ("clone onto a guest", "POST", "/nodes/pve1/qemu/9000/clone", &[("newid", "110")]),
    ("linked clone to a storage", "POST", "/nodes/pve1/qemu/9000/clone", &[("newid", "113"), ("full", "0"), ("storage", "local-lvm")]),
    ("start a template", "POST", "/nodes/pve1/qemu/9000/status/start", &[]),
    ("configuration of a locked guest", "PUT", "/nodes/pve1/qemu/150/config", &[("cores", "2")]),
    ("start a locked guest", "POST", "/nodes/pve1/qemu/150/status/start", &[]),
    ("delete a locked guest", "DELETE", "/nodes/pve1/qemu/150", &[]),
    ("migrate to itself", "POST", "/nodes/pve1/qemu/110/migrate", &[("target", "pve1")]),
    ("delete", "DELETE", "/nodes/pve1/qemu/110", &[("purge", "1"), ("destroy-unreferenced-disks", "1")]),
    ("after deleting", "GET", "/nodes/pve1/qemu/110/config", &[]),
    ("create pool", "POST", "/pools", &[("poolid", "prod"), ("comment", "c")]),
    ("create pool again", "POST", "/pools", &[("poolid", "prod")]),
    ("pool member", "PUT", "/pools", &[("poolid", "prod"), ("vms", "111")]),
    ("pool member again", "PUT", "/pools", &[("poolid", "prod"), ("vms", "111")]),
    ("pool", "GET", "/pools", &[("poolid", "prod")]),
    ("delete full pool", "DELETE", "/pools", &[("poolid", "prod")]),
    ("unknown pool", "GET", "/pools/none", &[]),
    ("firewall options", "PUT", "/nodes/pve1/qemu/111/firewall/options", &[("enable", "1"), ("policy_in", "DROP")]),
    (
        "firewall rule",
        "POST",
        "/nodes/pve1/qemu/111/firewall/rules",
        &[("type", "in"), ("action", "ACCEPT"), ("proto", "tcp"), ("dport", "22"), ("enable", "1"), ("comment", "ssh")],
    ),
    ("second rule", "POST", "/nodes/pve1/qemu/111/firewall/rules", &[("type", "in"), ("action", "DROP"), ("enable", "1")]),
    ("rules", "GET", "/nodes/pve1/qemu/111/firewall/rules", &[]),
    ("rule that is not there", "GET", "/nodes/pve1/qemu/111/firewall/rules/9", &[]),
    (
        "rule with a stale digest",
        "PUT",
        "/nodes/pve1/qemu/111/firewall/rules/0",
        &[("comment", "x"), ("digest", "0000000000000000000000000000000000000000")],
    ),
    ("move a rule", "PUT", "/nodes/pve1/qemu/111/firewall/rules/0", &[("moveto", "2")]),
    ("rules after the move", "GET", "/nodes/pve1/qemu/111/firewall/rules", &[]),
    ("delete a rule", "DELETE", "/nodes/pve1/qemu/111/firewall/rules/0", &[]),
    ("alias", "POST", "/cluster/firewall/aliases", &[("name", "office"), ("cidr", "10.0.0.0/24")]),
    ("alias again", "POST", "/cluster/firewall/aliases", &[("name", "office"), ("cidr", "10.0.0.0/24")]),
    ("IP set", "POST", "/cluster/firewall/ipset", &[("name", "trusted")]),
    ("member of the IP set", "POST", "/cluster/firewall/ipset/trusted", &[("cidr", "10.2.0.0/16")]),
    ("member again", "POST", "/cluster/firewall/ipset/trusted", &[("cidr", "10.2.0.0/16")]),
    ("delete full IP set", "DELETE", "/cluster/firewall/ipset/trusted", &[]),
    ("storages", "GET", "/storage", &[]),
    ("storage status", "GET", "/nodes/pve1/storage/local-lvm/status", &[]),
    ("offline word", "GET", "/nodes/pve9/qemu", &[]),
    ("unknown task", "GET", "/nodes/pve1/tasks/UPID%3Apve1%3A00000001%3A00000001%3A00000001%3Aqmstart%3A1%3Aroot@pam%3A/status", &[]),
    ("task that is none", "GET", "/nodes/pve1/tasks/nothing/status", &[]),
];

/// What must not be compared: it depends on chance, load or time.
const VOLATILE: &[&str] = &[
    "cpu",
    "cpus",
    "ctime",
    "digest",
    "disk",
    "diskread",
    "diskwrite",
    "level",
    "loadavg",
    "maxcpu",
    "maxdisk",
    "maxmem",
    "mem",
    "memhost",
    "meta",
    "netin",
    "netout",
    "pid",
    "smbios1",
    "snaptime",
    "ssl_fingerprint",
    "starttime",
    "uptime",
    "vmgenid",
];

/// An answer without what may differ.
fn normalised(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let is_volatile = |item: &Value| item["key"].as_str().is_some_and(|key| VOLATILE.contains(&key));
            let mut items: Vec<Value> = items.iter().filter(|item| !is_volatile(item)).map(normalised).collect();
            // The order of lists is the same only where it has a meaning.
            items.sort_by_key(|item| (item["pos"].as_u64(), item.to_string()));
            Value::Array(items)
        }
        Value::Object(fields) => {
            let kept: Map<String, Value> =
                fields.iter().filter(|(name, _)| !VOLATILE.contains(&name.as_str())).map(|(name, value)| (name.clone(), normalised(value))).collect();
            Value::Object(kept)
        }
        Value::String(text) => json!(without_mac(text)),
        other => other.clone(),
    }
}

/// `virtio=BC:24:11:..` with any address as `MAC`.
fn without_mac(text: &str) -> String {
    let parts = text.split(',').map(|part| match part.split_once('=') {
        Some((name, value)) if value.len() == 17 && value.split(':').count() == 6 => format!("{name}=MAC"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join(",")
}

/// Plays the scenario and answers what each step came to.
async fn play(client: &Client) -> BTreeMap<&'static str, String> {
    let mut outcomes = BTreeMap::new();
    for (label, method, path, form) in STEPS {
        let (status, text) = client.send_text(method, path, form).await;
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let outcome = match body["data"].as_str().filter(|data| data.starts_with("UPID:")) {
            Some(upid) => format!("task {}: {}", upid.split(':').nth(5).unwrap_or_default(), client.end_of(upid).await),
            None if status == 200 => normalised(&body["data"]).to_string(),
            None => format!("{status} {} {}", body["message"].as_str().unwrap_or_default().trim(), body.get("errors").unwrap_or(&Value::Null)),
        };
        outcomes.insert(*label, outcome);
    }
    outcomes
}

/// Ends `fakepve` when the test does, however that ends.
pub(crate) struct Lab(Child);

impl Drop for Lab {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

pub(crate) fn start_fakepve() -> (Lab, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxmox/fakepve_lab.py");
    let mut child = Command::new(python::interpreter()).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("ready ").unwrap_or_else(|| panic!("fakepve said {line:?}")).to_owned();
    (Lab(child), url)
}

async fn start_ours() -> (Cluster, Client) {
    let options = ClusterOptions { clock: ClockSource::Stepped(500), ..ClusterOptions::default() };
    let cluster = Cluster::start(options).await.unwrap();
    cluster.change(|world| {
        world.add_template(9000, "tmpl-debian13", "pve1");
        world.add_vm(150, "locked", "pve1", false, &[("lock", "backup")]);
    });
    let client = Client::of(&cluster, Some(cluster.authorization()));
    (cluster, client)
}

/// The explained differences: name of the step -> reason.
fn explained() -> BTreeMap<&'static str, &'static str> {
    let rows = include_str!("../../data/differences.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| line.split_once('\t')).collect()
}

#[tokio::test]
async fn every_difference_to_fakepve_is_explained() {
    if !python::has(&["fakepve"], "what the simulator says against the independent fake `fakepve`") {
        return;
    }
    let (_lab, url) = start_fakepve();
    let theirs = play(&Client::trusting_anyone(&url)).await;
    let (cluster, client) = start_ours().await;
    let ours = play(&client).await;
    assert_eq!(cluster.unserved(), ["GET /nodes/pve1/nothing"]);
    let refusals = cluster.requests().into_iter().filter(|request| request.status != 200);
    let unlisted: Vec<_> =
        refusals.map(|request| request.answer["message"].as_str().unwrap_or_default().trim().to_owned()).filter(|words| !is_listed(words)).collect();
    assert_eq!(unlisted, [""; 0], "refusals that data/errors.tsv does not list");
    let different: BTreeSet<&str> = ours.iter().filter(|(label, outcome)| theirs[*label] != **outcome).map(|(label, _)| *label).collect();
    let explained = explained();
    let new: Vec<String> = different
        .iter()
        .filter(|label| !explained.contains_key(*label))
        .map(|label| format!("{label}\n  fakepve: {}\n  ours:    {}", theirs[label], ours[label]))
        .collect();
    assert!(new.is_empty(), "{} of {} steps differ without an explanation:\n{}", new.len(), STEPS.len(), new.join("\n"));
    let stale: Vec<_> = explained.keys().filter(|label| !different.contains(*label)).collect();
    assert!(stale.is_empty(), "explained, but the same: {stale:?}");
}
