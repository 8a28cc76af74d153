//! What is there? Every kind is asked at the same time.

use std::collections::BTreeSet;

use core_model::state::TargetObservation;
use engine_api::{EngineError, ObserveScope};
use futures::future::join_all;

use crate::cluster::Cluster;
use crate::guest::GuestKind;
use crate::kind::KINDS;

pub(crate) async fn observe(cluster: &Cluster<'_>, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
    let asked: BTreeSet<&str> = scope.wanted.iter().map(|wanted| wanted.type_name.as_str()).collect();
    // In a large environment a plan pays for what it speaks of, and not for a list from every node of what nobody wants.
    let is_looked_at = |name: &str| scope.shallow.is_empty() || asked.contains(name);
    let kinds = KINDS.iter().filter(|kind| is_looked_at(kind.name()));
    let sightings = join_all(kinds.map(|kind| kind.observe(cluster, scope)));
    let (identity, sightings, ()) = tokio::join!(cluster.reader.identity(), sightings, ahead(cluster, &asked));
    let mut observation = TargetObservation { identity: identity?, objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
    for sighting in sightings {
        observation.objects.extend(sighting.objects);
        observation.gaps.extend(sighting.gaps);
        observation.notes.extend(sighting.notes);
    }
    observation.objects.sort_by(|left, right| (&left.type_name, &left.name).cmp(&(&right.type_name, &right.name)));
    Ok(observation)
}

/// The check of a plan of guests asks for the nodes. Read beside the list of guests they cost no time of their own.
async fn ahead(cluster: &Cluster<'_>, asked: &BTreeSet<&str>) {
    let has_guests = [GuestKind::Machine, GuestKind::Container].iter().any(|kind| asked.contains(kind.facts().name));
    if has_guests && let Err(error) = cluster.nodes().await {
        // The check asks again, and says it.
        tracing::debug!(error = %error, "the nodes could not be listed ahead");
    }
}
