//! How is a table's text read?
//!
//! A table is part of the program: a line that cannot be read is a bug, and the panic names it.

use super::{Field, Kind, Menu, Seed, Shape, Versions};
use crate::version::Version;

pub(super) fn menus(table: &str, text: &str) -> Vec<Menu> {
    let mut menus: Vec<Menu> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words = words(line);
        let Some((first, rest)) = words.split_first() else { continue };
        let place = || format!("{table}.menus:{}: `{line}`", index + 1);
        if first == "menu" {
            menus.push(head(rest).unwrap_or_else(|| panic!("no menu in {}", place())));
            continue;
        }
        let menu = menus.last_mut().unwrap_or_else(|| panic!("no menu before {}", place()));
        match first.as_str() {
            "item" => menu.seeds.push(seed(rest)),
            "command" => menu.commands.extend(rest.iter().cloned()),
            name => menu.fields.push(field(name, rest).unwrap_or_else(|| panic!("no field in {}", place()))),
        }
    }
    menus
}

/// Words are separated by spaces; in double quotes a space is part of the word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut is_quoted, mut is_begun) = (false, false);
    for character in line.chars() {
        match character {
            '"' => (is_quoted, is_begun) = (!is_quoted, true),
            ' ' if !is_quoted => {
                if is_begun {
                    words.push(std::mem::take(&mut word));
                }
                is_begun = false;
            }
            other => {
                word.push(other);
                is_begun = true;
            }
        }
    }
    if is_begun {
        words.push(word);
    }
    words
}

fn head(words: &[String]) -> Option<Menu> {
    let [path, shape, marks @ ..] = words else { return None };
    let shape = match shape.as_str() {
        "list" => Shape::List,
        "ordered" => Shape::Ordered,
        "fixed" => Shape::Fixed,
        "single" => Shape::Single,
        _ => return None,
    };
    let mut menu = Menu {
        path: path.clone(),
        shape,
        key: Vec::new(),
        duplicate: "failure: already have such entry".to_owned(),
        fields: Vec::new(),
        is_interface: false,
        is_undoable: true,
        is_exported: true,
        unset_since: None,
        seeds: Vec::new(),
        commands: Vec::new(),
        versions: Versions::ALL,
    };
    for mark in marks {
        match mark.split_once('=').unwrap_or((mark, "")) {
            ("key", fields) => menu.key = fields.split('+').map(str::to_owned).collect(),
            ("duplicate", text) => menu.duplicate = text.to_owned(),
            ("space", "interface") => menu.is_interface = true,
            ("undo", "no") => menu.is_undoable = false,
            ("export", "no") => menu.is_exported = false,
            ("unset", "") => menu.unset_since = Some(Version::V7_15),
            ("unset", version) => menu.unset_since = Some(Version::parse(version)?),
            ("since", version) => menu.versions = Versions::Range { since: Version::parse(version)?, until: Version::V7_24 },
            _ => return None,
        }
    }
    Some(menu)
}

fn field(name: &str, words: &[String]) -> Option<Field> {
    let (kind, marks) = words.split_first()?;
    let mut field = Field {
        name: name.to_owned(),
        kind: Kind::parse(kind)?,
        default: None,
        is_required: false,
        is_secret: false,
        is_hidden: false,
        is_read_only: false,
        versions: Versions::ALL,
    };
    let (mut since, mut until) = (Version::V7_15, Version::V7_24);
    for mark in marks {
        match mark.split_once('=').unwrap_or((mark, "")) {
            ("", default) => field.default = Some(default.to_owned()),
            ("required", _) => field.is_required = true,
            ("secret", _) => field.is_secret = true,
            ("hidden", _) => field.is_hidden = true,
            ("read-only", _) => field.is_read_only = true,
            ("since", version) => since = Version::parse(version)?,
            ("until", version) => until = Version::parse(version)?,
            ("only", versions) => field.versions = Versions::Only(versions.split(',').map(Version::parse).collect::<Option<_>>()?),
            _ => return None,
        }
    }
    if field.versions == Versions::ALL {
        field.versions = Versions::Range { since, until };
    }
    Some(field)
}

fn seed(words: &[String]) -> Seed {
    let values = words.iter().filter_map(|word| word.split_once('='));
    Seed {
        values: values.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        is_builtin: words.iter().any(|word| word == "builtin"),
        is_default: words.iter().any(|word| word == "default"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_kind_default_and_releases() {
        let menus =
            menus("x", "menu /a/b ordered key=x+y duplicate=\"no two\"\n  x number:1..4 =2 since=7.18\n  y text =\"\" read-only\n  item builtin x=1");
        let [menu] = &menus[..] else { panic!("one menu") };
        assert_eq!((menu.path.as_str(), menu.shape, menu.key.len(), menu.duplicate.as_str()), ("/a/b", Shape::Ordered, 2, "no two"));
        assert_eq!(menu.fields[0].kind, Kind::Number(Some((1, 4))));
        assert_eq!((menu.fields[0].default.as_deref(), menu.fields[1].default.as_deref()), (Some("2"), Some("")));
        assert_eq!(menu.at(Version::V7_15).map(|menu| menu.fields.len()), Some(1));
        assert!(menu.seeds[0].is_builtin && menu.fields[1].is_read_only);
    }

    #[test]
    fn every_table_can_be_read_and_no_menu_stands_twice() {
        let all = crate::tables::all();
        for (index, menu) in all.iter().enumerate() {
            assert!(all[..index].iter().all(|other| other.path != menu.path), "{} stands twice", menu.path);
            for key in &menu.key {
                assert!(menu.field(key).is_some(), "{}: the key `{key}` is no field", menu.path);
            }
        }
    }
}
