use serde_json::json;

use super::*;

fn named(name: &str) -> Value {
    json!({"external": name, "name": name})
}

/// Every field, there and back: as the author says it, as the API takes it, as it tells it, and as a blueprint would say it.
#[test]
fn rules_round_trip() {
    for value in [
        json!({"direction": "in", "action": "accept", "macro": "SSH", "from": "10.0.0.0/8,10.0.0.1", "interface": "vmbr0", "log": "info", "name": "ssh"}),
        json!({"direction": "out", "action": "drop", "protocol": "tcp", "ports": ["443", "8000-8080", "http"], "from_ports": ["53"], "enabled": false}),
        json!({"direction": "forward", "action": "accept", "from_list": named("office"), "to_alias": named("mail"), "comment": "two words"}),
        json!({"direction": "in", "action": "reject", "from_alias": named("guest/own"), "to_list": named("guest/own"), "name": "a", "comment": "b c"}),
        json!({"direction": "in", "action": "accept", "protocol": "icmp", "icmp_type": "echo-request"}),
        json!({"group": named("web"), "interface": "net0"}),
    ] {
        let rule = Rule::of_blueprint(&value);
        assert_eq!(rule.to_blueprint(), value);
        let row: Map<String, Value> = rule.parameters().into_iter().map(|(name, text)| (name, Value::from(text))).collect();
        assert_eq!(Rule::of_row(&Value::Object(row), &OwnNames::new()), rule, "{value}");
    }
}

#[test]
fn what_others_wrote_has_the_same_form() {
    let own = OwnNames::from(["+own".to_owned()]);
    for (row, expected) in [
        (
            json!({"type": "in", "action": "ACCEPT", "macro": "ssh", "enable": 1, "pos": 0, "digest": "x"}),
            json!({"direction": "in", "action": "accept", "macro": "SSH"}),
        ),
        (json!({"type": "in", "action": "DROP", "source": "+Office"}), json!({"direction": "in", "action": "drop", "from_list": named("office")})),
        (json!({"type": "in", "action": "DROP", "source": "+own"}), json!({"direction": "in", "action": "drop", "from_list": named("guest/own")})),
        (
            json!({"type": "in", "action": "DROP", "dest": "Mail", "enable": 0}),
            json!({"direction": "in", "action": "drop", "to_alias": named("mail"), "enabled": false}),
        ),
        (
            json!({"type": "in", "action": "ACCEPT", "proto": "tcp", "dport": "8080,443,8000:8010", "source": "10.0.0.1/32"}),
            json!({"direction": "in", "action": "accept", "protocol": "tcp", "ports": ["443", "8000-8010", "8080"], "from": "10.0.0.1"}),
        ),
    ] {
        assert_eq!(Rule::of_row(&row, &own).to_blueprint(), expected);
    }
}

#[test]
fn a_change_names_only_what_differs() {
    let former = Rule::of_blueprint(&json!({"direction": "in", "action": "accept", "protocol": "tcp", "ports": ["80"], "comment": "a b"}));
    let wanted = Rule::of_blueprint(&json!({"direction": "in", "action": "drop", "protocol": "tcp", "enabled": false}));
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(wanted.parameters_from(&former), [text("action", "DROP"), text("enable", "0"), text("delete", "comment,dport")]);
    assert_eq!(wanted.parameters_from(&wanted), []);
}

#[test]
fn names_are_found_in_comments() {
    for (text, expected) in [
        ("web-https", (Some("web-https"), None)),
        ("web-https: for the shop", (Some("web-https"), Some("for the shop"))),
        ("Ask ops first: 10 o'clock", (None, Some("Ask ops first: 10 o'clock"))),
        ("two words", (None, Some("two words"))),
    ] {
        assert_eq!(words_of(text), expected);
    }
}
