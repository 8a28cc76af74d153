//! Which mistakes in a rule does the table not see? Each with what to do about it.

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::Value;

use super::rule::words_of;
use super::scope::Scope;

/// What a rule that includes a group may say.
const OF_GROUPS: [&str; 5] = ["group", "interface", "enabled", "comment", "name"];
const WITH_PORTS: [&str; 10] = ["tcp", "6", "udp", "17", "sctp", "132", "dccp", "33", "udplite", "136"];
const ICMP: [&str; 5] = ["icmp", "1", "icmpv6", "ipv6-icmp", "58"];

/// Of all rules of a resource. `scope` is `None` for those of a security group.
pub(crate) fn of(resource: &DesiredResource, scope: Option<&Scope>) -> Vec<Finding> {
    let rules = resource.spec("rules").and_then(Value::as_array).into_iter().flatten();
    let mut findings = Vec::new();
    for (index, rule) in rules.enumerate() {
        let mut report = |field: &str, summary: &'static str, detail: String, hint: &str| {
            findings.push(Finding { path: format!("specs.rules[{index}].{field}"), summary, detail, hint: Some(hint.to_owned()) });
        };
        if rule.get("group").is_some() {
            group(rule, scope, &mut report);
        } else {
            packets(rule, scope, &mut report);
        }
        words(rule, &mut report);
        interface(rule, scope, &mut report);
    }
    findings
}

type Report<'r> = &'r mut dyn FnMut(&str, &'static str, String, &str);

fn text<'v>(rule: &'v Value, field: &str) -> Option<&'v str> {
    rule.get(field).and_then(Value::as_str)
}

fn group(rule: &Value, scope: Option<&Scope>, report: Report<'_>) {
    if scope.is_none() {
        report("group", "Group in a group", "A security group cannot include another one.".to_owned(), "write its rules here");
    }
    let others = rule.as_object().into_iter().flatten().map(|(field, _)| field.as_str()).filter(|field| !OF_GROUPS.contains(field));
    for field in others {
        let detail = format!("A rule that includes a group takes its packets from the group's rules; `{field}` says nothing here.");
        report(field, "Field not possible here", detail, "leave it out, or write it in the group");
    }
}

fn packets(rule: &Value, scope: Option<&Scope>, report: Report<'_>) {
    for field in ["direction", "action"].into_iter().filter(|field| rule.get(field).is_none()) {
        report(field, "Missing field", format!("A rule needs `{field}`, unless it includes a `group`."), "for example direction: in, action: accept");
    }
    if text(rule, "direction") == Some("forward") {
        if matches!(scope, Some(Scope::Guest(_))) {
            report("direction", "Direction not possible", "A guest forwards no packets that Proxmox looks at.".to_owned(), "write in or out");
        }
        if text(rule, "action") == Some("reject") {
            report("action", "Action not possible", "Packets that are forwarded cannot be rejected.".to_owned(), "write drop");
        }
    }
    let protocol = text(rule, "protocol");
    let is_icmp = protocol.is_some_and(|protocol| ICMP.contains(&protocol));
    for field in ["from_ports", "ports"].into_iter().filter(|field| rule.get(field).is_some()) {
        let fits = protocol.is_some_and(|protocol| WITH_PORTS.contains(&protocol)) || (field == "ports" && is_icmp);
        if !fits {
            report(field, "Ports without a protocol", format!("`{field}` needs a protocol that has ports."), "add protocol: tcp");
        }
    }
    if rule.get("icmp_type").is_some() && !is_icmp {
        report("icmp_type", "Type without ICMP", "`icmp_type` needs the protocol.".to_owned(), "add protocol: icmp");
    }
    for end in ["from", "to"] {
        let said: Vec<String> =
            [end.to_owned(), format!("{end}_list"), format!("{end}_alias")].into_iter().filter(|field| rule.get(field).is_some()).collect();
        if let [first, second, ..] = said.as_slice() {
            report(second, "Said twice", format!("Proxmox takes one of `{first}` and `{second}`."), "leave one out, or write two rules");
        }
    }
}

/// Name and comment are one text in Proxmox, and must be found in it again.
fn words(rule: &Value, report: Report<'_>) {
    if rule.get("enabled") == Some(&Value::Bool(true)) {
        report("enabled", "Needless value", "`enabled` is true, which is so anyway.".to_owned(), "leave `enabled` out");
    }
    let comment = text(rule, "comment").filter(|_| rule.get("name").is_none());
    if let Some((Some(name), _)) = comment.map(words_of) {
        report("comment", "Name in a comment", format!("`{name}` at the beginning of a comment is the rule's name."), "write it as `name`");
    }
}

fn interface(rule: &Value, scope: Option<&Scope>, report: Report<'_>) {
    let Some(interface) = text(rule, "interface") else { return };
    let is_card = interface.strip_prefix("net").is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()));
    match scope {
        None => report(
            "interface",
            "Field not possible here",
            "The rules of a group have no interface.".to_owned(),
            "write it where the group is included",
        ),
        Some(Scope::Guest(_)) if !is_card => {
            report("interface", "Unknown card", format!("`{interface}` is no network card of a guest."), "write net0, net1, ...");
        }
        Some(_) => {}
    }
}
