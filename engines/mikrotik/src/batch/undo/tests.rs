//! Which line undoes which change?

use super::*;

fn row(values: &[(&str, &str)]) -> SeenRow {
    SeenRow::new(values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

fn values(pairs: &[(&str, &str)]) -> Row {
    row(pairs).values
}

fn add(menu: &str, pairs: &[(&str, &str)]) -> Change {
    Change::Add { menu: menu.to_owned(), handle: format!("+{pairs:?}"), values: values(pairs), before: None }
}

fn set(menu: &str, row: &SeenRow, pairs: &[(&str, &str)]) -> Change {
    Change::Set { menu: menu.to_owned(), row: row.clone(), values: values(pairs) }
}

fn remove(menu: &str, row: &SeenRow) -> Change {
    Change::Remove { menu: menu.to_owned(), row: row.clone() }
}

/// The lines that undo, without what stands around them; the last change is undone first.
fn lines(menu: &str, rows: &[SeenRow], takes: &[&str], changes: &[Change]) -> Vec<String> {
    let mut before = Snapshot::default();
    before.menus.insert(menu.to_owned(), rows.to_vec());
    let takes = takes.iter().map(|name| (*name).to_owned()).collect();
    let text = script("run-1", changes, &[], &before, &Arguments::from([(menu.to_owned(), takes)]));
    let bare = |line: &str| line.strip_prefix(":do { ").and_then(|line| line.strip_suffix(" } on-error={}")).unwrap_or(line).to_owned();
    text.lines().map(bare).filter(|line| !line.contains("/system/")).collect()
}

const OURS: &str = "ipr:6f0c2a9e/prod/shop.lan";

#[test]
fn each_change_has_its_line() {
    let menu = "/interface/vlan";
    let seen = row(&[(".id", "*5"), ("name", "vlan20"), ("mtu", "1500"), ("running", "true"), ("comment", OURS)]);
    let takes = ["name", "mtu", "comment"];
    let line = |change: Change| lines(menu, std::slice::from_ref(&seen), &takes, &[change]);
    assert_eq!(line(add(menu, &[("name", "x"), ("comment", "ipr:a/b/c.d")])), [r#"/interface/vlan/remove [find where comment="ipr:a/b/c.d"]"#]);
    assert_eq!(line(set(menu, &seen, &[("mtu", "1400")])), [format!(r#"/interface/vlan/set [find where comment="{OURS}"] mtu="1500""#)]);
    let again = format!(r#"/interface/vlan/add comment="{OURS}" mtu="1500" name="vlan20""#);
    let missing = format!(r#"[:len [/interface/vlan/find where comment="{OURS}"]] = 0"#);
    assert_eq!(line(remove(menu, &seen)), [format!(":if ({missing}) do={{ {again} }}")]);
}

#[test]
fn a_foreign_comment_finds_nothing() {
    let menu = "/ip/firewall/address-list";
    let foreign = |id: &str, address: &str| row(&[(".id", id), ("list", "blocked"), ("address", address), ("comment", "defconf")]);
    let (first, second) = (foreign("*1", "198.51.100.1"), foreign("*2", "198.51.100.2"));
    let found = lines(menu, &[first, second.clone()], &["list", "address", "comment"], &[remove(menu, &second)]);
    let missing = r#"[:len [/ip/firewall/address-list/find where list="blocked" and address="198.51.100.2"]] = 0"#;
    let again = r#"/ip/firewall/address-list/add address="198.51.100.2" comment="defconf" list="blocked""#;
    assert_eq!(found, [format!(":if ({missing}) do={{ {again} }}")]);
}

/// The new row and the old one have the same tag: the item kept its name.
#[test]
fn two_rows_with_one_tag_are_told_apart_by_their_keys() {
    let menu = "/ip/dhcp-server/lease";
    let tag = "ipr:6f0c2a9e/prod/shop.lan#printer";
    let old = row(&[(".id", "*1"), ("server", "lan"), ("address", "10.0.20.7"), ("comment", tag)]);
    let changes = [add(menu, &[("server", "lan"), ("address", "10.0.20.8"), ("comment", tag)]), remove(menu, &old)];
    let found = lines(menu, std::slice::from_ref(&old), &["server", "address", "comment"], &changes);
    let at = |address: &str| format!(r#"comment="{tag}" and server="lan" and address="{address}""#);
    let again = format!(r#"/ip/dhcp-server/lease/add address="10.0.20.7" comment="{tag}" server="lan""#);
    let expected = [
        format!(":if ([:len [/ip/dhcp-server/lease/find where {}]] = 0) do={{ {again} }}", at("10.0.20.7")),
        format!("/ip/dhcp-server/lease/remove [find where {}]", at("10.0.20.8")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn rows_that_swap_their_tags_are_found_by_what_they_are_then() {
    let menu = "/ip/dhcp-server/lease";
    let tag = |name: &str| format!("ipr:6f0c2a9e/prod/shop.lan#{name}");
    let lease = |id: &str, address: &str, name: &str| row(&[(".id", id), ("server", "lan"), ("address", address), ("comment", &tag(name))]);
    let rows = [lease("*1", "10.0.20.1", "a"), lease("*2", "10.0.20.2", "b")];
    let changes = [set(menu, &rows[0], &[("comment", &tag("b"))]), set(menu, &rows[1], &[("comment", &tag("a"))])];
    let line = |now: &str, address: &str, was: &str| {
        let found = format!(r#"comment="{}" and server="lan" and address="{address}""#, tag(now));
        format!(r#"/ip/dhcp-server/lease/set [find where {found}] comment="{}""#, tag(was))
    };
    assert_eq!(lines(menu, &rows, &[], &changes), [line("a", "10.0.20.2", "b"), line("b", "10.0.20.1", "a")]);
}

#[test]
fn secrets_are_not_written() {
    let user = row(&[(".id", "*1"), ("name", "ops"), ("group", "full")]);
    assert!(lines("/user", std::slice::from_ref(&user), &[], &[set("/user", &user, &[("password", "canary")])]).is_empty());
    let menu = "/ppp/secret";
    let secret = row(&[(".id", "*1"), ("name", "branch"), ("password", "canary"), ("service", "l2tp"), ("disabled", "false")]);
    let takes = ["name", "password", "service", "disabled"];
    let changed = lines(menu, std::slice::from_ref(&secret), &takes, &[set(menu, &secret, &[("password", "new canary"), ("service", "any")])]);
    assert_eq!(changed, [r#"/ppp/secret/set [find where name="branch"] service="l2tp""#]);
    let again = r#"/ppp/secret/add disabled="yes" name="branch" service="l2tp""#;
    let removed = lines(menu, std::slice::from_ref(&secret), &takes, &[remove(menu, &secret)]);
    assert_eq!(removed, [format!(r#":if ([:len [/ppp/secret/find where name="branch"]] = 0) do={{ {again} }}"#)]);
    assert!(["private-key", "preshared-key", "secret", "wpa2-pre-shared-key", "passphrase"].into_iter().all(is_secret));
    assert!(!["public-key", "name", "key-size", "comment"].into_iter().any(is_secret));
}

/// What was adopted has no tag, and some rows have no name.
#[test]
fn an_adopted_row_without_a_name_is_found_by_nothing_secret_and_nothing_that_changes() {
    let menu = "/routing/ospf/interface-template";
    let template = |id: &str, priority: &str| {
        let told = [("area", "backbone"), ("interfaces", "ether2"), ("priority", priority), ("auth-key", "canary"), ("inactive", "true")];
        row(&[&[(".id", id)], &told[..]].concat())
    };
    let takes = ["area", "interfaces", "networks", "priority", "auth-key", "disabled"];
    let rows = [template("*1", "1"), template("*2", "2")];
    let change = [set(menu, &rows[0], &[("auth-key", "new canary"), ("disabled", "true")])];
    let found = |more: &str| format!(r#"{menu}/set [find where area="backbone" and interfaces="ether2"{more}] disabled="""#);
    assert_eq!(lines(menu, &rows[..1], &takes, &change), [found("")]);
    let all = format!(r#"{menu}/set [find where area="backbone" and disabled="true" and interfaces="ether2" and priority="1"] disabled="""#);
    assert_eq!(lines(menu, &rows, &takes, &change), [all], "two rows have what tells the others apart");
    let rule = row(&[(".id", "*3"), ("topics", "info"), ("action", "remote"), ("invalid", "false")]);
    let logging = "/system/logging";
    let before = Snapshot { menus: BTreeMap::from([(logging.to_owned(), vec![rule.clone()])]), ..Snapshot::default() };
    let takes = Arguments::from([(logging.to_owned(), ["topics", "action"].map(str::to_owned).into())]);
    let text = script("run-1", &[remove(logging, &rule)], &[], &before, &takes);
    let missing = r#"[:len [/system/logging/find where action="remote" and topics="info"]] = 0"#;
    let again = r#"/system/logging/add action="remote" topics="info""#;
    assert!(text.contains(&format!(":if ({missing}) do={{ {again} }}")), "{text}");
    let watch = row(&[(".id", "*4"), ("host", "10.0.0.1"), ("secret", "canary"), ("status", "up")]);
    let line = lines("/tool/other", std::slice::from_ref(&watch), &["host", "secret", "port"], &[set("/tool/other", &watch, &[("port", "7")])]);
    assert_eq!(line, [r#"/tool/other/set [find where host="10.0.0.1" and port="7"] port="""#]);
}

#[test]
fn a_script_that_comes_after_the_confirmation_stops_at_once() {
    let text = script("run-1", &[], &[], &Snapshot::default(), &Arguments::new());
    let first = text.lines().next();
    assert_eq!(first, Some(r#":if ([:len [/system/scheduler/find where name="ipr-undo-run-1"]] = 0) do={ :error "confirmed" }"#));
}
