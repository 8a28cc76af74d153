use proptest::prelude::*;

use super::*;

/// As routers of version 7 write them, of several boards and releases.
const SAMPLE: &str = "# 2026-01-05 09:00:00 by RouterOS 7.20.2\r
# software id = ABCD-0001
#
# model = RB5009UG+S+
# serial number = HF000000001
/interface bridge
add admin-mac=48:8F:5A:00:00:01 auto-mac=no comment=defconf name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment=\"caf\\C3\\A9 \\\"up\\\" \\$1\" name=\\
    ether1-wan
/interface list
add comment=defconf name=WAN
/port
set 0 name=serial0
/ip dhcp-client
# Interface not active
add comment=defconf interface=ether1-wan
/ip firewall filter
add action=accept chain=input comment=\\
    \"defconf: accept established,related,untracke\\
    d\" connection-state=established,related,untracked
add action=drop chain=input !src-address comment=\"a\\_\\
    \\_b\" in-interface-list=!LAN log-prefix=\"\"
/ip route
add blackhole disabled=no dst-address=10.0.0.0/8
#error exporting \"/ip/smb\" (timeout)
/ip dns
set allow-remote-requests=yes
set servers=9.9.9.9
/ip service
set telnet disabled=yes
set www-ssl certificate=router disabled=no
/ppp profile
set *0 use-encryption=no
/system script
add name=hello source=\"/log info one\\r\\
    \\n/log info \\\"two\\\"; :put 1\"
";

fn menus() -> BTreeSet<String> {
    ["/ip/firewall/filter", "/ip/service", "/ppp/profile", "/ip/dns"].map(str::to_owned).into()
}

