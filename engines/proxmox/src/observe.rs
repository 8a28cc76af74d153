//! What is there? Every kind is asked at the same time.

use core_model::state::TargetObservation;
use engine_api::{EngineError, ObserveScope};
use futures::future::join_all;

use crate::cluster::Cluster;
use crate::kind::KINDS;

pub(crate) async fn observe(cluster: &Cluster<'_>, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
    let sightings = join_all(KINDS.iter().map(|kind| kind.observe(cluster, scope)));
    let (identity, sightings) = tokio::join!(cluster.reader.identity(), sightings);
    let mut observation = TargetObservation { identity: identity?, objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
    for sighting in sightings {
        observation.objects.extend(sighting.objects);
        observation.gaps.extend(sighting.gaps);
        observation.notes.extend(sighting.notes);
    }
    observation.objects.sort_by(|left, right| (&left.type_name, &left.name).cmp(&(&right.type_name, &right.name)));
    Ok(observation)
}
