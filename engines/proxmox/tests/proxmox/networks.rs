//! Are bridges and VLANs of nodes read and changed as their table says?

mod batches;
mod given_up;
mod plans;

use std::sync::Arc;

use async_trait::async_trait;
use core_model::plan::Step;
use core_model::record::AppliedResource;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, HeldLease, MemoryJournal, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind, Order};
use engine_proxmox::Network;
use serde_json::{Value, json};
use test_sim_proxmox::{Interface, Node};

use crate::contract::ProxmoxSubject;
use crate::rig::plan;
use crate::world::OWNER;

/// The engine on a simulated cluster, asked about networks.
struct NetworkSubject(ProxmoxSubject);

impl NetworkSubject {
    async fn new() -> Self {
        Self(ProxmoxSubject::new().await)
    }
}

pub(crate) fn network(object: &str, specs: Value) -> Sample {
    let (node, name) = object.split_once('/').unwrap();
    let mut specs = specs;
    specs["name"] = json!(name);
    Sample::new(&Network, object, json!({"specs": specs, "metadata": {"node": node}}))
}

pub(crate) fn node<T>(subject: &ProxmoxSubject, name: &str, edit: impl FnOnce(&mut Node) -> T) -> T {
    subject.world.cluster.change(|world| edit(world.nodes.get_mut(name).unwrap()))
}

/// An option of an interface as it is in force.
pub(crate) fn option(subject: &ProxmoxSubject, object: &str, option: &str) -> Option<String> {
    let (place, name) = object.split_once('/').unwrap();
    node(subject, place, |node| node.network.get(name).and_then(|interface| interface.options.get(option).cloned()))
}

#[async_trait]
impl Subject for NetworkSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.engine()
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        vec![&Network]
    }

    fn samples(&self) -> Vec<Sample> {
        let specs = json!({"name": "vmbr5", "kind": "bridge", "ports": ["eno2"], "vlan_aware": true, "vids": ["10", "100-200"], "address": "10.0.5.1/24",
            "address6": "fd00:5::1/64", "gateway6": "fd00:5::ff", "mtu": 1400, "autostart": false});
        let metadata = json!({"node": "pve1", "notes": "Ask ops first.\n\nThen ask again.", "owner": "@acme/ops"});
        let elsewhere = "on another node, or under another name, it is another interface";
        let bridge = Sample::new(&Network, "pve1/vmbr5", json!({"specs": specs, "metadata": metadata}))
            .update("specs.ports", json!([]))
            .update("specs.vids", json!(["10"]))
            .update("specs.address", json!("10.0.6.1/24"))
            .update("specs.address6", json!("fd00:6::1/64"))
            .update("specs.gateway6", json!("fd00:5::fe"))
            .update("specs.mtu", json!(1450))
            .update("specs.autostart", json!(true))
            .update("metadata.notes", json!("Ask nobody."))
            .update("metadata.owner", json!("@acme/web"))
            .unset("specs.ports")
            .unset("specs.vids")
            .unset("specs.address")
            .unset("specs.address6")
            .unset("specs.gateway6")
            .unset("specs.mtu")
            .unset("specs.autostart")
            .unset("metadata.notes")
            .unset("metadata.owner")
            .by_hand("specs.mtu")
            .by_hand("metadata.notes")
            .leave_out("specs.name", elsewhere)
            .leave_out("metadata.node", elsewhere);
        let aware =
            network("pve2/vmbr6", json!({"kind": "bridge", "vlan_aware": true})).update("specs.vlan_aware", json!(false)).unset("specs.vlan_aware");
        let default = "the node has one, and two would contradict each other; a test of its own moves it";
        let vlan = network("pve1/lan", json!({"kind": "vlan", "device": "eno2", "vlan": 20}))
            .update("specs.kind", json!("bridge"))
            .update("specs.device", json!("eno1"))
            .update("specs.vlan", json!(30))
            .unset("specs.device")
            .unset("specs.vlan")
            .leave_out("specs.gateway", default);
        vec![bridge, aware, vlan, network("pve2/eno2.20", json!({"kind": "vlan", "address": "10.0.20.2/24"}))]
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.0.remove_all().await;
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        let (place, name) = sample.object.split_once('/').unwrap();
        node(&self.0, place, |node| {
            let options = &mut node.network.get_mut(name).unwrap().options;
            match path {
                "specs.mtu" => drop(options.insert("mtu".to_owned(), "1300".to_owned())),
                "metadata.notes" => options.get_mut("comments").into_iter().for_each(|text| *text = text.replace("Ask ops", "Ask me")),
                other => panic!("nobody changes `{other}` by hand"),
            }
        });
    }

    async fn make_foreign(&self, sample: &Sample) {
        let (place, name) = sample.object.split_once('/').unwrap();
        let kind = sample.values["specs"]["kind"].as_str().unwrap();
        let theirs = Interface::new(&[("type", kind), ("autostart", "1"), ("comments", "Theirs."), ("vlan-raw-device", "eno2"), ("vlan-id", "20")]);
        let theirs = if kind == "bridge" { Interface::new(&[("type", "bridge"), ("autostart", "1"), ("comments", "Theirs.")]) } else { theirs };
        node(&self.0, place, |node| node.network.insert(name.to_owned(), theirs));
    }

    /// The node is off.
    async fn hide(&self, sample: &Sample) -> bool {
        node(&self.0, sample.object.split_once('/').unwrap().0, |node| node.online = false);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        self.0.provoke(kind, bench).await
    }
}

mod contract {
    engine_api::contract_tests!(super::NetworkSubject::new().await);
}

pub(crate) fn staged(subject: &ProxmoxSubject, name: &str) -> bool {
    node(subject, name, |node| node.network_staged.is_some())
}

/// As somebody does in the web interface, who does not press "apply".
pub(crate) fn stage_by_hand(subject: &ProxmoxSubject, place: &str, name: &str, options: &[(&str, &str)]) {
    node(subject, place, |node| {
        let mut network = node.network_staged.clone().unwrap_or_else(|| node.network.clone());
        network.entry(name.to_owned()).or_default().options.extend(Interface::new(options).options);
        node.network_staged = Some(network);
    });
}

pub(crate) async fn order(bench: &Bench<'_>, sample: &Sample, record: Option<&AppliedResource>) -> Order {
    plan(bench, sample, record).await.unwrap().0
}

/// Carries out several steps of one node as the executor does.
pub(crate) async fn together(bench: &Bench<'_>, orders: &[Order], journal: &MemoryJournal) -> Result<(), EngineError> {
    let domain = bench.engine.lock_domain(&orders[0].step);
    assert!(bench.engine.batches(&domain));
    let first = bench.gate(&orders[0].step.digest, journal, &HeldLease);
    bench.engine.open(&domain, orders, &first).await?;
    for order in orders {
        bench.engine.apply(order, &bench.gate(&order.step.digest, journal, &HeldLease)).await?;
    }
    bench.engine.confirm(&domain, &first).await
}

pub(crate) async fn problems(bench: &Bench<'_>, steps: &[Step]) -> Vec<String> {
    bench.engine.preflight(steps).await.unwrap().into_iter().map(|problem| problem.detail).collect()
}

pub(crate) fn bridge() -> Value {
    json!({"kind": "bridge"})
}
