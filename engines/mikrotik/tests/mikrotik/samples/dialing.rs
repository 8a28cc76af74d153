//! What is tried on users and connections of PPP?

use engine_api::contract::{Sample, canary};
use serde_json::json;

use super::sample;

pub(super) fn samples() -> Vec<Sample> {
    let client = json!({
        "interface": "ether2", "user": "acme", "password": canary(), "service": "fast", "profile": "default-encryption", "default_route": true,
        "distance": 5, "peer_dns": true, "mtu": 1480, "enabled": false,
    });
    let client = sample("pppoe-client", "wan", client)
        .update("specs.interface", json!("ether3"))
        .update("specs.user", json!("acme-2"))
        .update("specs.password", json!("another one"))
        .update("specs.service", json!("slow"))
        .update("specs.profile", json!("default"))
        .update("specs.default_route", json!(false))
        .update("specs.distance", json!(6))
        .update("specs.peer_dns", json!(false))
        .update("specs.mtu", json!(1492))
        .update("specs.enabled", json!(true))
        .unset("specs.password")
        .unset("specs.service")
        .unset("specs.profile")
        .unset("specs.default_route")
        .unset("specs.distance")
        .unset("specs.peer_dns")
        .unset("specs.mtu")
        .unset("specs.enabled")
        .by_hand("specs.user");
    vec![client, profile(), secret()]
}

fn profile() -> Sample {
    let profile = json!({
        "local": "10.8.0.1", "remote": "dialled", "dns": ["10.8.0.1", "9.9.9.9"], "encryption": "required", "only_one": "yes",
        "rate_limit": "10M/50M", "address_list": "dialled", "interface_list": "inside", "idle_timeout": 600_000, "session_timeout": 86_400_000,
    });
    sample("ppp-profile", "office", profile)
        .update("specs.local", json!("10.8.0.2"))
        .update("specs.remote", json!("others"))
        .update("specs.dns", json!(["9.9.9.9"]))
        .update("specs.encryption", json!("yes"))
        .update("specs.only_one", json!("no"))
        .update("specs.rate_limit", json!("20M/50M"))
        .update("specs.address_list", json!("others"))
        .update("specs.interface_list", json!("outside"))
        .update("specs.idle_timeout", json!(1_200_000))
        .update("specs.session_timeout", json!(43_200_000))
        .unset("specs.local")
        .unset("specs.remote")
        .unset("specs.dns")
        .unset("specs.encryption")
        .unset("specs.only_one")
        .unset("specs.rate_limit")
        .unset("specs.address_list")
        .unset("specs.interface_list")
        .unset("specs.idle_timeout")
        .unset("specs.session_timeout")
        .by_hand("specs.rate_limit")
}

fn secret() -> Sample {
    let secret = json!({
        "password": canary(), "service": "l2tp", "profile": "default-encryption", "local": "10.8.0.1", "remote": "10.8.0.77",
        "routes": "10.9.0.0/24 10.8.0.77 1", "caller_id": "198.51.100.7", "enabled": false,
    });
    sample("ppp-secret", "anna", secret)
        .update("specs.password", json!("another one"))
        .update("specs.service", json!("pppoe"))
        .update("specs.profile", json!("default"))
        .update("specs.local", json!("10.8.0.2"))
        .update("specs.remote", json!("10.8.0.78"))
        .update("specs.routes", json!("10.9.1.0/24 10.8.0.77 1"))
        .update("specs.caller_id", json!("198.51.100.8"))
        .update("specs.enabled", json!(true))
        .unset("specs.password")
        .unset("specs.service")
        .unset("specs.profile")
        .unset("specs.local")
        .unset("specs.remote")
        .unset("specs.routes")
        .unset("specs.caller_id")
        .unset("specs.enabled")
        .by_hand("specs.service")
}
