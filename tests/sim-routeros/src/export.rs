//! How does a router write its configuration down?

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clock;
use crate::tables::{Field, Kind, Menu, Shape};
use crate::values::boolean;
use crate::world::{Item, World};

/// What an export shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    /// Every line stands alone, with its whole path.
    pub(crate) is_terse: bool,
    /// Values that nobody set are written too.
    pub(crate) is_verbose: bool,
    pub(crate) shows_secrets: bool,
    /// Only this menu and those below; all if it is empty.
    pub(crate) menu: String,
}

/// The whole text, with a head that says when and by what it was written.
pub(crate) fn text(world: &World, style: &Style) -> String {
    let mut text = format!("# {} by RouterOS {}\n# software id = SIM0-0000\n#\n", clock::date_time(world.clock.now_s()), world.version);
    for menu in ordered(world) {
        let is_wanted = menu.is_exported && (style.menu.is_empty() || menu.path == style.menu || menu.path.starts_with(&format!("{}/", style.menu)));
        if !is_wanted {
            continue;
        }
        let path = menu.path.replacen('/', "\u{0}", 1).replace('/', " ").replace('\u{0}', "/");
        let items = world.config.entries(&menu.path).items.iter().filter(|item| !item.is_dynamic && !item.is_builtin);
        let lines: Vec<String> = items.filter_map(|item| line(&menu, item, style)).collect();
        if style.is_terse {
            lines.iter().for_each(|line| text.push_str(&format!("{path} {line}\n")));
        } else if !lines.is_empty() {
            text.push_str(&format!("{path}\n"));
            lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        }
    }
    text
}

/// A menu comes after those whose entries it names, so that the text can be run on an empty router.
fn ordered(world: &World) -> Vec<Arc<Menu>> {
    let mut left: Vec<Arc<Menu>> = world.menus.values().cloned().collect();
    left.sort_by_key(|menu| (interface_rank(menu), menu.path.clone()));
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits = |menu: &Menu| {
            let needed = menu.fields.iter().filter_map(|field| field.kind.refers_to());
            needed
                .into_iter()
                .any(|needed| needed != "/interface" && needed != menu.path && !done.contains(needed) && world.menus.contains_key(needed))
        };
        // Menus that wait for each other are taken as they come.
        let index = left.iter().position(|menu| !waits(menu)).unwrap_or_default();
        let menu = left.remove(index);
        done.insert(menu.path.clone());
        ordered.push(menu);
    }
    ordered
}

/// Interfaces first, and those that stand on others after them.
fn interface_rank(menu: &Menu) -> u8 {
    match menu.path.as_str() {
        "/interface/ethernet" => 0,
        "/interface/bridge" => 1,
        "/interface/bonding" => 2,
        "/interface/vlan" => 4,
        _ if menu.is_interface => 3,
        _ => 5,
    }
}

/// The command that makes an entry, or sets what differs from the factory's; nothing if nothing does.
fn line(menu: &Menu, item: &Item, style: &Style) -> Option<String> {
    let named: Option<String> = match menu.shape {
        Shape::Single => Some("set".to_owned()),
        Shape::Fixed if menu.path == "/interface/ethernet" => Some(format!("set [ find default-name={} ]", item.get("default-name")?)),
        Shape::Fixed => Some(format!("set {}", item.get("name")?)),
        _ if item.is_default => Some(format!("set [ find default=yes{} ]", name_condition(item))),
        _ => None,
    };
    let identifies =
        |field: &&Field| named.is_some() && menu.shape != Shape::Single && matches!(field.name.as_str(), "default-name" | "orig-mac-address");
    let factory = menu.seeds.iter().find(|seed| {
        let mut names = seed.values.iter().filter(|(name, _)| matches!(name.as_str(), "name" | "default-name"));
        names.any(|(name, value)| item.get(name) == Some(value)) && menu.shape == Shape::Fixed
    });
    let mut words = Vec::new();
    for field in menu.fields.iter().filter(|field| !field.is_read_only && !identifies(field)) {
        if field.is_hidden || (field.is_secret && !style.shows_secrets) {
            continue;
        }
        let set = item.get(&field.name);
        let value = if style.is_verbose { item.effective(menu, &field.name) } else { set };
        let Some(value) = value else { continue };
        let as_made = factory.and_then(|seed| seed.values.iter().find(|(name, _)| *name == field.name)).map(|(_, value)| value.as_str());
        if !style.is_verbose && (field.default.as_deref() == Some(value) || as_made == Some(value)) {
            continue;
        }
        words.push(word(field, value));
    }
    match named {
        Some(_) if words.is_empty() => None,
        Some(named) => Some(format!("{named} {}", words.join(" "))),
        None if words.is_empty() => Some("add".to_owned()),
        None => Some(format!("add {}", words.join(" "))),
    }
}

fn name_condition(item: &Item) -> String {
    item.get("name").map(|name| format!(" name={}", quoted(name))).unwrap_or_default()
}

fn word(field: &Field, value: &str) -> String {
    match (&field.kind, boolean(value)) {
        (Kind::Flag, _) => field.name.clone(),
        (Kind::Bool, Some(truth)) => format!("{}={}", field.name, if truth { "yes" } else { "no" }),
        _ => format!("{}={}", field.name, quoted(value)),
    }
}

/// As it must be written to be read again.
fn quoted(value: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | ',' | ':' | '/' | '-' | '_' | '*' | '!' | '+' | '@' | '%');
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    let mut text = String::from("\"");
    for character in value.chars() {
        match character {
            '"' | '\\' | '$' | '?' => text.extend(['\\', character]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}
