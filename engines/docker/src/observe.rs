//! What is there? One list for each type; containers are read one by one only where they are wanted or ours.

use std::collections::{BTreeMap, BTreeSet};

use bollard::models::{ContainerInspectResponse, ContainerSummary, ImageInspect, SystemInfo};
use core_model::Marker;
use core_model::state::{Gap, ObservedObject, TargetObservation};
use engine_api::{EngineError, ErrorKind, ObserveScope, Wanted};
use futures::{StreamExt, stream};

use crate::labels::{self, Labels};
use crate::reader::Reader;
use crate::seen::container::HostCapacity;
use crate::seen::{self, Seen};

/// How many containers are read at the same time.
const READS_IN_FLIGHT_MAX: usize = 8;

pub(crate) async fn observe(reader: &Reader, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
    let info = reader.info().await?;
    let mut observation = TargetObservation { identity: identity(&info)?, objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
    let (containers, networks, volumes) = tokio::join!(containers(reader, scope, capacity(&info)), networks(reader, scope), volumes(reader, scope));
    for (type_name, part) in [("compute", containers), ("network", networks), ("storage", volumes)] {
        match part {
            Ok(part) => {
                observation.objects.extend(part.objects);
                observation.gaps.extend(part.gaps);
            }
            Err(error) => observation.gaps.push(Gap { type_name: Some(type_name.to_owned()), object: None, why: error.to_string() }),
        }
    }
    Ok(observation)
}

/// The engine's id: it is kept on disk and outlives restarts and upgrades.
pub(crate) fn identity(info: &SystemInfo) -> Result<String, EngineError> {
    let id = info.id.clone().filter(|id| !id.is_empty());
    id.ok_or_else(|| EngineError::new(ErrorKind::Protocol, "learn which engine this is", "the engine's answer holds no id"))
}

pub(crate) fn capacity(info: &SystemInfo) -> HostCapacity {
    HostCapacity { cpu_thousandths: info.ncpu.unwrap_or_default() * 1_000, memory_bytes: info.mem_total.unwrap_or_default() }
}

#[derive(Default)]
struct Part {
    objects: Vec<ObservedObject>,
    gaps: Vec<Gap>,
}

fn in_scope(scope: &ObserveScope, type_name: &str, name: &str, marker: Option<&Marker>) -> bool {
    let ours = marker.is_some_and(|marker| labels::belongs(marker, &scope.owner_id, scope.environment.as_ref()));
    ours || scope.wanted.contains(&Wanted { type_name: type_name.to_owned(), object: name.to_owned() })
}

fn object(type_name: &str, name: &str, labels: Option<&Labels>, seen: Seen, ready: Option<bool>) -> ObservedObject {
    let marker = labels::marker(labels);
    ObservedObject {
        type_name: type_name.to_owned(),
        name: name.to_owned(),
        marker,
        values: seen.values,
        defaults: seen.defaults,
        ready,
        is_shallow: false,
    }
}

async fn networks(reader: &Reader, scope: &ObserveScope) -> Result<Part, EngineError> {
    let mut part = Part::default();
    let mut listed = reader.networks().await?;
    // Names may be taken twice. Ours comes first, so that a foreign one of the same name does not hide it.
    listed.sort_by_key(|network| labels::marker(network.labels.as_ref()).is_none());
    for network in listed {
        let name = network.name.clone().unwrap_or_default();
        let marker = labels::marker(network.labels.as_ref());
        if in_scope(scope, "network", &name, marker.as_ref()) {
            part.objects.push(object("network", &name, network.labels.as_ref(), seen::network::read(&network), None));
        }
    }
    Ok(part)
}

async fn volumes(reader: &Reader, scope: &ObserveScope) -> Result<Part, EngineError> {
    let mut part = Part::default();
    for volume in reader.volumes().await? {
        let marker = labels::marker(Some(&volume.labels));
        if in_scope(scope, "storage", &volume.name, marker.as_ref()) {
            part.objects.push(object("storage", &volume.name, Some(&volume.labels), seen::volume::read(&volume), None));
        }
    }
    Ok(part)
}

async fn containers(reader: &Reader, scope: &ObserveScope, host: HostCapacity) -> Result<Part, EngineError> {
    let mut part = Part::default();
    let listed = reader.containers().await?;
    let mut chosen = Vec::new();
    for summary in &listed {
        let Some(name) = own_name(summary) else { continue };
        if in_scope(scope, "compute", name, labels::marker(summary.labels.as_ref()).as_ref()) {
            chosen.push((name.to_owned(), summary.id.clone().unwrap_or_else(|| name.to_owned())));
        }
    }
    let reads = chosen.into_iter().map(|(name, id)| async move {
        let read = reader.container(&id).await;
        (name, read)
    });
    let answers: Vec<_> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).collect().await;
    let mut read = Vec::new();
    for (name, answer) in answers {
        match answer {
            Ok(Some(container)) => read.push((name, container)),
            // Removed between the two reads: it is gone, and that is the truth.
            Ok(None) => {}
            Err(error) => part.gaps.push(gap(name, &error)),
        }
    }
    let images = images(reader, read.iter().map(|(_, container)| container)).await;
    for (name, container) in read {
        let image = container.image.as_ref().and_then(|id| images.get(id));
        match image {
            Some(Err(error)) => part.gaps.push(gap(name, error)),
            Some(Ok(image)) => part.objects.push(container_object(&name, &container, image.as_ref(), host)),
            None => part.objects.push(container_object(&name, &container, None, host)),
        }
    }
    part.objects.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(part)
}

fn gap(name: String, error: &EngineError) -> Gap {
    Gap { type_name: Some("compute".to_owned()), object: Some(name), why: error.to_string() }
}

fn container_object(name: &str, container: &ContainerInspectResponse, image: Option<&ImageInspect>, host: HostCapacity) -> ObservedObject {
    let labels = container.config.as_ref().and_then(|config| config.labels.as_ref());
    object("compute", name, labels, seen::container::read(container, image, host), seen::container::ready(container.state.as_ref()))
}

/// The images of some containers, each read once. An image that was removed by force is `None`: it has no defaults any more.
async fn images<'a>(
    reader: &Reader,
    containers: impl Iterator<Item = &'a ContainerInspectResponse>,
) -> BTreeMap<String, Result<Option<ImageInspect>, EngineError>> {
    let ids: BTreeSet<String> = containers.filter_map(|container| container.image.clone()).collect();
    let reads = ids.into_iter().map(|id| async move {
        let read = reader.image(&id).await;
        (id, read)
    });
    stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).collect().await
}

/// The container's own name: `/web`. The others (`/db/web`) are what its linked neighbours call it.
pub(crate) fn own_name(summary: &ContainerSummary) -> Option<&str> {
    summary.names.iter().flatten().filter_map(|name| name.strip_prefix('/')).find(|name| !name.contains('/'))
}
