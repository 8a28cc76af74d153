//! What can a test see of a router?

use std::collections::BTreeMap;

use crate::calls::Call;
use crate::commands::row;
use crate::router::{Router, everything};
use crate::world::World;

/// An entry of a menu as `print` would show it to somebody with all rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub values: BTreeMap<String, String>,
}

impl Entry {
    /// A value, or nothing if the entry has none of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

impl Router {
    /// The entries of a menu, in its order; one entry for a menu that has one set of values.
    pub fn entries(&self, menu: &str) -> Vec<Entry> {
        let world = self.shared().lock();
        let Some(known) = world.menu(menu) else { return Vec::new() };
        let caller = everything();
        let entry = |item| {
            let values: BTreeMap<String, String> = row(&world, &caller, &known, item).into_iter().filter(|(name, _)| name != ".id").collect();
            Entry { id: item.id.to_string(), values }
        };
        world.config.entries(menu).items.iter().map(entry).collect()
    }

    /// One value of every entry of a menu, in its order; empty where an entry has none.
    pub fn column(&self, menu: &str, name: &str) -> Vec<String> {
        self.entries(menu).iter().map(|entry| entry.get(name).unwrap_or_default().to_owned()).collect()
    }

    /// All that was configured: what was set, by menu, without identities and without what the router made itself. Two
    /// routers with equal configurations behave the same.
    pub fn configuration(&self) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
        configuration(&self.shared().lock())
    }

    /// The requests so far, oldest first; what a test did through its handle is not among them.
    pub fn calls(&self) -> Vec<Call> {
        self.shared().lock().calls.all()
    }

    /// Those requests that changed something or tried to.
    pub fn writes(&self) -> Vec<Call> {
        self.calls().into_iter().filter(Call::is_write).collect()
    }

    pub fn forget_calls(&self) {
        self.shared().lock().calls.clear();
    }

    /// Planned faults that no request has met yet.
    pub fn faults_left(&self) -> u32 {
        self.shared().lock().faults.left()
    }

    /// Whether somebody holds safe mode.
    pub fn is_in_safe_mode(&self) -> bool {
        self.shared().lock().safe_mode.is_some()
    }

    /// The lines of the log: topics and message.
    pub fn log(&self) -> Vec<(String, String)> {
        self.shared().lock().log.lines().map(|line| (line.topics.clone(), line.message.clone())).collect()
    }

    /// Connections that are open now.
    pub fn connections_open(&self) -> usize {
        self.shared().lock().connections.len()
    }

    /// The public command tree of the release is at hand and decides what exists.
    pub fn has_public_tree(&self) -> bool {
        self.shared().lock().tree.is_shared
    }
}

fn configuration(world: &World) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let menus = world.menus.values().filter(|menu| menu.is_exported);
    let configured = menus.map(|menu| {
        let items = world.config.entries(&menu.path).items.iter().filter(|item| !item.is_dynamic);
        (menu.path.clone(), items.map(|item| item.values.clone()).collect::<Vec<_>>())
    });
    configured.filter(|(_, items)| items.iter().any(|values| !values.is_empty())).collect()
}
