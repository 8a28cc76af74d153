//! Does a list let people in who look after the nodes? The API at port 8006 and SSH, from anywhere.
//!
//! After the rules Proxmox lets in the local network and the set `management` by itself. Whoever comes from elsewhere needs a
//! rule. Security groups are not looked into: what is in them is not known here.

use core_model::diff::Sides;
use core_model::plan::{FieldChange, Risk};
use serde_json::{Map, Value, json};

use crate::firewall::options;
use crate::firewall::rule::Rule;
use crate::firewall::scope::Scope;

/// Port, and the macros that stand for it.
const MANAGEMENT: [(&str, &str); 2] = [("8006", "PMG"), ("22", "SSH")];
/// What a change of these can do.
const CUTTING: [&str; 3] = ["specs.enabled", "specs.policy_in", "specs.rules"];

/// What becomes of packets from anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    LetIn,
    Cut,
    /// No rule says it.
    Open,
}

/// Raises the risk where nodes may be out of reach afterwards.
pub(super) fn weigh(changes: &mut [FieldChange], sides: &Sides<'_>) {
    let scope = Scope::of(sides.desired);
    if !may_cut(&scope, sides) {
        return;
    }
    for change in changes.iter_mut().filter(|change| CUTTING.contains(&change.path.as_str())) {
        change.risk = change.risk.max(Risk::MayDisconnect);
    }
}

fn may_cut(scope: &Scope, sides: &Sides<'_>) -> bool {
    let after = |field: &str| {
        let set = |values: &Map<String, Value>| values.get("specs").and_then(|specs| specs.get(field)).cloned();
        let gone = set(sides.applied).is_some() && field != "rules";
        set(sides.desired).or_else(|| if gone { None } else { set(sides.live) }).unwrap_or_else(|| options::default_of(field, scope.bit()))
    };
    let before = |field: &str| sides.live.get("specs").and_then(|specs| specs.get(field)).cloned().unwrap_or_default();
    let is_on = |enabled: &Value| *enabled == json!(true);
    if !is_on(&after("enabled")) {
        return false;
    }
    match (scope, verdict(&after("rules"))) {
        (Scope::Guest(_), _) | (_, Verdict::LetIn) => false,
        (_, Verdict::Cut) => true,
        (Scope::Cluster, Verdict::Open) => after("policy_in") != json!("accept"),
        // The cluster's rules come after the node's.
        (Scope::Node(_), Verdict::Open) => !is_on(&before("enabled")) || verdict(&before("rules")) == Verdict::LetIn,
    }
}

fn verdict(rules: &Value) -> Verdict {
    let rules: Vec<Rule> = rules.as_array().into_iter().flatten().map(Rule::of_blueprint).collect();
    let verdicts = MANAGEMENT.map(|(port, name)| of_port(&rules, port, name));
    match verdicts {
        [Verdict::LetIn, Verdict::LetIn] => Verdict::LetIn,
        [first, second] if first == Verdict::Cut || second == Verdict::Cut => Verdict::Cut,
        _ => Verdict::Open,
    }
}

fn of_port(rules: &[Rule], port: &str, name: &str) -> Verdict {
    for rule in rules.iter().filter(|rule| rule.is_enabled()) {
        let is_from_anywhere = ["source", "dest", "iface", "sport"].iter().all(|option| rule.get(option).is_none());
        match (rule.get("type"), rule.get("action")) {
            (Some("group"), _) => return Verdict::Cut,
            (Some("in"), Some("ACCEPT")) if matches(rule, port, name) && is_from_anywhere => return Verdict::LetIn,
            (Some("in"), Some("DROP" | "REJECT")) if matches(rule, port, name) => return Verdict::Cut,
            _ => {}
        }
    }
    Verdict::Open
}

fn matches(rule: &Rule, port: &str, name: &str) -> bool {
    let number: u16 = port.parse().unwrap_or_default();
    let holds = |item: &str| match item.split_once(':') {
        Some((first, last)) => first.parse().is_ok_and(|first: u16| first <= number) && last.parse().is_ok_and(|last: u16| number <= last),
        None => item == port || (item == "ssh" && port == "22"),
    };
    rule.get("macro").is_none_or(|wanted| wanted == name)
        && rule.get("proto").is_none_or(|protocol| matches!(protocol, "tcp" | "6"))
        && rule.get("dport").is_none_or(|ports| ports.split(',').any(holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_cut(desired: Value, live: Value) -> bool {
        let values = |specs: Value| json!({"specs": specs}).as_object().cloned().unwrap_or_default();
        let (desired, live, nothing) = (values(desired), values(live), Map::new());
        may_cut(&Scope::of(&desired), &Sides { desired: &desired, applied: &nothing, live: &live, defaults: &nothing, ignore: &[] })
    }

    #[test]
    fn who_looks_after_the_nodes_is_let_in_from_anywhere() {
        let accept = |ports: &[&str]| json!({"direction": "in", "action": "accept", "protocol": "tcp", "ports": ports});
        let office = json!({"direction": "in", "action": "accept", "from": "10.0.0.0/8"});
        let drop = json!({"direction": "in", "action": "drop"});
        let ssh = json!({"direction": "in", "action": "accept", "macro": "SSH"});
        let group = json!({"group": {"external": "web", "name": "web"}});
        for (rules, cut) in [
            (json!([]), true),
            (json!([accept(&["22", "8006"])]), false),
            (json!([accept(&["20-30"]), accept(&["8000-9000"]), drop]), false),
            (json!([ssh, accept(&["8006"])]), false),
            (json!([ssh]), true),
            (json!([office, accept(&["22", "8006"])]), false),
            (json!([office]), true),
            (json!([drop, accept(&["22", "8006"])]), true),
            (json!([group, accept(&["22", "8006"])]), true),
        ] {
            assert_eq!(is_cut(json!({"enabled": true, "rules": rules}), json!({"enabled": false})), cut, "{rules}");
        }
        assert!(!is_cut(json!({"enabled": true, "policy_in": "accept"}), json!({})), "the policy lets everybody in");
        assert!(!is_cut(json!({"rules": [drop]}), json!({"enabled": false})), "it is off");
        assert!(is_cut(json!({"policy_in": "drop"}), json!({"enabled": true, "rules": [ssh]})), "it is on already");
    }

    #[test]
    fn a_node_has_the_rules_of_the_cluster_too() {
        let management = json!({"direction": "in", "action": "accept", "protocol": "tcp", "ports": ["22", "8006"]});
        let drop = json!({"direction": "in", "action": "drop"});
        for (live, rules, cut) in [
            (json!({"enabled": true, "rules": []}), json!([]), false),
            (json!({"enabled": true, "rules": [management]}), json!([]), true),
            (json!({"enabled": true, "rules": []}), json!([drop]), true),
            (json!({"enabled": false, "rules": []}), json!([]), true),
        ] {
            assert_eq!(is_cut(json!({"node": "pve1", "enabled": true, "rules": rules}), live.clone()), cut, "{live} {rules}");
        }
        assert!(!is_cut(json!({"guest": {"external": "web", "name": "web"}, "enabled": true, "rules": [drop]}), json!({})));
    }
}
