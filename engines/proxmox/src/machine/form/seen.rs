//! How does a machine read in the form of its table? Its values, and what they would be if nobody had set them.

use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, assemble};
use serde_json::{Map, Value, json};

use super::{cards, cpu, devices, disks, plain, startup};
use crate::config::Config;
use crate::machine::types::Compute;
use crate::reader::Guest;
use crate::stamp;

/// What a machine is, and what it would be if nobody had set anything.
pub(crate) struct Seen {
    pub(crate) values: Map<String, Value>,
    pub(crate) defaults: Map<String, Value>,
}

/// `config` is `None` where only the list of guests was read: then little is said, and nothing is missed.
pub(crate) fn see(guest: &Guest, config: Option<&Config>) -> Seen {
    let (mut values, mut defaults) = (Vec::new(), Vec::new());
    values.push(("specs.vmid".to_owned(), json!(guest.vmid)));
    values.push(("specs.name".to_owned(), json!(guest.name)));
    values.push(("specs.power".to_owned(), json!(if guest.is_running { "on" } else { "off" })));
    if let Some(config) = config {
        plain::read(config, &mut values, &mut defaults);
        cpu::read(config, &mut values, &mut defaults);
        startup::read(config, &mut values);
        devices::read(config, &mut values);
        cards::read(config, &mut values, &mut defaults);
        disks::read(config, &mut values, &mut defaults);
        let tags: Vec<String> = stamp::tags(config.get("tags")).into_iter().filter(|tag| !stamp::is_our_tag(tag)).collect();
        values.push(("metadata.tags".to_owned(), plain::sorted(json!(tags))));
        values.extend(stamp::notes(config.get("description")).map(|notes| ("metadata.notes".to_owned(), json!(notes))));
    }
    values.extend(guest.pool.as_ref().map(|pool| ("metadata.pool".to_owned(), json!(pool))));
    values.push(("metadata.node".to_owned(), json!(guest.node)));
    defaults.push(("metadata.tags".to_owned(), json!([])));
    // The balloon is as large as the memory when nobody says.
    let memory = values.iter().find(|(path, _)| path == "specs.memory").map(|(_, value)| value.clone());
    let has_balloon = values.iter().any(|(path, _)| path == "specs.balloon");
    if let Some(memory) = memory {
        if !has_balloon {
            values.push(("specs.balloon".to_owned(), memory.clone()));
        }
        defaults.push(("specs.balloon".to_owned(), memory));
    }
    let nested = |items: Vec<(String, Value)>| assemble(Compute.facts(), &items.into_iter().collect::<Flat>());
    Seen { values: nested(values), defaults: nested(defaults) }
}
