//! What would a blueprint say of the machines that exist?

use std::collections::BTreeSet;

use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;
use engine_api::fields::{Flat, flatten};

use super::form;
use super::form::size::GIBIBYTE;
use super::types::Compute;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::import::Imported;
use crate::stamp::Stamp;

pub(super) async fn import(cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
    let mut guests: Vec<_> = cluster.guests().await?.iter().filter(|guest| guest.is_machine && !guest.is_template).collect();
    guests.sort_by_key(|guest| guest.vmid);
    let mut found = Vec::new();
    for guest in guests {
        let Some(config) = cluster.reader.config(&guest.node, guest.vmid).await? else { continue };
        if Stamp::read(config.get("description"), guest.vmid).is_some() || config.is_set("template") {
            continue;
        }
        let seen = form::see(guest, Some(&config));
        let left_out = left_out(&flatten(Compute.facts(), &seen.values), &config);
        let fallback = format!("vm-{}", guest.vmid);
        let name = config.get("name").unwrap_or(&guest.name).to_owned();
        found.push(Imported { object: name, fallback, values: seen.values, defaults: seen.defaults, left_out });
    }
    Ok(found)
}

/// The size of the first disk is `specs.storage`; blueprints have disks in whole gibibytes, and another size is left as it is;
/// a machine that is off is not told to stay off.
fn left_out(values: &Flat, config: &Config) -> BTreeSet<String> {
    let boot_size = form::disks::boot_slot(config).map(|slot| format!("specs.disks.{slot}.size"));
    let is_size = |path: &str| path == "specs.storage" || path.ends_with(".size");
    let odd = values.iter().filter(|(path, value)| is_size(path) && value.as_u64().is_some_and(|bytes| bytes % GIBIBYTE != 0));
    odd.map(|(path, _)| path.clone()).chain(boot_size).chain(["specs.power".to_owned()]).collect()
}
