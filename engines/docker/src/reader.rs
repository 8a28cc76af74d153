//! What does an engine say? Every read, each with a limit of time and an error that says what was attempted.

use std::future::Future;
use std::time::Duration;

use bollard::Docker as Client;
use bollard::errors::Error;
use bollard::models::{ContainerInspectResponse, ContainerSummary, EventMessage, ImageInspect, Network, NetworkInspect, SystemInfo, Volume};
use bollard::query_parameters::{EventsOptionsBuilder, ListContainersOptionsBuilder, ListNetworksOptions, ListVolumesOptions, LogsOptionsBuilder};
use engine_api::{EngineError, ErrorKind};
use futures::{Stream, StreamExt, TryStreamExt};

use crate::fault;
use crate::types::is_object_name;

/// Reads of one engine. It holds no way to change anything.
#[derive(Clone)]
pub(crate) struct Reader {
    client: Client,
    limit: Duration,
    registry_limit: Duration,
}

impl Reader {
    pub(crate) fn new(client: Client, limit: Duration, registry_limit: Duration) -> Self {
        Self { client, limit, registry_limit }
    }

    /// `1.41`: what client and engine agreed on.
    pub(crate) fn api_version(&self) -> String {
        self.client.client_version().to_string()
    }

    pub(crate) async fn info(&self) -> Result<SystemInfo, EngineError> {
        read("read what the engine says of itself", self.limit, self.client.info()).await
    }

    /// All containers, the stopped ones too.
    pub(crate) async fn containers(&self) -> Result<Vec<ContainerSummary>, EngineError> {
        let options = ListContainersOptionsBuilder::default().all(true).build();
        read("list the containers", self.limit, self.client.list_containers(Some(options))).await
    }

    /// The containers that use a volume, the stopped ones too.
    pub(crate) async fn containers_with_volume(&self, volume: &str) -> Result<Vec<ContainerSummary>, EngineError> {
        let filters = std::collections::HashMap::from([("volume", vec![volume])]);
        let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        read(format!("list the containers that use the volume `{volume}`"), self.limit, self.client.list_containers(Some(options))).await
    }

    pub(crate) async fn networks(&self) -> Result<Vec<Network>, EngineError> {
        read("list the networks", self.limit, self.client.list_networks(None::<ListNetworksOptions>)).await
    }

    pub(crate) async fn volumes(&self) -> Result<Vec<Volume>, EngineError> {
        let listed = read("list the volumes", self.limit, self.client.list_volumes(None::<ListVolumesOptions>)).await?;
        Ok(listed.volumes.unwrap_or_default())
    }

    /// `None` when there is no such container.
    pub(crate) async fn container(&self, name_or_id: &str) -> Result<Option<ContainerInspectResponse>, EngineError> {
        let attempt = format!("read the container `{name_or_id}`");
        found(read(attempt, self.limit, self.client.inspect_container(name_or_id, None)).await)
    }

    /// `None` when there is no such network. With the containers that are attached.
    pub(crate) async fn network(&self, id: &str) -> Result<Option<NetworkInspect>, EngineError> {
        found(read(format!("read the network `{id}`"), self.limit, self.client.inspect_network(id, None)).await)
    }

    /// `None` when there is no such volume, or cannot be: a name becomes part of an address.
    pub(crate) async fn volume(&self, name: &str) -> Result<Option<Volume>, EngineError> {
        if !is_object_name(name) {
            return Ok(None);
        }
        found(read(format!("read the volume `{name}`"), self.limit, self.client.inspect_volume(name)).await)
    }

    /// `None` when the engine does not have the image.
    pub(crate) async fn image(&self, reference: &str) -> Result<Option<ImageInspect>, EngineError> {
        found(read(format!("read the image `{reference}`"), self.limit, self.client.inspect_image(reference)).await)
    }

    /// The digest that the image's registry has for it; the engine asks.
    pub(crate) async fn registry_digest(&self, reference: &str) -> Result<String, EngineError> {
        let attempt = format!("look up the digest of the image `{reference}`");
        let answer = read(attempt.clone(), self.registry_limit, self.client.inspect_registry_image(reference, None)).await?;
        answer.descriptor.digest.ok_or_else(|| EngineError::new(ErrorKind::Protocol, attempt, "the registry's answer holds no digest"))
    }

    /// The last lines a container wrote, both streams, oldest first.
    pub(crate) async fn log_tail(&self, id: &str, lines: usize) -> Result<Vec<String>, EngineError> {
        let options = LogsOptionsBuilder::default().stdout(true).stderr(true).tail(&lines.to_string()).build();
        let written = self.client.logs(id, Some(options)).map_ok(|line| line.to_string().trim_end().to_owned()).take(lines).try_collect();
        read(format!("read the log of the container `{id}`"), self.limit, written).await
    }

    /// What happens from now on to containers, networks and volumes. Health checks and commands run inside are left out.
    pub(crate) fn events(&self) -> impl Stream<Item = Result<EventMessage, EngineError>> + use<> {
        const EVENTS: [&str; 14] = [
            "create",
            "destroy",
            "die",
            "oom",
            "start",
            "stop",
            "pause",
            "unpause",
            "rename",
            "update",
            "connect",
            "disconnect",
            "remove",
            "health_status",
        ];
        let kinds = vec!["container".to_owned(), "network".to_owned(), "volume".to_owned()];
        let filters = std::collections::HashMap::from([("type".to_owned(), kinds), ("event".to_owned(), EVENTS.map(str::to_owned).to_vec())]);
        let options = EventsOptionsBuilder::default().filters(&filters).build();
        self.client.events(Some(options)).map_err(|error| fault::of("watch the engine's events", error))
    }
}

async fn read<T>(attempt: impl Into<String>, limit: Duration, call: impl Future<Output = Result<T, Error>>) -> Result<T, EngineError> {
    match tokio::time::timeout(limit, call).await {
        Ok(result) => result.map_err(|error| fault::of(attempt, error)),
        Err(_) => Err(EngineError::new(ErrorKind::Timeout, attempt, format!("no answer within {} s", limit.as_secs()))),
    }
}

/// A definite "there is none" is an answer, not an error.
fn found<T>(result: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
