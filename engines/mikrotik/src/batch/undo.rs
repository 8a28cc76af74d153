//! Which script brings everything back? Made before the first change, from the rows as they are.
//!
//! Each line stands alone: what fails, because the change it undoes was never made, does not keep the others from running. Rows are
//! found as `find` says. Secrets are never written: a script can be read by whoever may read the configuration, and stays in backups.

use std::collections::{BTreeMap, BTreeSet};

use engine_api::{EngineError, Order};

use super::find::{Finder, quoted};
use super::foresee;
use super::switch::{begun_comment, name_of};
use crate::change::Change;
use crate::shape::{LiveRow, Look, Owner};
use crate::snapshot::{SeenRow, Snapshot};
use crate::tag::Tag;
use crate::tree;
use crate::wire::{Connection, Row};

/// What `add` takes in each menu, as the router itself says.
pub(super) type Arguments = BTreeMap<String, BTreeSet<String>>;

/// Asks the router which arguments the `add` of the menus takes, where rows may have to be made again. Without an answer there would
/// be lines that the router refuses, and a batch that cannot be undone is not begun.
pub(super) async fn arguments(connection: &mut Connection, changes: &[Change]) -> Result<Arguments, EngineError> {
    let menus: BTreeSet<&str> = changes.iter().map(Change::menu).collect();
    let mut known = Arguments::new();
    for menu in menus {
        // Settings and fixed rows have no `add`, and are not made again.
        if let Some(names) = tree::arguments(connection, menu, "add").await? {
            known.insert(menu.to_owned(), names);
        }
    }
    Ok(known)
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
pub(super) fn script(run_id: &str, changes: &[Change], orders: &[Order], before: &Snapshot, arguments: &Arguments) -> String {
    let lists: BTreeSet<&str> = changes.iter().map(Change::menu).filter(|menu| is_list(menu)).collect();
    let finder = Finder::new(before, changes, arguments);
    let mut state = before.clone();
    let mut lines = Vec::new();
    for change in changes {
        let was = state.clone();
        state.apply(change);
        if !is_list(change.menu()) {
            lines.extend(undone(change, &Around { first: before, was: &was, is: &state, finder: &finder, arguments }));
        }
    }
    lines.reverse();
    let touched = touched(orders, before, &lists);
    for order in orders {
        lines.extend(restored(order, before, &lists, arguments, &touched));
    }
    let mut text = opening(run_id);
    let name = quoted(&name_of(run_id));
    lines.push(format!("/system/scheduler/remove [find where name={name}]"));
    lines.push(format!("/system/script/remove [find where name={name}]"));
    text.extend(lines.iter().map(|line| alone(line)));
    text
}

/// Does nothing once the scheduler is gone, for then the changes are confirmed; and says that it has begun.
fn opening(run_id: &str) -> String {
    let (name, begun) = (quoted(&name_of(run_id)), quoted(&begun_comment(run_id)));
    let confirmed = format!(":if ([:len [/system/scheduler/find where name={name}]] = 0) do={{ :error \"confirmed\" }}\n");
    let say = |menu: &str| alone(&format!("{menu}/set [find where name={name}] comment={begun}"));
    format!("{confirmed}{}{}", say("/system/script"), say("/system/scheduler"))
}

/// A line that fails keeps no other from running.
fn alone(line: &str) -> String {
    format!(":do {{ {line} }} on-error={{}}\n")
}

/// Menus whose order means something are brought back as a whole.
fn is_list(menu: &str) -> bool {
    menu.contains("/firewall/") && !menu.ends_with("/address-list")
}

/// What one change is about: the rows at first, before it and after it.
struct Around<'a> {
    first: &'a Snapshot,
    was: &'a Snapshot,
    is: &'a Snapshot,
    finder: &'a Finder<'a>,
    arguments: &'a Arguments,
}

impl Around<'_> {
    fn row<'s>(snapshot: &'s Snapshot, menu: &str, id: &str) -> Option<&'s SeenRow> {
        snapshot.rows(menu).iter().find(|row| row.id == id)
    }

    /// Before which row a removed one stood, where rows have an order. All later changes are undone by then, so that it is there.
    fn place_of(&self, menu: &str, id: &str) -> Option<String> {
        self.arguments.get(menu).filter(|takes| takes.contains("place-before"))?;
        let next = self.was.rows(menu).iter().skip_while(|row| row.id != id).nth(1)?;
        Some(format!("[find where {}]", self.finder.conditions(menu, &next.values)))
    }

    /// `set` of the row as it is after the change, back to what it was.
    fn set_back<'n>(&self, menu: &str, row: &SeenRow, names: impl Iterator<Item = &'n String>) -> Option<String> {
        let was = Self::row(self.was, menu, &row.id).unwrap_or(row);
        let old: Row = names.filter(|name| !is_secret(name)).map(|name| (name.clone(), was.get(name).to_owned())).collect();
        if old.is_empty() {
            return None;
        }
        let target = match Self::row(self.is, menu, &row.id) {
            Some(now) if !now.id.is_empty() => format!(" [find where {}]", self.finder.conditions(menu, &now.values)),
            _ => String::new(),
        };
        Some(format!("{menu}/set{target}{}", assignments(&old)))
    }
}

