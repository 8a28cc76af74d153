//! What is tried on each table of each firewall? Rules that say everything a rule can say there, then all of it otherwise, then little.

use engine_api::contract::Sample;
use serde_json::{Value, json};

use super::sample;

/// Addresses of one family.
struct Family {
    name: &'static str,
    networks: [&'static str; 4],
    hosts: [&'static str; 2],
}

const FAMILIES: [Family; 2] = [
    Family { name: "ipv4", networks: ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24"], hosts: ["10.0.20.11", "10.0.20.12"] },
    Family { name: "ipv6", networks: ["fd00:1::/64", "fd00:2::/64", "fd00:3::/64", "fd00:4::/64"], hosts: ["fd00:20::11", "fd00:20::12"] },
];
/// Each table, and a chain that packets pass there.
const TABLES: [(&str, &str); 4] = [("filter", "forward"), ("nat", "dstnat"), ("mangle", "forward"), ("raw", "prerouting")];

/// One sample for each table of a family.
pub(crate) fn samples(family: &str) -> Vec<Sample> {
    let family = FAMILIES.iter().find(|known| known.name == family).unwrap();
    let of_table = |(table, chain): (&str, &str)| {
        let specs = json!({"table": table, "family": family.name, "chain": chain, "manage": "section", "rules": rules(table, family, 0)});
        let sample = sample("firewall", &format!("{table}-{}", family.name), specs);
        sample.update("specs.rules", rules(table, family, 1)).update("specs.rules", few(table))
    };
    TABLES.into_iter().map(of_table).collect()
}

/// All that rules of the table can say; with `turn` 1 all of it otherwise, and the last two rules have changed places.
fn rules(table: &str, family: &Family, turn: usize) -> Value {
    let [first, second] = [turn, turn + 2].map(|index| family.networks[index]);
    let either = |words: [&'static str; 2]| words[turn];
    let mut wide = json!({
        "name": "wide", "action": either(["accept", "log"]), "protocol": either(["tcp", "sctp"]), "from": first, "to": second,
        "from_ports": [either(["1024-65535", "2048-65535"])], "ports": [either(["443", "8443"])],
        "in": either(["ether2", "ether4"]), "out": either(["ether3", "ether5"]), "log": true, "log_prefix": either(["wide", "narrow"]),
        "enabled": false, "more": {"limit": either(["10,5:packet", "20,5:packet"])},
    });
    if ["filter", "mangle"].contains(&table) {
        wide["state"] = json!(if turn == 0 { vec!["established", "related"] } else { vec!["new"] });
    }
    let mut listed = json!({
        "name": "listed", "action": "return", "from_list": either(["friends", "foes"]), "to_list": either(["servers", "printers"]),
        "in_list": either(["static", "all"]), "out_list": either(["all", "static"]),
    });
    // What is so anyway is not said in a list: it can be set only where it was left out.
    if turn == 1 {
        listed["log"] = json!(true);
        listed["enabled"] = json!(false);
    }
    let away = json!({"name": "away", "action": "jump", "jump": either(["elsewhere", "nowhere"])});
    let mut rules = vec![wide, listed, away];
    rules.extend(match table {
        "filter" => Some(json!({"name": "no", "action": "reject", "protocol": "tcp", "reject_with": either(["tcp-reset", "icmp-port-unreachable"])})),
        "nat" => Some(json!({
            "name": "inward", "action": "dst-nat", "protocol": "tcp", "ports": ["8080"], "to_address": family.hosts[turn],
            "to_ports": either(["80", "443"]),
        })),
        _ => None,
    });
    let mut last = vec![json!({"name": "stays", "action": "accept", "protocol": "udp"}), json!({"name": "moves", "action": "accept"})];
    if turn == 1 {
        last.reverse();
    }
    rules.extend(last);
    Value::Array(rules)
}

/// The same rules without what can be left out.
fn few(table: &str) -> Value {
    let mut rules = vec![
        json!({"name": "wide", "action": "log"}),
        json!({"name": "listed", "action": "return"}),
        json!({"name": "away", "action": "accept"}),
        json!({"name": "stays", "action": "accept", "protocol": "udp"}),
    ];
    rules.extend(match table {
        "filter" => Some(json!({"name": "no", "action": "reject", "protocol": "tcp"})),
        "nat" => Some(json!({"name": "inward", "action": "dst-nat", "protocol": "tcp", "ports": ["8080"]})),
        _ => None,
    });
    Value::Array(rules)
}
