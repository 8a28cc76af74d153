use super::{Names, canonical};
use crate::tables::Kind;

struct Ether;

impl Names for Ether {
    fn has(&self, _: &str, name: &str) -> bool {
        name.starts_with("ether")
    }
}

fn shown(kind: &str, text: &str) -> Result<String, String> {
    let kind = Kind::parse(kind).expect("the kind is written right");
    canonical(&kind, "x", text, &Ether).map_err(|trap| trap.message)
}

#[test]
fn a_value_has_one_form() {
    let table = [
        ("bool", "yes", "true"),
        ("bool", "false", "false"),
        ("number:1..4094", "0x10", "16"),
        ("set:established|new|related", "related,established", "established,related"),
        ("set:established|new|related", "!new", "!new"),
        ("duration", "00:30:00", "30m"),
        ("duration", "36h", "1d12h"),
        ("duration", "1w", "1w"),
        ("duration", "90", "1m30s"),
        ("duration", "0", "0s"),
        ("duration", "100ms", "100ms"),
        ("duration-or:auto", "auto", "auto"),
        ("mac", "aa-bb-cc-0a-0b-0c", "AA:BB:CC:0A:0B:0C"),
        ("prefix", "10.0.0.1", "10.0.0.1/32"),
        ("prefix", "10.0.0.1/24", "10.0.0.1/24"),
        ("prefix", "10.0.0.1/255.255.255.0", "10.0.0.1/24"),
        ("network", "10.0.0.77/24", "10.0.0.0/24"),
        ("network", "10.0.0.77", "10.0.0.77/32"),
        ("match-address", "!10.0.0.1/32", "!10.0.0.1"),
        ("match-address", "10.0.0.9/24", "10.0.0.0/24"),
        ("match-address", "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9"),
        ("list-address", "10.0.0.1/32", "10.0.0.1"),
        ("list-address", "example.net", "example.net"),
        ("network6", "2001:DB8::1", "2001:db8::1/128"),
        ("protocol", "6", "tcp"),
        ("protocol", "!udp", "!udp"),
        ("protocol", "253", "253"),
        ("vlan-ids", "10, 20-30", "10,20-30"),
        ("ref:/interface", "ether1", "ether1"),
        ("match-ref:/interface", "!ether1", "!ether1"),
        ("refs:/interface", "ether1,ether2", "ether1,ether2"),
        ("ref-or:/ip/pool|none", "none", "none"),
        ("policy-list", "write,read", "read,write"),
        ("size-kib", "4096", "4096KiB"),
    ];
    for (kind, text, expected) in table {
        assert_eq!(shown(kind, text).as_deref(), Ok(expected), "{kind} {text}");
    }
}

#[test]
fn a_value_is_refused_in_the_words_of_the_router() {
    let table = [
        ("bool", "maybe", "input does not match any value of x"),
        ("number:1..4094", "4095", "value of x out of range (1..4094)"),
        ("number", "one", "invalid value for argument x"),
        ("enum:a|b", "c", "input does not match any value of x"),
        ("set:a|b", "a,c", "input does not match any value of x"),
        ("duration", "soon", "invalid value for argument x"),
        ("mac", "aa:bb", "invalid value for argument x"),
        ("prefix", "10.0.0.300/24", "invalid value for argument x"),
        ("prefix", "10.0.0.3/33", "invalid value for argument x"),
        ("match-address", "10.0.0.9-10.0.0.1", "invalid value for argument x"),
        ("ref:/interface", "wlan1", "input does not match any value of x"),
        ("vlan-ids", "5000", "invalid value for argument x"),
        ("policy-list", "fly", "input does not match any value of x"),
    ];
    for (kind, text, expected) in table {
        assert_eq!(shown(kind, text), Err(expected.to_owned()), "{kind} {text}");
    }
}
