//! What is in the router's menus? Rows as they were read, with the tags of those that are ours.

use std::collections::{BTreeMap, BTreeSet};

use engine_api::EngineError;

use crate::change::Change;
use crate::form::same;
use crate::tag::Tag;
use crate::wire::{Command, Connection, Failure, Row};

/// One row of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeenRow {
    /// `*1A`: good for this moment only. Empty for the settings of a menu.
    pub(crate) id: String,
    pub(crate) values: Row,
    pub(crate) tag: Option<Tag>,
}

impl SeenRow {
    pub(crate) fn new(mut values: Row) -> Self {
        let id = values.remove(".id").unwrap_or_default();
        let tag = values.get("comment").and_then(|comment| Tag::parse(comment));
        Self { id, values, tag }
    }

    /// An argument that is not set has no text.
    pub(crate) fn get(&self, argument: &str) -> &str {
        self.values.get(argument).map_or("", String::as_str)
    }

    pub(crate) fn is(&self, argument: &str, value: &str) -> bool {
        same(argument, self.get(argument), value)
    }

    /// Made by the router itself: left alone, and no place to put anything before.
    fn is_dynamic(&self) -> bool {
        self.get("dynamic") == "true" || self.get("builtin") == "true" && self.get("list").is_empty()
    }
}

/// Menus in which a router has far more rows of its own than anybody's: a whole Internet's routes, addresses that rules collect.
/// Its own are left out by the router itself.
const CROWDED: &[&str] =
    &["/ip/arp", "/ip/dhcp-server/lease", "/ip/dns/static", "/ip/firewall/address-list", "/ip/route", "/ipv6/firewall/address-list", "/ipv6/route"];

/// `print` of a menu. Rows that say nothing of `dynamic` are not dynamic.
fn print(menu: &str) -> Command {
    let command = Command::print(menu);
    if CROWDED.contains(&menu) { command.query("dynamic", "true").negated() } else { command }
}

/// The rows of some menus at one moment, without those that the router made itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub(crate) menus: BTreeMap<String, Vec<SeenRow>>,
    /// Menus that could not be read, and why.
    pub(crate) unreadable: BTreeMap<String, String>,
}

impl Snapshot {
    /// Reads menus in one go. A menu that the user may not read, or that this router does not have, is a gap; a connection that
    /// breaks is an error.
    pub(crate) async fn read(connection: &mut Connection, menus: &BTreeSet<String>) -> Result<Self, EngineError> {
        let attempt = || "read the router's configuration".to_owned();
        let commands = menus.iter().map(|menu| print(menu)).collect();
        let answers = connection.read_all(commands).await.map_err(|failure| failure.into_error(attempt()))?;
        let mut snapshot = Self::default();
        for (menu, answer) in menus.iter().zip(answers) {
            match answer {
                Ok(answer) => {
                    let rows = answer.rows.into_iter().map(SeenRow::new).filter(|row| !row.is_dynamic()).collect();
                    snapshot.menus.insert(menu.clone(), rows);
                }
                // This version has no such menu, so that there is nothing in it.
                Err(failure) if failure.message.starts_with("no such command") => _ = snapshot.menus.insert(menu.clone(), Vec::new()),
                Err(Failure { kind, message }) if kind.is_transient() => return Err(EngineError::new(kind, attempt(), message)),
                Err(failure) => {
                    snapshot.unreadable.insert(menu.clone(), format!("`{menu}` cannot be read: {}", failure.message));
                }
            }
        }
        Ok(snapshot)
    }

    pub(crate) fn rows(&self, menu: &str) -> &[SeenRow] {
        self.menus.get(menu).map_or(&[], Vec::as_slice)
    }
}

/// What the rows would be after changes. Used to foresee a batch, and to test the order of changes.
impl Snapshot {
    pub(crate) fn apply(&mut self, change: &Change) {
        let rows = self.menus.entry(change.menu().to_owned()).or_default();
        let place = |rows: &[SeenRow], id: &str| rows.iter().position(|row| row.id == id);
        let before = |rows: &[SeenRow], before: &Option<String>| before.as_deref().and_then(|id| place(rows, id)).unwrap_or(rows.len());
        match change {
            Change::Add { handle, values, before: anchor, .. } => {
                let mut row = SeenRow::new(values.clone());
                row.id.clone_from(handle);
                rows.insert(before(rows, anchor), row);
            }
            Change::Set { row, values, .. } => {
                if let Some(seen) = place(rows, &row.id).and_then(|at| rows.get_mut(at)) {
                    seen.values.extend(values.clone());
                    seen.tag = seen.values.get("comment").and_then(|comment| Tag::parse(comment));
                }
            }
            Change::Unset { row, argument, .. } => {
                if let Some(seen) = place(rows, &row.id).and_then(|at| rows.get_mut(at)) {
                    seen.values.remove(argument);
                }
            }
            Change::Remove { row, .. } => rows.retain(|seen| seen.id != row.id),
            Change::Move { row, before: anchor, .. } => {
                if let Some(at) = place(rows, &row.id) {
                    let moved = rows.remove(at);
                    rows.insert(before(rows, anchor), moved);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_routers_own_rows_are_not_asked_for_where_they_are_many() {
        assert_eq!(print("/ip/route"), Command::print("/ip/route").query("dynamic", "true").negated());
        assert_eq!(print("/ip/address"), Command::print("/ip/address"));
    }
}
