//! What would a blueprint say of the firewalls that exist? Those that have rules, or options that somebody set.

use std::collections::BTreeSet;

use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;
use engine_api::fields::flatten;
use futures::{StreamExt, stream};
use serde_json::{Map, Value, json};

use super::observe::see;
use super::types::Firewall;
use crate::cluster::Cluster;
use crate::firewall::scope::Scope;
use crate::import::Imported;

const READS_IN_FLIGHT_MAX: usize = 8;

pub(super) async fn import(cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
    let mut scopes = vec![(Scope::Cluster, "firewall".to_owned(), "firewall-of-cluster".to_owned())];
    let nodes = cluster.reader.nodes().await?.into_iter().filter(|node| node.is_online);
    scopes.extend(nodes.map(|node| (Scope::Node(node.name.clone()), format!("firewall-{}", node.name), format!("firewall-of-{}", node.name))));
    let mut guests: Vec<_> = cluster.guests().await?.iter().filter(|guest| !guest.is_template).collect();
    guests.sort_by_key(|guest| guest.vmid);
    let of_guest = |vmid: u32, name: &str| (Scope::Guest(vmid.to_string()), format!("firewall-{name}"), format!("firewall-{vmid}"));
    scopes.extend(guests.into_iter().map(|guest| of_guest(guest.vmid, &guest.name)));
    let reads = scopes.into_iter().map(|(scope, object, fallback)| async move {
        let Some(place) = scope.place(cluster).await? else { return Ok(None) };
        let (values, defaults) = see(cluster.reader, &scope, &place).await?;
        Ok::<_, EngineError>(imported(object, fallback, values, defaults))
    });
    let found: Vec<_> = stream::iter(reads).buffered(READS_IN_FLIGHT_MAX).collect().await;
    found.into_iter().filter_map(Result::transpose).collect()
}

/// `None`: nobody said anything there.
fn imported(object: String, fallback: String, values: Map<String, Value>, mut defaults: Map<String, Value>) -> Option<Imported> {
    if let Some(Value::Object(specs)) = defaults.get_mut("specs") {
        specs.insert("rules".to_owned(), json!([]));
    }
    let (seen, unset) = (flatten(Firewall.facts(), &values), flatten(Firewall.facts(), &defaults));
    let is_scope = |path: &str| path == "specs.node" || path == "specs.guest";
    let says_something = seen.iter().any(|(path, value)| !is_scope(path) && unset.get(path) != Some(value));
    says_something.then(|| Imported { object, fallback, values, defaults, left_out: BTreeSet::new() })
}
