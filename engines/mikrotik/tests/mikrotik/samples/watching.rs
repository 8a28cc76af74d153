//! What is tried on what a router says of itself and does by itself?

use engine_api::contract::{Sample, canary};
use serde_json::json;

use super::sample;

pub(super) fn samples() -> Vec<Sample> {
    let central = json!({
        "target": "remote", "remote": "10.0.0.9", "port": 1514, "from": "10.0.20.1", "lines": 50, "topics": ["!dns,info", "critical"],
    });
    let central = sample("logging", "central", central)
        .update("specs.target", json!("memory"))
        .update("specs.remote", json!("10.0.0.10"))
        .update("specs.port", json!(1515))
        .update("specs.from", json!("10.0.20.2"))
        .update("specs.lines", json!(60))
        .update("specs.topics", json!(["!dns,info", "warning"]))
        .unset("specs.remote")
        .unset("specs.port")
        .unset("specs.from")
        .unset("specs.lines")
        .unset("specs.topics")
        .by_hand("specs.remote");
    let nightly = json!({"runs": ":log info night", "interval": 86_400_000, "start": "03:00:00", "may": ["read", "test"], "enabled": false});
    let nightly = sample("scheduler", "nightly", nightly)
        .update("specs.runs", json!(":log info \"good night\""))
        .update("specs.interval", json!(43_200_000))
        .update("specs.start", json!("startup"))
        .update("specs.may", json!(["read", "test", "write"]))
        .update("specs.enabled", json!(true))
        .unset("specs.interval")
        .unset("specs.start")
        .unset("specs.may")
        .unset("specs.enabled")
        .by_hand("specs.runs");
    vec![central, nightly, community()]
}

fn community() -> Sample {
    let community = json!({
        "from": ["10.0.0.0/8"], "security": "private", "reads": false, "writes": true, "auth": "SHA1", "auth_password": canary(),
        "encryption": "AES", "encryption_password": canary(), "enabled": false,
    });
    sample("snmp-community", "monitoring", community)
        .update("specs.from", json!(["10.0.0.9"]))
        .update("specs.security", json!("authorized"))
        .update("specs.reads", json!(true))
        .update("specs.writes", json!(false))
        .update("specs.auth", json!("MD5"))
        .update("specs.auth_password", json!("another one"))
        .update("specs.encryption", json!("DES"))
        .update("specs.encryption_password", json!("yet another one"))
        .update("specs.enabled", json!(true))
        .unset("specs.from")
        .unset("specs.security")
        .unset("specs.reads")
        .unset("specs.writes")
        .unset("specs.auth")
        .unset("specs.auth_password")
        .unset("specs.encryption")
        .unset("specs.encryption_password")
        .unset("specs.enabled")
        .by_hand("specs.from")
}
