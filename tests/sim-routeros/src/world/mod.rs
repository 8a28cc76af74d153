//! What is the state of the simulated router?

mod config;
mod connections;
mod derived;
mod history;
mod interfaces;
mod jobs;
mod log;
mod names;
mod power;
mod timers;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

pub(crate) use config::{Config, Item, ItemId, key_of};
pub(crate) use connections::{Connections, Host, Line, Protocol, Service};
pub(crate) use history::{HistoryRow, SafeMode};
pub(crate) use interfaces::kind_of;
pub(crate) use jobs::Job;
pub(crate) use log::Log;
pub(crate) use power::Backup;

use crate::behaviour::Behaviour;
use crate::calls::{Call, Calls};
use crate::clock::Clock;
use crate::commands::hooks;
use crate::fault::Faults;
use crate::judge;
use crate::tables::{self, Field, Kind, Menu, Shape, Versions};
use crate::tree::{self, NodeKind, Tree};
use crate::version::Version;

/// Changes that a slow listener has not taken yet; older ones are lost to it.
const CHANGES_KEPT: usize = 4096;

/// A change of an entry, for those who listen.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    pub(crate) menu: String,
    pub(crate) id: ItemId,
    /// The entry is gone.
    pub(crate) is_dead: bool,
}

pub(crate) struct World {
    pub(crate) version: Version,
    pub(crate) tree: Arc<Tree>,
    pub(crate) menus: BTreeMap<String, Arc<Menu>>,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) safe_mode: Option<SafeMode>,
    pub(crate) history: Vec<HistoryRow>,
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    /// What broke the public command tree so far.
    pub(crate) violations: Vec<String>,
    pub(crate) changes: broadcast::Sender<Changed>,
    pub(crate) connections: Connections,
    pub(crate) hosts: Vec<Host>,
    pub(crate) jobs: BTreeMap<ItemId, Job>,
    /// When entries run out, by menu and identity.
    pub(crate) timeouts: BTreeMap<(String, ItemId), i64>,
    pub(crate) backups: BTreeMap<String, Backup>,
    /// Users and the keys with which they come, each as `ssh-ed25519 AAAA..`.
    pub(crate) ssh_keys: Vec<(String, String)>,
    pub(crate) behaviour: Behaviour,
    /// The router starts, and is up at this time.
    pub(crate) down_until_s: Option<i64>,
    pub(crate) reboots: u32,
    /// Rung when the next thing to happen may be another one.
    pub(crate) wake: Arc<Notify>,
    next_connection: u64,
    /// Something changed that may decide who reaches the router.
    way_changed: bool,
    /// Address lists that a rule names, or once named.
    lists_in_rules: BTreeSet<String>,
}

impl World {
    /// A router as it leaves the factory, with nothing but its ports, its services and its built-in entries.
    pub(crate) fn new(version: Version, clock: Clock, behaviour: Behaviour) -> Self {
        let tree = tree::of(version);
        let menus = menus(version, &tree);
        let mut world = Self {
            version,
            tree,
            menus,
            config: Config::default(),
            clock,
            safe_mode: None,
            history: Vec::new(),
            log: Log::default(),
            faults: Faults::default(),
            calls: Calls::default(),
            violations: Vec::new(),
            changes: broadcast::channel(CHANGES_KEPT).0,
            connections: Connections::new(),
            hosts: Vec::new(),
            jobs: BTreeMap::new(),
            timeouts: BTreeMap::new(),
            backups: BTreeMap::new(),
            ssh_keys: Vec::new(),
            behaviour,
            down_until_s: None,
            reboots: 0,
            wake: Arc::new(Notify::new()),
            next_connection: 0,
            way_changed: true,
            lists_in_rules: BTreeSet::new(),
        };
        world.plant_seeds();
        world
    }

