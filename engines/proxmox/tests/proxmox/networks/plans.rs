//! Does the plan say what would go wrong with a node's network?

use std::sync::Arc;

use core_model::plan::{Action, FieldChange, Risk, Step};
use core_model::schema::Effect;
use engine_api::ErrorKind;
use engine_api::contract::MemoryJournal;
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch, Interface};

use super::{bridge, network, node, option, order, problems, together};
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, refused};
use crate::samples::{file, storage};
use crate::wire::{documented_privileges, log_in_as_ipr};

#[tokio::test]
async fn what_contradicts_itself_is_said_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let cases = [
        ("pve1/vmbr5", json!({"kind": "bridge", "ports": ["eno9"]}), "`specs.ports`: the node has no interface `eno9`."),
        ("pve1/vmbr5", json!({"kind": "bridge", "ports": ["eno1"]}), "`specs.ports`: `eno1` is in `vmbr0` already."),
        ("pve1/vmbr5", json!({"kind": "bridge", "ports": ["eno2"], "mtu": 9000}), "`specs.mtu`: `eno2` takes packets of 1500 bytes, not of 9000."),
        (
            "pve1/vmbr5",
            json!({"kind": "bridge", "address": "10.0.5.1/24", "gateway": "10.0.5.254"}),
            "`specs.gateway`: the node has a default gateway already, on `vmbr0`.",
        ),
        ("pve1/eno9.20", json!({"kind": "vlan"}), "`specs.device`: the node has no interface `eno9`."),
        ("pve9/vmbr5", bridge(), "`metadata.node`: the cluster has no node `pve9`."),
    ];
    for (object, specs, expected) in cases {
        let order = order(&bench, &network(object, specs), None).await;
        assert_eq!(problems(&bench, &[order.step]).await, [expected]);
    }
    let card = network("pve1/eno2", bridge());
    let wanted = bench.resolve(&card, &card.values).await;
    let order = bench.maker.order(&card, Action::Update, &wanted, Vec::new(), Some(&bench.maker.record(&card, &wanted)));
    assert!(problems(&bench, std::slice::from_ref(&order.step)).await[0].contains("only Linux bridges and VLANs are managed"));
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn a_missing_privilege_stands_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let order = order(&bench, &network("pve1/vmbr5", bridge()), None).await;
    let mut privileges = documented_privileges();
    assert!(privileges.remove("Sys.Modify"));
    bench.engine = Arc::new(log_in_as_ipr(&subject.world, privileges));
    let said = problems(&bench, &[order.step]).await;
    assert!(said.len() == 1 && said[0].contains("lacks `Sys.Modify` on `/nodes/pve1`"), "{said:?}");
}

#[tokio::test]
async fn a_bridge_of_machines_and_the_way_to_the_node_are_not_deleted() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = network("pve1/vmbr5", bridge());
    let (_, record) = bring(&bench, &sample, None).await;
    subject.world.cluster.change(|world| {
        world.add_vm(100, "mail", "pve1", false, &[("net1", "virtio=BC:24:11:00:00:09,bridge=vmbr5")]);
        world.add_vm(101, "other", "pve2", false, &[("net1", "virtio=BC:24:11:00:00:0A,bridge=vmbr5")]);
    });
    let delete = bench.maker.delete(&sample, &record);
    assert_eq!(problems(&bench, &[delete.step]).await, ["`vmbr5` is the bridge of `mail` (100)."]);
    let way = network("pve1/vmbr0", json!({"kind": "bridge", "ports": ["eno1"]}));
    let wanted = bench.resolve(&way, &way.values).await;
    let delete = bench.maker.delete(&way, &bench.maker.record(&way, &wanted));
    assert_eq!(delete.step.risk, Risk::MayDisconnect);
    let said = problems(&bench, &[delete.step]).await;
    assert!(said.iter().any(|detail| detail.starts_with("`pve1/vmbr0` carries 192.0.2.11, by which the node `pve1` is reached")), "{said:?}");
    let notes = bench.observe(&[&way]).await.notes;
    assert_eq!(notes, ["`pve1/vmbr0` carries 192.0.2.11, by which the node `pve1` is reached: a mistake there cuts it off."]);
}

