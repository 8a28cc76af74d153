//! How do the fields of a storage and the options of its definition map to each other? Reading and writing stand side by side.

use std::collections::{BTreeMap, BTreeSet};

use core_model::resource_type::ResourceType as _;
use core_model::schema::{Field, field_at};
use engine_api::fields::{Flat, assemble};
use serde_json::{Map, Value, json};

use super::options::{TABLE, sorted};
use super::types::Storage;
use super::types::kinds::{self, StorageKind};
use crate::config::Config;
use crate::reader::Definition;

/// Never told back.
const SECRETS: [&str; 2] = ["password", "keyring"];
const KEEP_OPTION: &str = "prune-backups";
const KEEP: [&str; 6] = ["last", "hourly", "daily", "weekly", "monthly", "yearly"];
/// What holds for fields of which nobody says anything, where a kind has them.
const DEFAULTS: [(&str, Value); 4] =
    [("shared", Value::Bool(false)), ("disabled", Value::Bool(false)), ("sparse", Value::Bool(false)), ("krbd", Value::Bool(false))];
const DEFAULT_WORDS: [(&str, &str); 2] = [("preallocation", "metadata"), ("smb_version", "default")];

/// What a storage is, and what it would be if nobody had set anything.
pub(super) struct Seen {
    pub(super) values: Map<String, Value>,
    pub(super) defaults: Map<String, Value>,
}

pub(super) fn see(definition: &Definition) -> Seen {
    let config = &definition.config;
    let kind = config.get("type").and_then(kinds::of);
    let defaults = defaults(&definition.name, kind);
    let mut values = defaults.clone();
    for (field, option, form) in TABLE.iter().filter(|(field, _, _)| !SECRETS.contains(field)) {
        // Of network storages Proxmox says `shared` although nobody can set it.
        let is_told = *field != "shared" || kind.is_none_or(StorageKind::may_be_shared);
        let value = config.get(option).filter(|_| is_told).and_then(|text| form.read(text));
        values.extend(value.map(|value| (format!("specs.{field}"), value)));
    }
    let keep = config.properties(KEEP_OPTION).unwrap_or_default();
    for name in KEEP {
        let count = keep.get(&format!("keep-{name}")).and_then(|text| text.parse::<u64>().ok()).filter(|count| *count > 0);
        values.extend(count.map(|count| (format!("specs.keep.{name}"), json!(count))));
    }
    values.insert("specs.name".to_owned(), json!(definition.name));
    Seen { values: assemble(Storage.facts(), &values), defaults: assemble(Storage.facts(), &defaults) }
}

fn defaults(name: &str, kind: Option<&StorageKind>) -> Flat {
    let mut defaults = Flat::new();
    let Some(kind) = kind else { return defaults };
    let mut put = |field: &str, value: Value| defaults.insert(format!("specs.{field}"), value);
    DEFAULTS.iter().filter(|(field, _)| kind.takes(field)).for_each(|(field, value)| _ = put(field, value.clone()));
    DEFAULT_WORDS.iter().filter(|(field, _)| kind.takes(field)).for_each(|(field, word)| _ = put(field, json!(word)));
    put("content", sorted(kind.content_default.iter().copied()));
    if matches!(kind.word, "nfs" | "cifs" | "cephfs") {
        put("path", json!(format!("/mnt/pve/{name}")));
    }
    if kind.word == "pbs" {
        put("port", json!(8007));
    }
    defaults
}

/// What is to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Edits {
    pub(super) set: BTreeMap<String, String>,
    pub(super) delete: BTreeSet<String>,
    /// Something differs that only a new definition can say.
    pub(super) is_place: bool,
}

impl Edits {
    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.delete.is_empty()
    }
}

/// What brings a definition to the wanted values of the touched fields.
pub(super) fn edits(config: &Config, wanted: &Flat, touched: &BTreeSet<String>) -> Edits {
    let mut edits = Edits::default();
    let kind = config.get("type").and_then(kinds::of);
    let defaults = defaults("", kind);
    for (field, option, form) in TABLE {
        let path = format!("specs.{field}");
        if !touched.contains(&path) {
            continue;
        }
        let (current, value) = (config.get(option), wanted.get(&path));
        let seen = current.and_then(|text| form.read(text)).or_else(|| defaults.get(&path).cloned());
        let is_so = !SECRETS.contains(field) && value.is_some() && seen.as_ref() == value;
        match value.and_then(|value| form.write(value)) {
            _ if is_so => continue,
            Some(text) => _ = edits.set.insert((*option).to_owned(), text),
            // Nobody can tell whether there is a password.
            None if current.is_some() || SECRETS.contains(field) => _ = edits.delete.insert((*option).to_owned()),
            None => continue,
        }
        edits.is_place |= kind.is_none_or(|kind| kind.fixes(field));
    }
    keep(config, wanted, touched, &mut edits);
    edits
}

