//! What is tried on OSPF and BGP?

use engine_api::contract::{Sample, canary};
use serde_json::{Map, Value, json};
use test_sim_routeros::Version;

use super::sample;

/// Instances of BGP came with this version.
const WITH_INSTANCES: Version = Version::V7_20;

pub(super) fn samples(version: Version) -> Vec<Sample> {
    let mut samples = vec![ospf_instance(), ospf_area(), ospf_interface(), bgp_template(), bgp_connection(version)];
    samples.extend((version >= WITH_INSTANCES).then(bgp_instance));
    samples
}

fn ospf_instance() -> Sample {
    let instance = json!({
        "version": 3, "router_id": "10.255.0.1", "vrf": "outside", "redistribute": ["connected", "static"], "default_route": "always",
        "in_filter": "ospf-in", "out_filter": "ospf-out", "enabled": false,
    });
    sample("ospf-instance", "ours", instance)
        .update("specs.version", json!(2))
        .update("specs.router_id", json!("10.255.0.2"))
        .update("specs.vrf", json!("main"))
        .update("specs.redistribute", json!(["bgp", "connected"]))
        .update("specs.default_route", json!("if-installed"))
        .update("specs.in_filter", json!("ospf-in-2"))
        .update("specs.out_filter", json!("ospf-out-2"))
        .update("specs.enabled", json!(true))
        .unset("specs.version")
        .unset("specs.router_id")
        .unset("specs.vrf")
        .unset("specs.redistribute")
        .unset("specs.default_route")
        .unset("specs.in_filter")
        .unset("specs.out_filter")
        .unset("specs.enabled")
        .by_hand("specs.router_id")
}

fn ospf_area() -> Sample {
    sample("ospf-area", "branches", json!({"instance": "v2", "number": "0.0.0.1", "kind": "stub", "default_cost": 5, "enabled": false}))
        .update("specs.instance", json!("other"))
        .update("specs.number", json!("0.0.0.2"))
        .update("specs.kind", json!("nssa"))
        .update("specs.default_cost", json!(6))
        .update("specs.enabled", json!(true))
        .unset("specs.number")
        .unset("specs.kind")
        .unset("specs.default_cost")
        .unset("specs.enabled")
        .by_hand("specs.number")
}

fn ospf_interface() -> Sample {
    let template = json!({
        "area": "backbone", "interfaces": ["ether2", "ether3"], "networks": ["10.0.20.0/24"], "kind": "ptp", "cost": 10, "priority": 1,
        "hello": 5_000, "dead": 20_000, "auth": "sha256", "auth_id": 1, "auth_key": canary(), "bfd": true, "enabled": false,
    });
    sample("ospf-interface", "inside", template)
        .update("specs.area", json!("edge"))
        .update("specs.interfaces", json!(["ether2"]))
        .update("specs.networks", json!(["10.0.20.0/24", "10.0.21.0/24"]))
        .update("specs.kind", json!("nbma"))
        .update("specs.cost", json!(20))
        .update("specs.priority", json!(2))
        .update("specs.hello", json!(2_000))
        .update("specs.dead", json!(8_000))
        .update("specs.auth", json!("sha512"))
        .update("specs.auth_id", json!(2))
        .update("specs.auth_key", json!("another one"))
        .update("specs.bfd", json!(false))
        .update("specs.enabled", json!(true))
        .unset("specs.interfaces")
        .unset("specs.networks")
        .unset("specs.kind")
        .unset("specs.cost")
        .unset("specs.priority")
        .unset("specs.hello")
        .unset("specs.dead")
        .unset("specs.auth")
        .unset("specs.auth_id")
        .unset("specs.auth_key")
        .unset("specs.bfd")
        .unset("specs.enabled")
        .by_hand("specs.cost")
}

fn bgp_instance() -> Sample {
    sample("bgp-instance", "ours", json!({"as": 65_001, "router_id": "10.255.0.1", "table": "wan", "vrf": "outside", "enabled": false}))
        .update("specs.as", json!(4_200_000_001_u32))
        .update("specs.router_id", json!("10.255.0.2"))
        .update("specs.table", json!("main"))
        .update("specs.vrf", json!("inside"))
        .update("specs.enabled", json!(true))
        .unset("specs.router_id")
        .unset("specs.table")
        .unset("specs.vrf")
        .unset("specs.enabled")
        .by_hand("specs.as")
}

/// What templates and connections can say both.
fn session() -> Map<String, Value> {
    let session = json!({
        "as": 65_001, "hold_time": 90_000, "keepalive": 30_000, "multihop": true, "bfd": true, "table": "wan", "in_filter": "bgp-in",
        "out_filter": "bgp-out", "networks": "told", "redistribute": ["connected", "static"], "default_route": "always", "enabled": false,
    });
    session.as_object().cloned().unwrap()
}

fn with_session(sample: Sample) -> Sample {
    sample
        .update("specs.as", json!(65_002))
        .update("specs.hold_time", json!(180_000))
        .update("specs.keepalive", json!(60_000))
        .update("specs.multihop", json!(false))
        .update("specs.bfd", json!(false))
        .update("specs.table", json!("main"))
        .update("specs.in_filter", json!("bgp-in-2"))
        .update("specs.out_filter", json!("bgp-out-2"))
        .update("specs.networks", json!("others"))
        .update("specs.redistribute", json!(["ospf", "static"]))
        .update("specs.default_route", json!("never"))
        .update("specs.enabled", json!(true))
        .unset("specs.as")
        .unset("specs.hold_time")
        .unset("specs.keepalive")
        .unset("specs.multihop")
        .unset("specs.bfd")
        .unset("specs.table")
        .unset("specs.in_filter")
        .unset("specs.out_filter")
        .unset("specs.networks")
        .unset("specs.redistribute")
        .unset("specs.default_route")
        .unset("specs.enabled")
}

fn bgp_template() -> Sample {
    with_session(sample("bgp-template", "providers", Value::Object(session()))).by_hand("specs.as")
}

fn bgp_connection(version: Version) -> Sample {
    let mut specs = session();
    let own = json!({"template": "default", "role": "ebgp", "local": "192.0.2.1", "peer": "192.0.2.2", "peer_as": 65_010, "password": canary()});
    specs.extend(own.as_object().cloned().unwrap());
    if version >= WITH_INSTANCES {
        specs.insert("instance".to_owned(), json!("ours"));
    }
    let connection = with_session(sample("bgp-connection", "upstream", Value::Object(specs)))
        .update("specs.template", json!("providers"))
        .update("specs.role", json!("ibgp"))
        .update("specs.local", json!("192.0.2.3"))
        .update("specs.peer", json!("192.0.2.4"))
        .update("specs.peer_as", json!(65_011))
        .update("specs.password", json!("another one"))
        .unset("specs.template")
        .unset("specs.local")
        .unset("specs.peer_as")
        .unset("specs.password")
        .by_hand("specs.peer_as");
    if version >= WITH_INSTANCES {
        connection.update("specs.instance", json!("theirs")).unset("specs.instance")
    } else {
        connection.leave_out("specs.instance", "it exists from 7.20 on")
    }
}