fn values(export: &Export, menu: &str) -> Vec<Vec<(String, String)>> {
    export.snapshot.rows(menu).iter().map(|row| row.values.clone().into_iter().collect()).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn an_export_is_read_as_rows() {
    let export = read(SAMPLE, &menus()).unwrap();
    let ether = pairs(&[("comment", "café \"up\" $1"), ("default-name", "ether1"), ("name", "ether1-wan")]);
    assert_eq!(values(&export, "/interface/ethernet"), [ether]);
    let accept = pairs(&[
        ("action", "accept"),
        ("chain", "input"),
        ("comment", "defconf: accept established,related,untracked"),
        ("connection-state", "established,related,untracked"),
    ]);
    let drop = pairs(&[("action", "drop"), ("chain", "input"), ("comment", "a  b"), ("in-interface-list", "!LAN"), ("log-prefix", "")]);
    assert_eq!(values(&export, "/ip/firewall/filter"), [accept, drop]);
    assert_eq!(values(&export, "/ip/route"), [pairs(&[("blackhole", ""), ("disabled", "no"), ("dst-address", "10.0.0.0/8")])]);
    assert_eq!(values(&export, "/ip/dns"), [pairs(&[("allow-remote-requests", "yes"), ("servers", "9.9.9.9")])]);
    assert!(export.snapshot.rows("/ip/dns")[0].id.is_empty(), "settings have no identity");
    assert_eq!(values(&export, "/ip/service")[0], pairs(&[("disabled", "yes"), ("name", "telnet")]));
    let script = pairs(&[("name", "hello"), ("source", "/log info one\r\n/log info \"two\"; :put 1")]);
    assert_eq!(values(&export, "/system/script"), [script]);
    assert_eq!(
        export.left_out,
        [
            "line 34: which entry of `/ppp/profile` it sets, only the router knows",
            "line 26: the router could not export everything: error exporting \"/ip/smb\" (timeout)",
        ]
    );
}

#[test]
fn a_terse_export_says_the_same() {
    let terse = "# by RouterOS 7.24\n/ip address add address=10.0.0.1/24 interface=ether1\n/ip/dns/set servers=9.9.9.9\n/ip service set telnet disabled=yes\n";
    let sections = "/ip address\nadd address=10.0.0.1/24 interface=ether1\n/ip dns\nset servers=9.9.9.9\n/ip service\nset telnet disabled=yes\n";
    assert_eq!(read(terse, &menus()).unwrap().snapshot.menus, read(sections, &menus()).unwrap().snapshot.menus);
}

/// A router does not repeat what names begin with.
#[test]
fn a_name_that_begins_with_a_dot_goes_on_from_the_one_before() {
    let text = "/routing bgp connection\nadd local.address=10.0.12.2 .role=ebgp name=up output.filter-chain=x .redistribute=\\\n    connected,bgp remote.address=10.0.12.1/32 .as=65500\nadd .role=ebgp\n";
    let menus = BTreeSet::from(["/routing/bgp/connection".to_owned()]);
    let export = read(text, &menus).unwrap();
    let expected = [
        ("local.address", "10.0.12.2"),
        ("local.role", "ebgp"),
        ("name", "up"),
        ("output.filter-chain", "x"),
        ("output.redistribute", "connected,bgp"),
        ("remote.address", "10.0.12.1/32"),
        ("remote.as", "65500"),
    ];
    assert_eq!(values(&export, "/routing/bgp/connection"), [pairs(&expected)]);
    assert_eq!(export.left_out, ["line 4: it adds what only a router can work out"]);
}

#[test]
fn what_is_no_export_is_refused_with_its_line() {
    for (text, expected) in [
        ("", "it has no section such as `/ip address`, so that it is no export"),
        ("hello\n", "it has no section such as `/ip address`, so that it is no export"),
        ("# jan/02/1970 00:00:00 by RouterOS 6.49.8\n/ip address\n", "it is of RouterOS 6.49.8, and version 7 is needed"),
        ("/ip address\nadd comment=\"a\nb\"\n", "line 2: a text in quotes that does not end"),
        ("/ip address\n\nset [ find name=a\n", "line 3: a `[` without `]`"),
        ("/ip address\nadd a=b]\n", "line 2: a `]` without `[`"),
        ("/ip address\nadd comment=\"\\z\"", "line 2: a backslash before a letter with which it means nothing"),
    ] {
        assert_eq!(read(text, &menus()).unwrap_err().to_string(), expected, "{text:?}");
    }
    let large = "/ip address\n".repeat(BYTES_MAX / 8);
    assert_eq!(read(&large, &menus()).unwrap_err(), ExportError::TooLarge);
}

#[test]
fn what_is_not_understood_is_told_and_bounded() {
    let text = format!("/ip dns\n{}", "remove 1\n".repeat(LEFT_OUT_MAX + 7));
    let export = read(&text, &menus()).unwrap();
    assert_eq!(export.left_out.len(), LEFT_OUT_MAX + 1);
    assert_eq!(export.left_out[0], "line 2: `remove` is no `add` and no `set`");
    assert_eq!(export.left_out[LEFT_OUT_MAX], "and 7 more lines");
    assert!(read("/port\nremove 1\n", &menus()).unwrap().left_out.is_empty(), "nothing is made of that menu");
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in prop_oneof![".{0,200}", "(/ip|/ip dns|add|set|remove|[ \\n;#\\[\\]{}\"=\\\\!*a-z0-9AF]){0,60}"]) {
        let _ = read(&text, &menus());
        let _ = read(&format!("/ip dns\nadd comment=\"{text}"), &menus());
    }

    /// As routers write them: what is put in quotes, with escapes, comes back.
    #[test]
    fn any_value_comes_back(value in prop_oneof!["[ -~]{0,80}", ".{0,40}"]) {
        let escaped: String = value.bytes().map(|byte| match byte {
            b' '..=b'~' if !b"\"\\$?".contains(&byte) => char::from(byte).to_string(),
            b'"' | b'\\' | b'$' | b'?' => format!("\\{}", char::from(byte)),
            byte => format!("\\{byte:02X}"),
        }).collect();
        for text in [format!("/ip dns\nset comment=\"{escaped}\"\n"), format!("/ip dns set comment=\\\n    \"{escaped}\" a=b\n")] {
            let export = read(&text, &menus()).unwrap();
            prop_assert_eq!(export.snapshot.rows("/ip/dns")[0].get("comment"), value.as_str());
        }
    }
}