/// Another card of the same guest, or a guest of another kind that has its name, says nothing of this card.
#[tokio::test]
async fn a_card_that_stays_keeps_its_bridge() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = network("pve1/vmbr5", bridge());
    let (_, record) = bring(&bench, &sample, None).await;
    subject.world.cluster.change(|world| {
        let cards = [("net0", "virtio=BC:24:11:00:00:09,bridge=vmbr1"), ("net1", "virtio=BC:24:11:00:00:0A,bridge=vmbr5")];
        world.add_vm(100, "mail", "pve1", false, &cards);
    });
    let delete = bench.maker.delete(&sample, &record).step;
    let guest = machine("mail", json!({"specs": {"os": "debian-13"}}));
    let wanted = bench.resolve(&guest, &guest.values).await;
    let said_with = async |type_name: &str, path: &str, after: Value| {
        let change = FieldChange { path: path.to_owned(), before: json!("vmbr9"), after, effect: Effect::InPlace, risk: Risk::None, unset: false };
        let mut step = bench.maker.order(&guest, Action::Update, &wanted, vec![change], None).step;
        step.type_name = type_name.to_owned();
        let said = problems(&bench, &[delete.clone(), step]).await;
        said.iter().any(|detail| detail.contains("`vmbr5` is the bridge of `mail` (100)"))
    };
    assert!(said_with("compute", "specs.network.bridge", json!("vmbr0")).await, "another card");
    assert!(said_with("container", "specs.networks.net1.bridge", json!("vmbr0")).await, "another kind of guest");
    assert!(said_with("compute", "specs.networks.net1.bridge", json!("vmbr5")).await, "into this very bridge");
    assert!(!said_with("compute", "specs.networks.net1.bridge", json!("vmbr0")).await);
}

/// Guests that cannot be seen may be in any bridge, and use any storage and file.
#[tokio::test]
async fn what_cannot_be_seen_is_not_unused() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let (interface, store) = (network("pve1/vmbr5", bridge()), storage("data", json!({"specs": {"kind": "dir", "path": "/srv/a"}})));
    let iso = file(
        json!({"specs": {"name": "b.iso", "storage": "local", "content": "iso", "url": "https://x.example/b.iso"}, "metadata": {"node": "pve1"}}),
    );
    let (_, first) = bring(&bench, &interface, None).await;
    let (_, second) = bring(&bench, &store, None).await;
    let wanted = bench.resolve(&iso, &iso.values).await;
    let third = bench.maker.record(&iso, &wanted);
    let orders = [bench.maker.delete(&interface, &first), bench.maker.delete(&store, &second), bench.maker.delete(&iso, &third)];
    let mut privileges = documented_privileges();
    privileges.insert("Datastore.Allocate".to_owned());
    assert!(privileges.remove("VM.Audit"));
    bench.engine = Arc::new(log_in_as_ipr(&subject.world, privileges));
    for order in &orders {
        let said = problems(&bench, std::slice::from_ref(&order.step)).await;
        assert!(said.len() == 1 && said[0].starts_with("Nobody can tell") && said[0].contains("`VM.Audit` on `/vms`"), "{said:?}");
    }
    for order in &orders[1..] {
        assert_eq!(refused(&bench, order).await.kind, ErrorKind::Unauthorised);
    }
}

/// One check that cannot be made hides nothing that the others found.
#[tokio::test]
async fn a_check_that_fails_takes_nothing_from_the_others() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let interface = order(&bench, &network("pve1/vmbr5", bridge()), None).await.step;
    let elsewhere = storage("data", json!({"specs": {"kind": "dir", "path": "/srv/a", "nodes": ["pve9"]}}));
    let steps = [interface, order(&bench, &elsewhere, None).await.step];
    let fault = Fault::StatusBefore(500, "unable to open file".to_owned());
    subject.world.cluster.fail(FaultMatch::new("GET", "/nodes/pve1/network"), fault, 9);
    let said = problems(&bench, &steps).await;
    assert!(said.iter().any(|detail| detail.contains("no node `pve9`")), "{said:?}");
    assert!(said.iter().any(|detail| detail.contains("could not be checked") && detail.contains("unable to open file")), "{said:?}");
}

/// Proxmox takes such a port, and the node loses the address.
#[tokio::test]
async fn a_port_with_an_address_by_dhcp_is_refused() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    for method in ["method", "method6"] {
        let word = if method == "method" { "dhcp" } else { "auto" };
        node(&subject, "pve1", |node| drop(node.network.get_mut("eno2").unwrap().options.insert(method.to_owned(), word.to_owned())));
        let order = order(&bench, &network("pve1/vmbr5", json!({"kind": "bridge", "ports": ["eno2"]})), None).await;
        assert_eq!(order.step.risk, Risk::MayDisconnect);
        let said = problems(&bench, &[order.step]).await;
        assert!(said.len() == 1 && said[0].contains("`eno2` gets an address by DHCP"), "{said:?}");
        node(&subject, "pve1", |node| drop(node.network.get_mut("eno2").unwrap().options.remove(method)));
    }
}

#[tokio::test]
async fn a_bond_takes_packets_as_large_as_its_bridges() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    node(&subject, "pve1", |node| drop(node.network.insert("bond0".to_owned(), Interface::new(&[("type", "bond"), ("slaves", "eno2")]))));
    let large = network("pve1/vmbr5", json!({"kind": "bridge", "ports": ["bond0"], "mtu": 9000}));
    let order = order(&bench, &large, None).await;
    assert_eq!(problems(&bench, std::slice::from_ref(&order.step)).await, [""; 0]);
    bench.must(&large, &order).await;
}