/// Counts that nobody of ours set stay.
fn keep(config: &Config, wanted: &Flat, touched: &BTreeSet<String>, edits: &mut Edits) {
    let current = config.properties(KEEP_OPTION).unwrap_or_default();
    let mut keep = current.clone();
    for name in KEEP {
        let path = format!("specs.keep.{name}");
        if touched.contains(&path) {
            keep.put(&format!("keep-{name}"), wanted.get(&path).map(Value::to_string));
        }
    }
    if keep.keys().any(|key| key != "keep-all") {
        keep.put("keep-all", None);
    }
    if keep.says_the_same(&current) {
        return;
    }
    match keep.text() {
        text if text.is_empty() => _ = edits.delete.insert(KEEP_OPTION.to_owned()),
        text => _ = edits.set.insert(KEEP_OPTION.to_owned(), text),
    }
}

/// The options of a definition that is put back at another place: what it had, and what is to be.
pub(super) fn anew(config: &Config, edits: &Edits, all: &Edits) -> BTreeMap<String, String> {
    let kind = all.set.get("type").map(String::as_str);
    if kind != config.get("type") {
        return all.set.clone();
    }
    let mut options = as_it_was(config, all);
    options.retain(|option, _| !edits.delete.contains(option));
    options.extend(edits.set.clone());
    options
}

/// The options that make a definition again that was taken out. Its secrets went with it; those of the blueprint are put in.
pub(super) fn as_it_was(config: &Config, all: &Edits) -> BTreeMap<String, String> {
    let is_shared = config.get("type").and_then(kinds::of).is_some_and(StorageKind::may_be_shared);
    let kept = config.options.iter().filter(|(option, _)| *option != "shared" || is_shared);
    let secrets = all.set.iter().filter(|(option, _)| SECRETS.contains(&option.as_str()));
    kept.chain(secrets).map(|(option, text)| (option.clone(), text.clone())).collect()
}

/// The command by which a person defines a storage. No secret is in it.
pub(super) fn command(name: &str, options: &BTreeMap<String, String>) -> String {
    let is_plain = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/:,=@".contains(letter));
    let quoted = |text: &str| if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) };
    let told = options.iter().filter(|(option, _)| *option != "type" && !SECRETS.contains(&option.as_str()));
    let told: String = told.map(|(option, text)| format!(" --{option} {}", quoted(text))).collect();
    format!("pvesm add {} {name}{told}", options.get("type").map_or("", String::as_str))
}

/// Whether the cluster is told of a field and does not tell it back.
pub(super) fn is_silent(path: &str) -> bool {
    let segments: Vec<&str> = path.split('.').skip(1).collect();
    let facts = Storage.facts();
    [facts.specs, facts.metadata].iter().any(|fields| field_at(fields, &segments).is_some_and(|field: &Field| field.write_only))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    fn flat(values: &[(&str, Value)]) -> Flat {
        values.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect()
    }

    #[test]
    fn counts_of_others_stay_and_the_last_of_ours_takes_the_option_along() {
        let config = Config::of(&json!({"type": "dir", "path": "/a", "prune-backups": "keep-daily=7,keep-last=3"}));
        let touched = paths(&["specs.keep.last"]);
        let changed = edits(&config, &flat(&[("specs.keep.last", json!(5))]), &touched);
        assert_eq!(changed.set[KEEP_OPTION], "keep-daily=7,keep-last=5");
        let config = Config::of(&json!({"type": "dir", "path": "/a", "prune-backups": "keep-last=3"}));
        assert_eq!(edits(&config, &Flat::new(), &touched).delete, paths(&[KEEP_OPTION]));
        let config = Config::of(&json!({"type": "dir", "path": "/a", "prune-backups": "keep-all=1"}));
        assert_eq!(edits(&config, &flat(&[("specs.keep.last", json!(5))]), &touched).set[KEEP_OPTION], "keep-last=5");
    }

    #[test]
    fn another_place_keeps_what_nobody_of_ours_set() {
        let config = Config::of(&json!({"type": "nfs", "server": "a", "export": "/x", "path": "/mnt/pve/nas", "shared": 1, "bwlimit": "read=1"}));
        let (wanted, touched) = (flat(&[("specs.server", json!("b"))]), paths(&["specs.server"]));
        let changed = edits(&config, &wanted, &touched);
        assert!(changed.is_place);
        let all = Edits { set: [("type".to_owned(), "nfs".to_owned()), ("server".to_owned(), "b".to_owned())].into(), ..Edits::default() };
        let options = anew(&config, &changed, &all);
        assert_eq!((options["server"].as_str(), options["bwlimit"].as_str(), options.contains_key("shared")), ("b", "read=1", false));
        let secret = Edits { set: [("password".to_owned(), "hunter2".to_owned())].into(), ..Edits::default() };
        let former = as_it_was(&config, &secret);
        assert_eq!((former["server"].as_str(), former["password"].as_str()), ("a", "hunter2"));
        assert_eq!(command("nas", &former), "pvesm add nfs nas --bwlimit read=1 --export /x --path /mnt/pve/nas --server a");
    }
}
