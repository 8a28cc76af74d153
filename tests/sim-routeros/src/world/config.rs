//! What is configured: the entries of every menu.

use std::collections::{BTreeMap, HashMap};

use crate::tables::{Menu, Shape};

/// Identity of an entry within its menu; shown as `*1A`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ItemId(pub(crate) u64);

impl ItemId {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text.strip_prefix('*')?, 16).ok().map(Self)
    }
}

impl std::fmt::Display for ItemId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "*{:X}", self.0)
    }
}

/// One entry, or the values of a menu that has one set of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) id: ItemId,
    /// What was set, in the router's form; a field that is not here has its default.
    pub(crate) values: BTreeMap<String, String>,
    /// The values that it came with, for one from the factory.
    pub(crate) factory: BTreeMap<String, String>,
    pub(crate) is_dynamic: bool,
    pub(crate) is_builtin: bool,
    pub(crate) is_default: bool,
}

impl Item {
    pub(crate) fn new(id: ItemId, values: BTreeMap<String, String>) -> Self {
        Self { id, values, factory: BTreeMap::new(), is_dynamic: false, is_builtin: false, is_default: false }
    }

    /// The value that holds: what was set, or the default.
    pub(crate) fn effective<'item>(&'item self, menu: &'item Menu, name: &str) -> Option<&'item str> {
        let set = self.values.get(name).map(String::as_str);
        set.or_else(|| menu.field(name)?.default.as_deref())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(crate) fn is_disabled(&self) -> bool {
        self.get("disabled") == Some("true")
    }
}

/// The entries of one menu, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries {
    pub(crate) items: Vec<Item>,
    /// Entries by key, for menus that have one: looking through thousands for each new one is too slow.
    keys: HashMap<Vec<String>, ItemId>,
    next: u64,
}

impl Entries {
    pub(crate) fn get(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    pub(crate) fn position(&self, id: ItemId) -> Option<usize> {
        self.items.iter().position(|item| item.id == id)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.get("name") == Some(name))
    }

    /// The entry that holds a key, other than dynamic ones.
    pub(crate) fn holder(&self, key: &[String]) -> Option<ItemId> {
        self.keys.get(key).copied()
    }

    pub(crate) fn insert(&mut self, menu: &Menu, position: usize, item: Item) {
        if let Some(key) = key_of(menu, &item) {
            self.keys.insert(key, item.id);
        }
        self.items.insert(position.min(self.items.len()), item);
    }

    pub(crate) fn remove(&mut self, menu: &Menu, id: ItemId) -> Option<Item> {
        let item = self.items.remove(self.position(id)?);
        self.forget_key(menu, &item);
        Some(item)
    }

    /// Puts an entry in the place of the one with its identity.
    pub(crate) fn replace(&mut self, menu: &Menu, item: Item) {
        let Some(position) = self.position(item.id) else { return };
        let before = self.items[position].clone();
        self.forget_key(menu, &before);
        if let Some(key) = key_of(menu, &item) {
            self.keys.insert(key, item.id);
        }
        self.items[position] = item;
    }

    fn forget_key(&mut self, menu: &Menu, item: &Item) {
        if let Some(key) = key_of(menu, item)
            && self.keys.get(&key) == Some(&item.id)
        {
            self.keys.remove(&key);
        }
    }

    fn next_id(&mut self) -> ItemId {
        self.next += 1;
        ItemId(self.next)
    }
}

/// The values that no other entry may have; nothing for menus without a key and for dynamic entries.
pub(crate) fn key_of(menu: &Menu, item: &Item) -> Option<Vec<String>> {
    if menu.key.is_empty() || item.is_dynamic {
        return None;
    }
    Some(menu.key.iter().map(|name| item.effective(menu, name).unwrap_or_default().to_owned()).collect())
}

/// The whole configuration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    menus: BTreeMap<String, Entries>,
    next_interface: u64,
}

impl Config {
    pub(crate) fn entries(&self, path: &str) -> &Entries {
        static NONE: std::sync::OnceLock<Entries> = std::sync::OnceLock::new();
        self.menus.get(path).unwrap_or_else(|| NONE.get_or_init(Entries::default))
    }

    pub(crate) fn entries_mut(&mut self, path: &str) -> &mut Entries {
        self.menus.entry(path.to_owned()).or_default()
    }

    /// An identity that no entry of this menu had before.
    pub(crate) fn next_id(&mut self, menu: &Menu) -> ItemId {
        if menu.is_interface {
            self.next_interface += 1;
            return ItemId(self.next_interface);
        }
        match menu.shape {
            Shape::Single => ItemId(0),
            _ => self.entries_mut(&menu.path).next_id(),
        }
    }

    /// Takes over what another configuration says, but never hands out an identity again.
    pub(crate) fn restore(&mut self, saved: &Config, keep: impl Fn(&str) -> bool) {
        let paths: std::collections::BTreeSet<String> = self.menus.keys().chain(saved.menus.keys()).cloned().collect();
        for path in paths.into_iter().filter(|path| !keep(path)) {
            let next = self.entries(&path).next;
            let mut entries = saved.entries(&path).clone();
            entries.next = entries.next.max(next);
            self.menus.insert(path, entries);
        }
        self.next_interface = self.next_interface.max(saved.next_interface);
    }
}
