//! Nodes that are off, a cluster without a quorum, and networks that are staged.

use serde_json::json;

use crate::client::cluster;

const NETWORK: &str = "/nodes/pve1/network";

#[tokio::test]
async fn a_node_that_is_off_is_not_reached_and_its_guests_are_unknown() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| {
        world.add_vm(100, "a", "pve2", true, &[]);
        world.nodes.get_mut("pve2").unwrap().online = false;
    });
    assert_eq!(client.refused("GET", "/nodes/pve2/qemu/100/config", &[]).await, (595, "No route to host".to_owned()));
    let guests = client.get("/cluster/resources?type=vm").await;
    let status = |vmid: u64| guests.as_array().unwrap().iter().find(|row| row["vmid"] == vmid).unwrap()["status"].clone();
    assert_eq!((status(100), status(9000)), (json!("unknown"), json!("stopped")));
    assert!(client.at(&cluster.url_of("pve2")).send("GET", "/version", &[]).await.is_err(), "its own address is dead");
    client.at(&cluster.url_of("pve3")).get("/version").await;
}

#[tokio::test]
async fn without_a_quorum_nothing_is_written() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.quorate = false);
    assert_eq!(client.refused("POST", "/pools", &[("poolid", "aa")]).await, (500, "cluster not ready - no quorum?".to_owned()));
    let cluster_row = client.get("/cluster/status").await[0].clone();
    assert_eq!(cluster_row["quorate"], 0);
}

#[tokio::test]
async fn a_network_is_true_when_it_was_applied() {
    let (cluster, client) = cluster().await;
    client.ok("POST", NETWORK, &[("iface", "vmbr1"), ("type", "bridge"), ("autostart", "1"), ("bridge_ports", "eno2")]).await;
    let bridges = || cluster.inspect(|world| world.nodes["pve1"].network.contains_key("vmbr1"));
    assert!(!bridges());
    let (_, body) = client.send("GET", NETWORK, &[]).await.unwrap();
    assert!(body["changes"].as_str().unwrap().contains("+iface vmbr1"), "{body}");
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[("net1", "virtio=BC:24:11:00:00:09,bridge=vmbr1")]));
    assert_eq!(client.task("POST", "/nodes/pve1/qemu/100/status/start", &[]).await, "bridge 'vmbr1' does not exist");
    client.ok("DELETE", NETWORK, &[]).await;
    assert_eq!(client.send("GET", NETWORK, &[]).await.unwrap().1.get("changes"), None);
    client.ok("POST", NETWORK, &[("iface", "vmbr1"), ("type", "bridge")]).await;
    assert_eq!(client.task("PUT", NETWORK, &[]).await, "OK");
    assert!(bridges());
    assert_eq!(client.task("POST", "/nodes/pve1/qemu/100/status/start", &[]).await, "OK");
}

#[tokio::test]
async fn a_network_that_contradicts_itself_is_refused() {
    let (_cluster, client) = cluster().await;
    let bridge = |more: (&'static str, &'static str)| [("iface", "vmbr1"), ("type", "bridge"), more];
    for (more, words) in [
        (("bridge_ports", "eno1"), r#"{"bridge_ports":"eno1 is already used on interface 'vmbr0'."}"#),
        (("gateway", "192.0.2.9"), r#"{"gateway":"Default gateway already exists on interface 'vmbr0'."}"#),
    ] {
        let answer = client.refused("POST", NETWORK, &bridge(more)).await;
        assert_eq!(answer, (400, format!("Parameter verification failed. {words}")));
    }
    let twice = client.refused("POST", NETWORK, &[("iface", "vmbr0"), ("type", "bridge")]).await;
    assert_eq!(twice.1, r#"Parameter verification failed. {"iface":"interface already exists"}"#);
}

#[tokio::test]
async fn a_node_that_loses_its_bridge_is_gone() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.nodes.get_mut("pve2").unwrap().network_needs.insert("vmbr0".to_owned()));
    client.ok("DELETE", "/nodes/pve2/network/vmbr0", &[]).await;
    let upid = client.ok("PUT", "/nodes/pve2/network", &[]).await;
    assert!(upid.as_str().unwrap().contains(":srvreload:networking:"));
    assert!(cluster.settle());
    assert_eq!(client.refused("GET", "/nodes/pve2/network", &[]).await.0, 595);
}
