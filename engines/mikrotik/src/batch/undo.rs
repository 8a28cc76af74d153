//! Which script brings everything back? Made before the first change, from the rows as they are.
//!
//! Each line stands alone: what fails, because the change it undoes was never made, does not keep the others from running. Rows are
//! found by our tags or by their own names, not by ids, which a restart may give to others.

use std::collections::{BTreeMap, BTreeSet};

use engine_api::Order;

use super::foresee;
use super::switch::NAME;
use crate::change::Change;
use crate::shape::{LiveRow, Look, Owner};
use crate::snapshot::{SeenRow, Snapshot};
use crate::tag::Tag;
use crate::tree;
use crate::wire::{Connection, Row};

/// Arguments that a router tells only to some users, or to nobody.
const SECRETS: [&str; 4] = ["password", "preshared-key", "private-key", "secret"];

/// What `add` takes in each menu, as the router itself says.
pub(super) type Arguments = BTreeMap<String, BTreeSet<String>>;

/// Asks the router which arguments the `add` of the menus takes, where rows may have to be made again.
pub(super) async fn arguments(connection: &mut Connection, changes: &[Change]) -> Arguments {
    let menus: BTreeSet<&str> = changes.iter().map(Change::menu).collect();
    let mut known = Arguments::new();
    for menu in menus {
        // Without an answer all that a row shows is written back; what `add` does not take makes that line fail.
        if let Ok(Some(names)) = tree::arguments(connection, menu, "add").await {
            known.insert(menu.to_owned(), names);
        }
    }
    known
}

/// Whether the script that was made for `foreseen` undoes `change` as well. What a row shows besides, such as counters, may differ.
pub(super) fn is_undone_with(foreseen: &Change, change: &Change) -> bool {
    if foreseen.menu() != change.menu() {
        return false;
    }
    match (foreseen, change) {
        (Change::Add { values, .. }, Change::Add { values: other, .. }) => values == other,
        (Change::Set { row, values, .. }, Change::Set { row: other_row, values: other, .. }) => row.id == other_row.id && values == other,
        (Change::Unset { row, argument, .. }, Change::Unset { row: other_row, argument: other, .. }) => row.id == other_row.id && argument == other,
        (Change::Remove { row, .. }, Change::Remove { row: other, .. }) | (Change::Move { row, .. }, Change::Move { row: other, .. }) => {
            row.id == other.id
        }
        _ => false,
    }
}

/// The script.
pub(super) fn script(changes: &[Change], orders: &[Order], before: &Snapshot, arguments: &Arguments) -> String {
    let mut lines = Vec::new();
    let lists: BTreeSet<&str> = changes.iter().map(Change::menu).filter(|menu| is_list(menu)).collect();
    for change in changes.iter().rev().filter(|change| !is_list(change.menu())) {
        lines.extend(undone(change, before, arguments));
    }
    for order in orders {
        lines.extend(restored(order, before, &lists, arguments));
    }
    lines.push(format!("/system/scheduler/remove [find where name={}]", quoted(NAME)));
    lines.push(format!("/system/script/remove [find where name={}]", quoted(NAME)));
    lines.iter().map(|line| format!(":do {{ {line} }} on-error={{}}\n")).collect()
}

/// Menus whose order means something are brought back as a whole.
fn is_list(menu: &str) -> bool {
    menu.contains("/firewall/") && !menu.ends_with("/address-list")
}

/// The line that undoes one change.
fn undone(change: &Change, before: &Snapshot, arguments: &Arguments) -> Option<String> {
    let menu = change.menu();
    match change {
        Change::Add { values, .. } => Some(format!("{menu}/remove [find where {}]", found_by(values))),
        Change::Set { row, values, .. } => {
            // What the router does not tell is not put back: nothing in its place would be an empty password.
            let told = values.keys().filter(|name| !SECRETS.contains(&name.as_str()) || !row.get(name).is_empty());
            let old: Row = told.map(|name| (name.clone(), row.get(name).to_owned())).collect();
            if old.is_empty() {
                return None;
            }
            // A row that gets another comment is found by it.
            let found = values.get("comment").map(|comment| format!("[find where comment={}]", quoted(comment)));
            Some(format!("{menu}/set {}{}", found.unwrap_or_else(|| target(row)), assignments(&old)))
        }
        Change::Unset { row, argument, .. } => {
            let old = Row::from([(argument.clone(), row.get(argument).to_owned())]);
            Some(format!("{menu}/set {}{}", target(row), assignments(&old)))
        }
        Change::Remove { row, .. } => {
            // Where the removal never came to pass, the row is still there.
            let was_there = before.rows(menu).iter().any(|seen| seen.id == row.id);
            let mut values = settable(menu, row, arguments);
            if menu == "/user" {
                // Its password is not known; without one nobody may log in.
                values.insert("disabled".to_owned(), "yes".to_owned());
            }
            let missing = format!("[:len [{menu}/find where {}]] = 0", found_by(&values));
            was_there.then(|| format!(":if ({missing}) do={{ {menu}/add{} }}", assignments(&values)))
        }
        Change::Move { .. } => None,
    }
}

/// The lines that bring the rules of an order back: those of ours go, and those that were there are made again in their order.
fn restored(order: &Order, before: &Snapshot, lists: &BTreeSet<&str>, arguments: &Arguments) -> Vec<String> {
    let Ok(shape) = foresee::shape_of(order) else { return Vec::new() };
    let places = foresee::places(shape, order);
    let owner = Owner::of(&order.marker);
    let look = Look { object: &order.step.object, places: &places, owner: &owner };
    let live = shape.live(look, before);
    let touched = shape.menus(&places).into_iter().filter(|menu| is_list(menu) && lists.contains(menu.as_str()));
    touched.flat_map(|menu| list_lines(&menu, order, &live, arguments)).collect()
}

