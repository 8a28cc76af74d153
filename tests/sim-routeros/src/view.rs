//! What can a test see of a router?

use std::collections::BTreeMap;

use crate::calls::Call;
use crate::commands::row;
use crate::export;
use crate::network::ClientPath;
use crate::router::{Router, everything};
use crate::world::{Item, World};

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

    /// The different sentences over the API that only read, as lines of the replay's requests.
    pub fn questions(&self) -> Vec<String> {
        self.shared().lock().calls.questions()
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
        self.shared().lock().connections_alive()
    }

    /// Why a new connection to a port of the router would not get through; nothing if it would.
    pub fn obstacle(&self, path: &ClientPath, port: u16) -> Option<String> {
        let reach = self.shared().lock().reach(path, port);
        reach.inbound.and(reach.outbound).err().map(|obstacle| obstacle.0)
    }

    /// How often the router started again.
    pub fn reboots(&self) -> u32 {
        self.shared().lock().reboots
    }

    /// The text of a file of the router.
    pub fn file(&self, name: &str) -> Option<String> {
        self.entries("/file").into_iter().find(|entry| entry.get("name") == Some(name))?.values.remove("contents")
    }

    /// What `/export` writes, secrets left out.
    pub fn export(&self) -> String {
        export::text(&self.shared().lock(), &export::Style::default())
    }

    /// What was done or refused otherwise than the public command tree says, so far.
    pub fn violations(&self) -> Vec<String> {
        self.shared().lock().violations.clone()
    }

    /// Panics with the list if something broke the public command tree.
    pub fn assert_honest(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "{} violations of the command tree:\n  {}", violations.len(), violations.join("\n  "));
    }

    /// The public command tree of the release is at hand and decides what exists.
    pub fn has_public_tree(&self) -> bool {
        self.shared().lock().tree.is_shared
    }
}

fn configuration(world: &World) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let menus = world.menus.values().filter(|menu| menu.path != "/file");
    let configured = menus.map(|menu| {
        // A value that is the default says nothing, whether somebody set it or not.
        let is_said = |name: &str, value: &str| menu.field(name).is_some_and(|field| !field.is_read_only && field.default.as_deref() != Some(value));
        let values = |item: &Item| {
            let said = item.values.iter().filter(|(name, value)| is_said(name, value));
            said.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let items = world.config.entries(&menu.path).items.iter().filter(|item| !item.is_dynamic);
        (menu.path.clone(), items.map(values).collect::<Vec<BTreeMap<_, _>>>())
    });
    configured.filter(|(_, items)| items.iter().any(|values| !values.is_empty())).collect()
}