/// `add` of a row at its place. Whoever stood behind it may be gone meanwhile: the end of the list is better than nowhere.
fn placed(add: &str, place: Option<String>) -> String {
    place.map_or_else(|| add.to_owned(), |place| format!(":do {{ {add} place-before={place} }} on-error={{ {add} }}"))
}

/// The line that undoes one change.
fn undone(change: &Change, around: &Around<'_>) -> Option<String> {
    let menu = change.menu();
    match change {
        Change::Add { values, .. } => Some(format!("{menu}/remove [find where {}]", around.finder.conditions(menu, values))),
        Change::Set { row, values, .. } => around.set_back(menu, row, values.keys()),
        Change::Unset { row, argument, .. } => around.set_back(menu, row, std::iter::once(argument)),
        Change::Remove { row, .. } => {
            // A row that was itself made in this batch is not made again.
            let was = Around::row(around.first, menu, &row.id)?;
            // Where the removal never came to pass, the row is still there.
            let missing = format!("[:len [{menu}/find where {}]] = 0", around.finder.conditions(menu, &was.values));
            let add = format!("{menu}/add{}", assignments(&settable(menu, was, around.arguments)));
            Some(format!(":if ({missing}) do={{ {} }}", placed(&add, around.place_of(menu, &row.id))))
        }
        Change::Move { .. } => None,
    }
}

/// The ids of all rows in the lists that change, by menu.
fn touched(orders: &[Order], before: &Snapshot, lists: &BTreeSet<&str>) -> BTreeSet<(String, String)> {
    let ids =
        |order: &Order| with_live(order, before, |_, live| live.iter().map(|live| (live.menu.to_owned(), live.row.id.clone())).collect::<Vec<_>>());
    orders.iter().filter_map(ids).flatten().filter(|(menu, _)| lists.contains(menu.as_str())).collect()
}

fn with_live<T>(order: &Order, before: &Snapshot, work: impl FnOnce(&BTreeSet<String>, &[LiveRow<'_>]) -> T) -> Option<T> {
    let shape = foresee::shape_of(order).ok()?;
    let places = foresee::places(shape, order);
    let owner = Owner::of(&order.marker);
    let live = shape.live(Look { object: &order.step.object, places: &places, owner: &owner }, before);
    Some(work(&shape.menus(&places), &live))
}

/// The lines that bring the rules of an order back: those of ours go, and those that were there are made again in their order.
fn restored(order: &Order, before: &Snapshot, lists: &BTreeSet<&str>, arguments: &Arguments, touched: &BTreeSet<(String, String)>) -> Vec<String> {
    let lines = with_live(order, before, |menus, live| {
        let changed = menus.iter().filter(|menu| is_list(menu) && lists.contains(menu.as_str()));
        changed.flat_map(|menu| list_lines(menu, order, live, before, arguments, touched)).collect()
    });
    lines.unwrap_or_default()
}

fn list_lines(
    menu: &str,
    order: &Order,
    live: &[LiveRow<'_>],
    before: &Snapshot,
    arguments: &Arguments,
    touched: &BTreeSet<(String, String)>,
) -> Vec<String> {
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
    let again = rows.iter().filter(|row| end.is_none_or(|end| end.id != row.id));
    lines.extend(again.map(|row| {
        let add = format!("{menu}/add{}", assignments(&settable(menu, row, arguments)));
        placed(&add, end.map(|end| by_comment(end)).or_else(|| behind(row, before.rows(menu), menu, touched)))
    }));
    lines
}

/// The next row that nobody makes anew.
fn behind(row: &SeenRow, rows: &[SeenRow], menu: &str, touched: &BTreeSet<(String, String)>) -> Option<String> {
    let after = rows.iter().skip_while(|other| other.id != row.id).skip(1);
    let next = after.into_iter().find(|other| !touched.contains(&(menu.to_owned(), other.id.clone())))?;
    Some(if next.tag.is_some() { by_comment(next) } else { next.id.clone() })
}

fn by_comment(row: &SeenRow) -> String {
    format!("[find where comment={}]", quoted(row.get("comment")))
}

/// Passwords and keys. Some routers tell them to some users; they are not put into a script.
pub(super) fn is_secret(argument: &str) -> bool {
    const ENDS: [&str; 5] = ["password", "passphrase", "secret", "-key", ".key"];
    ENDS.iter().any(|end| argument.ends_with(end)) && !argument.ends_with("public-key") && !argument.ends_with("host-key")
}

/// What can be written of a row. Where a secret is missing, the row is made disabled: with an empty one anybody might come in.
fn settable(menu: &str, row: &SeenRow, arguments: &Arguments) -> Row {
    let takes = |name: &str| arguments.get(menu).is_none_or(|known| known.contains(name));
    let told = row.values.iter().filter(|(name, text)| takes(name) && !text.is_empty() && !is_secret(name));
    let mut values: Row = told.map(|(name, text)| (name.clone(), text.clone())).collect();
    let is_told = row.values.iter().any(|(name, text)| is_secret(name) && !text.is_empty());
    if (menu == "/user" || menu == "/ppp/secret" || is_told) && takes("disabled") {
        values.insert("disabled".to_owned(), "yes".to_owned());
    }
    values
}

fn assignments(values: &Row) -> String {
    values.iter().map(|(name, text)| format!(" {name}={}", quoted(text))).collect()
}

#[cfg(test)]
#[path = "undo/tests.rs"]
mod tests;
