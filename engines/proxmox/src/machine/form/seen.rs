//! How does a machine read in the form of its table? Its values, and what they would be if nobody had set them.

use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, assemble};
use serde_json::Value;

use super::{cards, cpu, devices, disks, plain};
use crate::config::Config;
use crate::guest::{Seen, option, startup, words};
use crate::machine::types::Compute;
use crate::reader::Guest;

pub(crate) fn see(guest: &Guest, config: &Config) -> Seen {
    let (mut values, mut defaults) = (Vec::new(), Vec::new());
    words::read(guest, config, &mut values, &mut defaults);
    option::read(plain::TABLE, config, &mut values, &mut defaults);
    cpu::read(config, &mut values, &mut defaults);
    startup::read(config, &mut values);
    devices::read(config, &mut values);
    cards::read(config, &mut values, &mut defaults);
    disks::read(config, &mut values, &mut defaults);
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