fn list_lines(menu: &str, order: &Order, live: &[LiveRow<'_>], arguments: &Arguments) -> Vec<String> {
    let rows: Vec<&SeenRow> = live.iter().filter(|live| live.menu == menu).map(|live| live.row).collect();
    let end = rows.iter().find(|row| row.tag.as_ref().is_some_and(|tag| tag.slot == ">"));
    let kept = end.map(|end| format!(" and comment!={}", quoted(end.get("comment")))).unwrap_or_default();
    // After a move rows are tagged with the former address.
    let whose = |tag: &Tag| Tag { slot: String::new(), ..tag.clone() }.comment();
    let ours = std::iter::once(Tag::new(&order.marker, &order.step.object, "").comment());
    let tags: BTreeSet<String> = ours.chain(rows.iter().filter_map(|row| row.tag.as_ref()).map(whose)).collect();
    // Regular expressions. Their one `.` stands between two names that have none, so that nothing else is matched by it.
    let gone = tags.iter().map(|tag| format!("{menu}/remove [find where comment~{}{kept}]", quoted(&format!("^{tag}#"))));
    let mut lines: Vec<String> = gone.collect();
    // What was not ours and may have been removed with a chain that is managed whole.
    let nobodys = rows.iter().filter(|row| row.tag.is_none());
    lines.extend(nobodys.map(|row| format!("{menu}/remove {}", row.id)));
    let before = end.map(|end| format!(" place-before=[find where comment={}]", quoted(end.get("comment")))).unwrap_or_default();
    let again = rows.iter().filter(|row| end.is_none_or(|end| end.id != row.id));
    lines.extend(again.map(|row| format!("{menu}/add{}{before}", assignments(&settable(menu, row, arguments)))));
    lines
}

/// What can be written of a row.
fn settable(menu: &str, row: &SeenRow, arguments: &Arguments) -> Row {
    let known = arguments.get(menu);
    let takes = |name: &str| known.is_none_or(|known| known.contains(name));
    row.values.iter().filter(|(name, text)| takes(name) && !text.is_empty()).map(|(name, text)| (name.clone(), text.clone())).collect()
}

/// How a row that was there is found: by our tag, by its name, or for want of both by its id. Settings are not looked for.
fn target(row: &SeenRow) -> String {
    if row.id.is_empty() {
        return String::new();
    }
    match (&row.tag, row.get("name")) {
        (Some(_), _) => format!("[find where comment={}]", quoted(row.get("comment"))),
        (None, "") => row.id.clone(),
        (None, name) => format!("[find where name={}]", quoted(name)),
    }
}

/// How a row is found that we are about to make.
fn found_by(values: &Row) -> String {
    let told: Vec<(&str, &str)> = match (values.get("comment"), values.get("name")) {
        (Some(comment), _) => vec![("comment", comment)],
        (None, Some(name)) => vec![("name", name)],
        (None, None) => values.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect(),
    };
    told.iter().map(|(name, text)| format!("{name}={}", quoted(text))).collect::<Vec<_>>().join(" and ")
}

fn assignments(values: &Row) -> String {
    values.iter().map(|(name, text)| format!(" {name}={}", quoted(text))).collect()
}

/// A text of the script language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' | '?' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[(&str, &str)]) -> SeenRow {
        SeenRow::new(values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn texts_cannot_end_their_quotes() {
        assert_eq!(quoted("a\"; /system reboot; \"$x\\"), r#""a\"; /system reboot; \"\$x\\""#);
        assert_eq!(quoted("two\nlines"), "\"two\\nlines\"");
    }

    #[test]
    fn each_change_has_its_line() {
        let seen = row(&[(".id", "*5"), ("name", "vlan20"), ("mtu", "1500"), ("running", "true"), ("comment", "ipr:6f0c2a9e/prod/shop.lan")]);
        let mut before = Snapshot::default();
        before.menus.insert("/interface/vlan".to_owned(), vec![seen.clone()]);
        let arguments = Arguments::from([("/interface/vlan".to_owned(), ["name", "mtu", "comment"].map(str::to_owned).into())]);
        let values = |pairs: &[(&str, &str)]| row(pairs).values;
        let menu = || "/interface/vlan".to_owned();
        let add = Change::Add { menu: menu(), handle: "+1".to_owned(), values: values(&[("name", "x"), ("comment", "ipr:a/b/c.d")]), before: None };
        let set = Change::Set { menu: menu(), row: seen.clone(), values: values(&[("mtu", "1400")]) };
        let secret = Change::Set { menu: "/user".to_owned(), row: row(&[(".id", "*1"), ("name", "ops")]), values: values(&[("password", "canary")]) };
        assert_eq!(undone(&secret, &before, &arguments), None, "an unknown password is not replaced by an empty one");
        let remove = Change::Remove { menu: menu(), row: seen };
        let line = |change: &Change| undone(change, &before, &arguments).unwrap();
        assert_eq!(line(&add), r#"/interface/vlan/remove [find where comment="ipr:a/b/c.d"]"#);
        assert_eq!(line(&set), r#"/interface/vlan/set [find where comment="ipr:6f0c2a9e/prod/shop.lan"] mtu="1500""#);
        let add = r#"/interface/vlan/add comment="ipr:6f0c2a9e/prod/shop.lan" mtu="1500" name="vlan20""#;
        let missing = r#"[:len [/interface/vlan/find where comment="ipr:6f0c2a9e/prod/shop.lan"]] = 0"#;
        assert_eq!(line(&remove), format!(":if ({missing}) do={{ {add} }}"));
    }
}