    fn plant_seeds(&mut self) {
        for menu in self.menus.values().cloned().collect::<Vec<_>>() {
            if menu.shape == Shape::Single {
                let id = self.config.next_id(&menu);
                self.config.entries_mut(&menu.path).insert(&menu, 0, Item::new(id, BTreeMap::new()));
            }
            for seed in &menu.seeds {
                let id = self.config.next_id(&menu);
                // A seed may name a field that this release does not have yet.
                let known = seed.values.iter().filter(|(name, _)| menu.field(name).is_some());
                let mut item = Item::new(id, known.cloned().collect());
                item.factory = item.values.clone();
                item.is_builtin = seed.is_builtin;
                item.is_default = seed.is_default;
                let entries = self.config.entries_mut(&menu.path);
                entries.insert(&menu, entries.items.len(), item);
            }
        }
    }

    pub(crate) fn menu(&self, path: &str) -> Option<Arc<Menu>> {
        self.menus.get(path).cloned()
    }

    /// Writes a request down, and what is wrong with its outcome.
    pub(crate) fn note(&mut self, call: Call) {
        let problem = judge::problem(&self.tree, &call);
        self.violations.extend(problem.map(|problem| format!("{} {:?}: {problem}", call.command, call.arguments)));
        self.calls.add(call);
    }

    /// Says that an entry changed.
    pub(crate) fn tell(&mut self, menu: &Menu, id: ItemId, is_dead: bool) {
        // Nobody may be listening; that is no failure.
        let _ = self.changes.send(Changed { menu: menu.path.clone(), id, is_dead });
        self.note_way(menu, id);
        hooks::changed(self, menu, id);
    }
}

/// The menus of the tables, and those that only the public tree knows, with fields of any text.
fn menus(version: Version, tree: &Tree) -> BTreeMap<String, Arc<Menu>> {
    let mut menus: BTreeMap<String, Arc<Menu>> =
        tables::all().iter().filter_map(|menu| menu.at(version)).map(|menu| (menu.path.clone(), Arc::new(menu))).collect();
    if tree.is_shared {
        add_plain_menus(&tree.root, "", &mut menus);
    }
    menus
}

fn add_plain_menus(node: &tree::Node, path: &str, menus: &mut BTreeMap<String, Arc<Menu>>) {
    for (name, child) in node.children.iter().filter(|(_, child)| child.is_menu()) {
        let path = format!("{path}/{name}");
        if !menus.contains_key(&path)
            && let Some(menu) = plain_menu(child, &path)
        {
            menus.insert(path.clone(), Arc::new(menu));
        }
        add_plain_menus(child, &path, menus);
    }
}

/// A menu of which nothing but its arguments is known.
fn plain_menu(node: &tree::Node, path: &str) -> Option<Menu> {
    let has = |command: &str| node.command(command).is_some();
    if !has("print") || !has("set") || path == "/interface" {
        return None;
    }
    let shape = match (has("add"), has("move"), has("enable") || has("find")) {
        (true, true, _) => Shape::Ordered,
        (true, false, _) => Shape::List,
        (false, _, true) => Shape::Fixed,
        (false, _, false) => Shape::Single,
    };
    let mut fields = BTreeMap::new();
    for command in ["add", "set"] {
        let arguments = node.command(command).map(|command| &command.children);
        for (name, _) in arguments.into_iter().flatten().filter(|(_, argument)| argument.kind == NodeKind::Argument) {
            if !matches!(name.as_str(), "numbers" | "copy-from" | "place-before") {
                fields.insert(name.clone(), plain_field(name));
            }
        }
    }
    let is_interface = path.starts_with("/interface/") && path.matches('/').count() == 2 && shape == Shape::List && fields.contains_key("name");
    Some(Menu {
        path: path.to_owned(),
        shape,
        key: Vec::new(),
        duplicate: "failure: already have such entry".to_owned(),
        fields: fields.into_values().collect(),
        is_interface,
        is_undoable: true,
        is_exported: true,
        unset_since: has("unset").then_some(Version::V7_15),
        seeds: Vec::new(),
        commands: Vec::new(),
        versions: Versions::ALL,
    })
}

fn plain_field(name: &str) -> Field {
    let is_flag = name == "disabled";
    Field {
        name: name.to_owned(),
        kind: if is_flag { Kind::Bool } else { Kind::Text },
        default: is_flag.then(|| "false".to_owned()),
        is_required: false,
        is_secret: false,
        is_hidden: false,
        is_read_only: false,
        versions: Versions::ALL,
    }
}
