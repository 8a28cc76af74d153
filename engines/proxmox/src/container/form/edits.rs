//! What must be told to Proxmox VE so that a container becomes what is wanted?

use core_model::Marker;
use serde_json::Value;

use super::{cards, cpu, features, mounts, plain};
use crate::config::Config;
use crate::guest::edits::Edits;
use crate::guest::option::flag;
use crate::guest::wanted::Wanted;
use crate::guest::{option, startup};

/// What is known when a container is made or changed.
pub(crate) struct Making<'a> {
    pub(crate) marker: &'a Marker,
    /// Where volumes go when nobody says.
    pub(crate) storage: Option<&'a str>,
    /// The container is being made: what its author leaves open gets our values.
    pub(crate) is_new: bool,
}

/// The edits that bring `config` to what is wanted; the error completes the sentence "it cannot be, because ...".
pub(crate) fn edits(config: &Config, wanted: &Wanted, making: &Making<'_>) -> Result<Edits, String> {
    let mut edits = Edits::default();
    option::write(plain::TABLE, config, wanted, &mut edits);
    cpu::write(config, wanted, &mut edits);
    startup::write(config, wanted, &mut edits);
    features::write(config, wanted, &mut edits);
    cards::write(config, wanted, making, &mut edits);
    mounts::write(config, wanted, making, &mut edits)?;
    if making.is_new {
        let is_unprivileged = wanted.value("specs.unprivileged") != Some(&Value::Bool(false));
        edits.set("unprivileged", flag(is_unprivileged));
    }
    Ok(edits)
}
