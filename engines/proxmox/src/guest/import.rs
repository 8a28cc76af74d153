//! What would a blueprint say of the guests that exist?

use std::collections::BTreeSet;

use engine_api::EngineError;
use engine_api::fields::{Flat, flatten};

use super::GuestKind;
use super::size::GIBIBYTE;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::import::Imported;
use crate::stamp::Stamp;

/// Every guest of a kind that is not ours and no template. `left_out` says the paths that a blueprint of this one need not say.
pub(crate) async fn import(
    kind: GuestKind,
    cluster: &Cluster<'_>,
    short: &str,
    left_out: fn(&Flat, &Config) -> BTreeSet<String>,
) -> Result<Vec<Imported>, EngineError> {
    let mut guests: Vec<_> = cluster.guests().await?.iter().filter(|guest| guest.kind == kind && !guest.is_template).collect();
    guests.sort_by_key(|guest| guest.vmid);
    let mut found = Vec::new();
    for guest in guests {
        let Some(config) = cluster.reader.config(guest).await? else { continue };
        if Stamp::read(config.get("description"), guest.vmid).is_some() || config.is_set("template") {
            continue;
        }
        let seen = kind.see(guest, &config);
        let values = flatten(kind.facts(), &seen.values);
        let mut left_out = left_out(&values, &config);
        left_out.extend(odd_sizes(&values));
        // A guest that is off is not told to stay off.
        left_out.insert("specs.power".to_owned());
        let fallback = format!("{short}-{}", guest.vmid);
        let object = config.get(kind.name_option()).unwrap_or(&guest.name).to_owned();
        found.push(Imported { object, fallback, values: seen.values, defaults: seen.defaults, left_out });
    }
    Ok(found)
}

/// Blueprints have disks in whole gibibytes, and another size is left as it is.
fn odd_sizes(values: &Flat) -> impl Iterator<Item = String> {
    let is_size = |path: &str| path == "specs.storage" || path.ends_with(".size");
    let odd = values.iter().filter(move |(path, value)| is_size(path) && value.as_u64().is_some_and(|bytes| bytes % GIBIBYTE != 0));
    odd.map(|(path, _)| path.clone())
}
