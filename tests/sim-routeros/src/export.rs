//! How does a router write its configuration down?

mod lines;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clock;
use crate::commands::{Caller, Request};
use crate::tables::{Field, Kind, Menu, Shape};
use crate::values::boolean;
use crate::version::Version;
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

impl Style {
    /// As somebody asks for it. Secrets are for those who may see them, and who say that they want to.
    pub(crate) fn of(caller: &Caller, request: &Request) -> Self {
        let has = |name: &str| request.argument(name).is_some_and(|value| value != "no" && value != "false");
        let shows_secrets = has("show-sensitive") && !has("hide-sensitive") && caller.may("sensitive");
        Self { is_terse: has("terse"), is_verbose: has("verbose"), shows_secrets, menu: request.menu.clone() }
    }
}

/// When and by what it was written. A virtual router has no model and no serial number; what stands for its licence has another
/// name since 7.20.
fn head(world: &World) -> String {
    let licence = if world.version >= Version::V7_20 { "# system id = SIM0000000A" } else { "# software id = " };
    format!("# {} by RouterOS {}\n{licence}\n#\n", clock::date_time(world.clock.now_s()), world.version)
}

/// The whole text.
pub(crate) fn text(world: &World, style: &Style) -> String {
    let mut text = head(world);
    for menu in ordered(world) {
        let is_wanted = menu.is_exported && (style.menu.is_empty() || menu.path == style.menu || menu.path.starts_with(&format!("{}/", style.menu)));
        if !is_wanted {
            continue;
        }
        let path = menu.path.replacen('/', "\u{0}", 1).replace('/', " ").replace('\u{0}', "/");
        let items = world.config.entries(&menu.path).items.iter().enumerate();
        let written = items.filter(|(_, item)| !item.is_dynamic && !item.is_builtin);
        let lines: Vec<Vec<String>> = written.filter_map(|(index, item)| line(&menu, item, index, style)).collect();
        if style.is_terse {
            lines.iter().for_each(|words| text.push_str(&format!("{path} {}\n", words.join(" "))));
        } else if !lines.is_empty() {
            text.push_str(&format!("{path}\n"));
            lines.iter().for_each(|words| text.push_str(&format!("{}\n", lines::wrapped(words))));
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

/// The words of the command that makes an entry, or sets what differs from the factory's; nothing if nothing does.
fn line(menu: &Menu, item: &Item, index: usize, style: &Style) -> Option<Vec<String>> {
    let is_written = |field: &&Field| !field.is_read_only && !field.is_hidden && (!field.is_secret || style.shows_secrets);
    let mut words: Vec<String> = menu
        .fields
        .iter()
        .filter(is_written)
        .filter_map(|field| {
            // What is done with a packet is written even where it is what is done anyway.
            let is_action = field.name == "action" && menu.path.contains("/firewall/");
            let value = if style.is_verbose || is_action { item.effective(menu, &field.name) } else { item.get(&field.name) }?;
            let is_as_made = field.default.as_deref() == Some(value) || item.factory.get(&field.name).is_some_and(|made| made == value);
            (style.is_verbose || is_action || !is_as_made).then(|| word(field, value))
        })
        .collect();
    words.sort();
    let command = match (menu.shape, item.get("default-name"), item.get("name")) {
        (Shape::Single, _, _) => "set".to_owned(),
        (Shape::Fixed, Some(name), _) => format!("set [ find default-name={name} ]"),
        (Shape::Fixed, None, Some(name)) => format!("set {name}"),
        (_, _, Some(name)) if item.is_default => format!("set {}", quoted(name)),
        _ if item.is_default || menu.shape == Shape::Fixed => format!("set {index}"),
        _ if words.is_empty() => return Some(vec!["add".to_owned()]),
        _ => "add".to_owned(),
    };
    (!words.is_empty()).then(|| std::iter::once(command).chain(unrepeated(words)).collect())
}

/// What the name before begins with is not written again: `local.address=10.0.0.1 .role=ebgp`.
fn unrepeated(words: Vec<String>) -> Vec<String> {
    let mut before = String::new();
    let mut written = Vec::with_capacity(words.len());
    for word in words {
        let (begin, _) = word.split('=').next().and_then(|name| name.rsplit_once('.')).unwrap_or_default();
        let is_again = !begin.is_empty() && begin == before;
        before = begin.to_owned();
        written.push(if is_again { word[before.len()..].to_owned() } else { word });
    }
    written
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
            ' '..='~' => text.push(character),
            // Byte by byte, in capitals.
            other => other.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| text.push_str(&format!("\\{byte:02X}"))),
        }
    }
    text.push('"');
    text
}
