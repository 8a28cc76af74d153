//! How does a container read in the form of its table? Its values, and what they would be if nobody had set them.

use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, assemble};
use serde_json::{Value, json};

use super::{cards, cpu, features, mounts, plain};
use crate::config::Config;
use crate::container::Container;
use crate::guest::{Seen, option, startup, words};
use crate::reader::Guest;

pub(crate) fn see(guest: &Guest, config: &Config) -> Seen {
    let (mut values, mut defaults) = (Vec::new(), Vec::new());
    words::read(guest, config, &mut values, &mut defaults);
    option::read(plain::TABLE, config, &mut values, &mut defaults);
    cpu::read(config, &mut values);
    startup::read(config, &mut values);
    features::read(config, &mut values, &mut defaults);
    cards::read(config, &mut values, &mut defaults);
    mounts::read(config, &mut values, &mut defaults);
    values.push(("specs.unprivileged".to_owned(), json!(config.is_set("unprivileged"))));
    defaults.push(("specs.unprivileged".to_owned(), json!(true)));
    let nested = |items: Vec<(String, Value)>| assemble(Container.facts(), &items.into_iter().collect::<Flat>());
    Seen { values: nested(values), defaults: nested(defaults) }
}