/// In one plan: what the one gives up the other takes.
#[tokio::test]
async fn a_port_and_the_gateway_move_from_one_bridge_to_another() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    node(&subject, "pve3", |node| drop(node.network.get_mut("vmbr0").unwrap().options.remove("gateway")));
    let address = |number: u8| format!("10.0.{number}.1/24");
    let old = network("pve3/vmbr5", json!({"kind": "bridge", "ports": ["eno2"], "address": address(5), "gateway": "10.0.5.254"}));
    let (_, record) = bring(&bench, &old, None).await;
    let less = network("pve3/vmbr5", json!({"kind": "bridge", "address": address(5)}));
    let more = network("pve3/vmbr6", json!({"kind": "bridge", "ports": ["eno2"], "address": address(6), "gateway": "10.0.6.254"}));
    let orders = [order(&bench, &less, Some(&record)).await, order(&bench, &more, None).await];
    let steps: Vec<Step> = orders.iter().map(|order| order.step.clone()).collect();
    assert_eq!(problems(&bench, &steps).await, [""; 0]);
    assert_eq!(problems(&bench, &steps[1..]).await.len(), 2, "alone it would be a second of both");
    together(&bench, &orders, &MemoryJournal::new()).await.unwrap();
    assert_eq!(option(&subject, "pve3/vmbr5", "gateway"), None);
    assert_eq!(option(&subject, "pve3/vmbr6", "bridge_ports").as_deref(), Some("eno2"));
}

/// A machine whose bridge the same plan makes.
#[tokio::test]
async fn a_machine_comes_after_its_bridge() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let made = order(&bench, &network("pve1/vmbr5", bridge()), None).await.step;
    let values = json!({"specs": {"os": "debian-13", "network": {"bridge": "vmbr5"}}, "metadata": {"node": "pve1"}});
    let mut guest = order(&bench, &machine("web-01", values), None).await.step;
    assert_eq!(problems(&bench, std::slice::from_ref(&guest)).await, ["`specs.network.bridge`: the node `pve1` has no bridge `vmbr5`."]);
    let said = problems(&bench, &[made.clone(), guest.clone()]).await;
    assert!(said.len() == 1 && said[0].contains("`vmbr5` is made by `suite.network-pve1-vmbr5`"), "{said:?}");
    guest.waits_for.insert(made.address.clone());
    assert_eq!(problems(&bench, &[made, guest]).await, [""; 0]);
}

/// What Proxmox would turn into something else at the first change.
#[tokio::test]
async fn an_address_that_comes_by_dhcp_is_left_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    node(&subject, "pve1", |node| drop(node.network.get_mut("vmbr1").unwrap().options.insert("method".to_owned(), "dhcp".to_owned())));
    let sample = network("pve1/vmbr1", json!({"kind": "bridge", "mtu": 1400}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.plan(&sample, &wanted, Some(&bench.maker.record(&sample, &wanted))).await.unwrap();
    assert!(problems(&bench, std::slice::from_ref(&order.step)).await[0].contains("its address comes by DHCP"));
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Rejected);
    assert_eq!(option(&subject, "pve1/vmbr1", "mtu"), None);
}

#[tokio::test]
async fn mistakes_are_told_at_their_field() {
    let cases = [
        ("pve1/pve1-lan", json!({"kind": "bridge"}), "specs.name"),
        ("pve1/abcdefghijkl.4094", json!({"kind": "vlan"}), "specs.name"),
        ("pve1/vmbr5", json!({"kind": "bridge", "vlan": 20}), "specs.vlan"),
        ("pve1/vmbr5", json!({"kind": "bridge", "vids": ["10"]}), "specs.vids"),
        ("pve1/eno1.20", json!({"kind": "vlan", "vlan": 30}), "specs.vlan"),
        ("pve1/lan", json!({"kind": "vlan", "vlan": 30}), "specs.kind"),
        ("pve1/vlan20", json!({"kind": "vlan", "device": "eno1", "ports": ["eno2"]}), "specs.ports"),
        ("pve1/vmbr5", json!({"kind": "bridge", "address": "fd00::1/64"}), "specs.address"),
        ("pve1/vmbr5", json!({"kind": "bridge", "address": "10.0.0.1"}), "specs.address"),
        ("pve1/vmbr5", json!({"kind": "bridge", "gateway": "10.0.0.1"}), "specs.gateway"),
    ];
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    for (object, specs, expected) in cases {
        let sample = network(object, specs);
        let found = sample.kind.validate(&bench.maker.desired(&sample, &sample.values));
        assert_eq!(found.iter().map(|finding| finding.path.as_str()).collect::<Vec<_>>(), [expected], "{found:?}");
    }
}
