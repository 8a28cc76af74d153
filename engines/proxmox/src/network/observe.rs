//! Which bridges and VLANs are there? One list for each node; what is staged and not applied hides what is there.

use std::collections::BTreeSet;

use core_model::state::{Gap, ObservedObject};
use engine_api::ObserveScope;
use futures::{StreamExt, stream};

use super::{TYPE, form, parts};
use crate::cluster::{Cluster, Permissions, sees_all};
use crate::comment;
use crate::kind::Sighting;
use crate::reader::{Interface, Network};
use crate::stamp;

const READS_IN_FLIGHT_MAX: usize = 16;
/// One of these is needed to see a bridge; without it bridges are left out of the list, and nobody says so.
const PRIVILEGES: [&str; 2] = ["SDN.Audit", "SDN.Use"];

pub(super) async fn observe(cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
    let mut sighting = Sighting::default();
    let wanted: BTreeSet<&str> = scope.wanted.iter().filter(|wanted| wanted.type_name == TYPE).map(|wanted| wanted.object.as_str()).collect();
    match cluster.permissions().await {
        Ok(permissions) if may_see_all(permissions) => {}
        Ok(_) => {
            sighting.gaps.push(gap(None, "the credential lacks `SDN.Audit` and `SDN.Use` on /sdn, so that bridges may be hidden from it".to_owned()))
        }
        Err(error) => sighting.gaps.push(gap(None, error.to_string())),
    }
    let nodes = match cluster.reader.nodes().await {
        Ok(nodes) => nodes,
        Err(error) => {
            sighting.gaps.push(gap(None, error.to_string()));
            return sighting;
        }
    };
    let reads = nodes.into_iter().map(|node| async move {
        let network = if node.is_online { cluster.reader.network(&node.name).await } else { Err(super::unreachable(&node.name, "it is offline")) };
        (node.name, network)
    });
    let answers: Vec<_> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).collect().await;
    for (node, answer) in answers {
        let on_node = || wanted.iter().filter(|object| parts(object).is_some_and(|(place, _)| place == node));
        match answer {
            Ok(Network { changes: None, interfaces }) => {
                for (name, interface) in &interfaces {
                    sighting.objects.extend(object(&node, name, interface, scope, &wanted));
                }
            }
            Ok(_) => {
                let why = format!(
                    "changes of the network of `{node}` are staged and not applied, and hide what is there; `pvesh get /nodes/{node}/network` shows them"
                );
                sighting.gaps.extend(on_node().map(|object| gap(Some(object), why.clone())));
            }
            Err(error) => sighting.gaps.extend(on_node().map(|object| gap(Some(object), error.to_string()))),
        }
    }
    sighting.notes = ways_to_nodes(cluster, &sighting.objects, &wanted).await;
    sighting
}

fn gap(object: Option<&str>, why: String) -> Gap {
    Gap { type_name: Some(TYPE.to_owned()), object: object.map(str::to_owned), why }
}

fn may_see_all(permissions: &Permissions) -> bool {
    sees_all(permissions, "/sdn/zones/localnetwork", &PRIVILEGES)
}

/// An interface that is asked for, of whatever type, or that carries our mark.
fn object(node: &str, name: &str, interface: &Interface, scope: &ObserveScope, wanted: &BTreeSet<&str>) -> Option<ObservedObject> {
    let object = format!("{node}/{name}");
    let marker = comment::mark(interface.get("comments"), &object).map(|mark| mark.marker);
    let is_ours = marker.as_ref().is_some_and(|marker| stamp::belongs(marker, &scope.owner_id, scope.environment.as_ref()));
    if !is_ours && !wanted.contains(object.as_str()) {
        return None;
    }
    let (values, defaults) = form::see(node, name, interface);
    Some(ObservedObject { type_name: TYPE.to_owned(), name: object, marker, values, defaults, ready: None, is_shallow: false })
}

/// Whoever changes what carries a node's own address should know it.
async fn ways_to_nodes(cluster: &Cluster<'_>, objects: &[ObservedObject], wanted: &BTreeSet<&str>) -> Vec<String> {
    if wanted.is_empty() {
        return Vec::new();
    }
    // A note is told where it can be; what cannot be read is a gap elsewhere.
    let statuses = cluster.reader.statuses().await.unwrap_or_default();
    let note = |object: &ObservedObject| {
        let (node, _) = parts(&object.name)?;
        let address = statuses.iter().find(|status| status.name == node)?.address.as_deref()?;
        let carries = |field: &str| {
            let own = object.values.get("specs").and_then(|specs| specs.get(field)).and_then(serde_json::Value::as_str);
            own.and_then(|own| own.split_once('/')).is_some_and(|(own, _)| own == address)
        };
        (carries("address") || carries("address6"))
            .then(|| format!("`{}` carries {address}, by which the node `{node}` is reached: a mistake there cuts it off.", object.name))
    };
    objects.iter().filter(|object| wanted.contains(object.name.as_str())).filter_map(note).collect()
}
