//! What does the contract suite try? The firewall of each kind of scope with every option, and each kind of name.

use engine_api::contract::Sample;
use engine_proxmox::{Alias, Firewall, IpSet, SecurityGroup};
use serde_json::{Value, json};

use super::{accept, drop_all, named};

pub(super) fn all() -> Vec<Sample> {
    rulesets().into_iter().chain(names()).collect()
}

pub(super) fn rulesets() -> Vec<Sample> {
    vec![cluster(), node(), guest()]
}

pub(super) fn names() -> Vec<Sample> {
    vec![group(), set(), alias()]
}

const ITS_OWN: &str = "the suite knows one place for an object; a test of its own moves a resource to another one";
const ONE_NAME: &str = "the suite knows one name for an object";

/// One rule for each field.
fn rules() -> Value {
    json!([
        {"group": named("base"), "interface": "vmbr0"},
        {"name": "ssh", "comment": "from anywhere", "direction": "in", "action": "accept", "macro": "SSH", "log": "info", "from_list": named("office")},
        {"direction": "out", "action": "reject", "protocol": "udp", "from_ports": ["53"], "ports": ["1000-2000", "53"], "to_alias": named("mail")},
        {"direction": "in", "action": "accept", "protocol": "icmp", "icmp_type": "echo-request", "from": "10.0.0.0/8", "enabled": false},
        drop_all(),
    ])
}

fn cluster() -> Sample {
    let specs = json!({
        "enabled": true, "policy_in": "reject", "policy_out": "drop", "policy_forward": "drop", "ebtables": false, "rules": rules(),
    });
    let moved = json!([rules()[4], rules()[1], accept("8006"), rules()[2]]);
    Sample::new(&Firewall, "edge", json!({"specs": specs, "metadata": {"owner": "@acme/ops"}}))
        .update("specs.rules", moved)
        .update("specs.enabled", json!(false))
        .update("specs.policy_in", json!("drop"))
        .update("specs.policy_out", json!("reject"))
        .update("specs.policy_forward", json!("accept"))
        .update("specs.ebtables", json!(true))
        .update("metadata.owner", json!("@acme/net"))
        .unset("specs.rules")
        .unset("specs.enabled")
        .unset("specs.policy_in")
        .unset("specs.policy_out")
        .unset("specs.policy_forward")
        .unset("specs.ebtables")
        .unset("metadata.owner")
        .by_hand("specs.rules")
        .by_hand("specs.policy_in")
}

fn node() -> Sample {
    let specs = json!({
        "node": "pve1", "enabled": false, "log_level_in": "info", "log_level_out": "err", "log_level_forward": "warning", "ndp": false,
        "nosmurfs": false, "smurf_log_level": "info", "tcpflags": true, "tcp_flags_log_level": "info", "log_nf_conntrack": true,
        "nf_conntrack_allow_invalid": true, "nf_conntrack_helpers": ["ftp", "tftp"], "nf_conntrack_max": 300_000,
        "nf_conntrack_tcp_timeout_established": 8_000, "nf_conntrack_tcp_timeout_syn_recv": 45, "protection_synflood": true,
        "protection_synflood_rate": 300, "protection_synflood_burst": 2_000, "nftables": true, "rules": [accept("8006")],
    });
    let sample = Sample::new(&Firewall, "edge-pve1", json!({"specs": specs})).leave_out("specs.node", ITS_OWN).leave_out("specs.guest", ITS_OWN);
    let updates = [
        ("specs.log_level_in", json!("debug")),
        ("specs.log_level_out", json!("debug")),
        ("specs.log_level_forward", json!("debug")),
        ("specs.ndp", json!(true)),
        ("specs.nosmurfs", json!(true)),
        ("specs.smurf_log_level", json!("debug")),
        ("specs.tcpflags", json!(false)),
        ("specs.tcp_flags_log_level", json!("debug")),
        ("specs.log_nf_conntrack", json!(false)),
        ("specs.nf_conntrack_allow_invalid", json!(false)),
        ("specs.nf_conntrack_helpers", json!(["ftp"])),
        ("specs.nf_conntrack_max", json!(400_000)),
        ("specs.nf_conntrack_tcp_timeout_established", json!(9_000)),
        ("specs.nf_conntrack_tcp_timeout_syn_recv", json!(40)),
        ("specs.protection_synflood", json!(false)),
        ("specs.protection_synflood_rate", json!(400)),
        ("specs.protection_synflood_burst", json!(3_000)),
        ("specs.nftables", json!(false)),
    ];
    let sample = updates.into_iter().fold(sample, |sample, (path, value)| sample.update(path, value).unset(path));
    sample.update("specs.enabled", json!(true)).by_hand("specs.rules")
}

fn guest() -> Sample {
    let specs = json!({
        "guest": named("web-01"), "enabled": true, "policy_in": "accept", "policy_out": "reject", "dhcp": false, "ipfilter": true,
        "macfilter": false, "radv": true,
        "rules": [{"group": named("base"), "interface": "net0"}, accept("443"), drop_all()],
    });
    let sample = Sample::new(&Firewall, "edge-web-01", json!({"specs": specs}));
    let updates = [("specs.dhcp", true), ("specs.ipfilter", false), ("specs.macfilter", true), ("specs.radv", false)];
    let sample = updates.into_iter().fold(sample, |sample, (path, value)| sample.update(path, json!(value)).unset(path));
    sample.update("specs.rules", json!([accept("443"), drop_all()])).by_hand("specs.dhcp")
}

fn group() -> Sample {
    let rules = json!([accept("80"), accept("443"), drop_all()]);
    Sample::new(&SecurityGroup, "web", json!({"specs": {"rules": rules}, "metadata": {"notes": "Ask ops first.", "owner": "@acme/ops"}}))
        .leave_out("specs.name", ONE_NAME)
        .update("specs.rules", json!([accept("443"), accept("8080"), accept("80"), drop_all()]))
        .update("metadata.notes", json!("Nobody knows."))
        .update("metadata.owner", json!("@acme/net"))
        .unset("metadata.notes")
        .unset("metadata.owner")
        .by_hand("specs.rules")
        .by_hand("metadata.notes")
}

fn set() -> Sample {
    let members = json!([
        {"alias": named("mail")},
        {"cidr": "10.0.0.0/8", "comment": "all of it"},
        {"cidr": "10.1.0.0/16", "nomatch": true},
    ]);
    let fewer = json!([{"cidr": "10.0.0.0/8", "nomatch": true}, {"cidr": "10.2.0.1"}]);
    Sample::new(&IpSet, "trusted", json!({"specs": {"members": members}, "metadata": {"notes": "Ask ops first.", "owner": "@acme/ops"}}))
        .leave_out("specs.name", ONE_NAME)
        .update("specs.members", fewer)
        .update("metadata.notes", json!("Nobody knows."))
        .update("metadata.owner", json!("@acme/net"))
        .unset("metadata.notes")
        .unset("metadata.owner")
        .by_hand("specs.members")
}

fn alias() -> Sample {
    Sample::new(&Alias, "proxy", json!({"specs": {"cidr": "10.0.0.9"}, "metadata": {"notes": "Ask ops first.", "owner": "@acme/ops"}}))
        .leave_out("specs.name", ONE_NAME)
        .update("specs.cidr", json!("10.3.0.0/16"))
        .update("metadata.notes", json!("Nobody knows."))
        .update("metadata.owner", json!("@acme/net"))
        .unset("metadata.notes")
        .unset("metadata.owner")
        .by_hand("specs.cidr")
}
