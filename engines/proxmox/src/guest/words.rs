//! What is said of every guest? Number, name, power, place, tags and notes; and whose it is, beside them.

use serde_json::{Value, json};

use super::edits::Edits;
use super::find::Found;
use super::option::sorted;
use super::wanted::Wanted;
use crate::apply::Task;
use crate::config::Config;
use crate::reader::Guest;
use crate::stamp::{self, Stamp};

pub(crate) fn read(guest: &Guest, config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    let mut put = |path: &str, value: Value| values.push((path.to_owned(), value));
    put("specs.vmid", json!(guest.vmid));
    put("specs.name", json!(guest.name));
    put("specs.power", json!(if guest.is_running { "on" } else { "off" }));
    put("metadata.node", json!(guest.node));
    if let Some(pool) = &guest.pool {
        put("metadata.pool", json!(pool));
    }
    let tags: Vec<String> = stamp::tags(config.get("tags")).into_iter().filter(|tag| !stamp::is_our_tag(tag)).collect();
    put("metadata.tags", sorted(json!(tags)));
    if let Some(notes) = stamp::notes(config.get("description")) {
        put("metadata.notes", json!(notes));
    }
    defaults.push(("metadata.tags".to_owned(), json!([])));
}

/// For a guest that is made: its name, whose it is, and the author's tags and notes.
pub(crate) fn name_and_mark(task: &Task<'_>, wanted: &Wanted, stamp: &Stamp, edits: &mut Edits) {
    edits.set(task.kind().name_option(), task.name().to_owned());
    edits.set("description", stamp::description(wanted.text("metadata.notes"), Some(stamp)));
    edits.set("tags", tags(wanted, &[stamp.tag()]));
}

/// For a guest that is there: its name, tags and notes, as far as they are touched. Ours stay where they are.
pub(crate) fn change(task: &Task<'_>, found: &Found, wanted: &Wanted, edits: &mut Edits) {
    let option = task.kind().name_option();
    if found.config.get(option) != Some(task.name()) && wanted.touches("specs.name") {
        edits.set(option, task.name().to_owned());
    }
    if wanted.touches("metadata.tags") {
        let current = stamp::tags(found.config.get("tags"));
        let ours: Vec<String> = current.iter().filter(|tag| stamp::is_our_tag(tag)).cloned().collect();
        let tags = tags(wanted, &ours);
        if in_order(stamp::tags(Some(&tags))) != in_order(current) {
            edits.bring(&found.config, "tags", Some(tags).filter(|tags| !tags.is_empty()));
        }
    }
    if wanted.touches("metadata.notes") {
        let notes = wanted.text("metadata.notes");
        if stamp::notes(found.config.get("description")).as_deref() != notes.map(str::trim) {
            let text = stamp::description(notes, found.stamp.as_ref());
            edits.bring(&found.config, "description", Some(text).filter(|text| !text.is_empty()));
        }
    }
}

/// The author's tags, and ours.
fn tags(wanted: &Wanted, ours: &[String]) -> String {
    let given = wanted.value("metadata.tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    given.chain(ours.iter().map(String::as_str)).collect::<Vec<&str>>().join(";")
}

fn in_order(mut tags: Vec<String>) -> Vec<String> {
    tags.sort();
    tags
}
