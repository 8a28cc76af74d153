//! What can be changed on an engine? Every mutating call, and nothing else. Each takes the permit that only the gate gives.

use bollard::Docker as Client;
use bollard::models::{
    ContainerCreateBody, ContainerUpdateBody, EndpointSettings, NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest,
    VolumeCreateRequest,
};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, CreateImageOptionsBuilder, RemoveContainerOptionsBuilder, RemoveVolumeOptions, RenameContainerOptionsBuilder,
    RestartContainerOptionsBuilder, StopContainerOptionsBuilder,
};
use engine_api::{EngineError, WritePermit};
use futures::StreamExt;

use crate::fault;

pub(crate) struct Writer {
    client: Client,
    /// How long a container may take to end by itself, in seconds.
    stop_grace: i32,
}

impl Writer {
    pub(crate) fn new(client: Client, stop_grace: std::time::Duration) -> Self {
        Self { client, stop_grace: i32::try_from(stop_grace.as_secs()).unwrap_or(i32::MAX) }
    }

    /// The answer begins with status 200 even when the pull fails; the client makes an error of the line that says so.
    pub(crate) async fn pull_image(&self, _: WritePermit, attempt: &str, reference: &str) -> Result<(), EngineError> {
        let options = CreateImageOptionsBuilder::default().from_image(reference).build();
        let mut progress = std::pin::pin!(self.client.create_image(Some(options), None, None));
        while let Some(line) = progress.next().await {
            line.map_err(|error| fault::of(attempt, error))?;
        }
        Ok(())
    }

    /// Gives the id of the new container.
    pub(crate) async fn create_container(&self, _: WritePermit, attempt: &str, name: &str, body: ContainerCreateBody) -> Result<String, EngineError> {
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        self.client.create_container(Some(options), body).await.map(|created| created.id).map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn start_container(&self, _: WritePermit, attempt: &str, id: &str) -> Result<(), EngineError> {
        self.client.start_container(id, None).await.map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn stop_container(&self, _: WritePermit, attempt: &str, id: &str) -> Result<(), EngineError> {
        let options = StopContainerOptionsBuilder::default().t(self.stop_grace).build();
        self.client.stop_container(id, Some(options)).await.map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn restart_container(&self, _: WritePermit, attempt: &str, id: &str) -> Result<(), EngineError> {
        let options = RestartContainerOptionsBuilder::default().t(self.stop_grace).build();
        self.client.restart_container(id, Some(options)).await.map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn rename_container(&self, _: WritePermit, attempt: &str, id: &str, name: &str) -> Result<(), EngineError> {
        let options = RenameContainerOptionsBuilder::default().name(name).build();
        self.client.rename_container(id, options).await.map_err(|error| fault::of(attempt, error))
    }

    /// With its anonymous volumes. A container that still runs is killed.
    pub(crate) async fn remove_container(&self, _: WritePermit, attempt: &str, id: &str) -> Result<(), EngineError> {
        let options = RemoveContainerOptionsBuilder::default().v(true).force(true).build();
        self.client.remove_container(id, Some(options)).await.map_err(|error| fault::of(attempt, error))
    }

    /// Docker takes any field here and ignores those it cannot change: only limits and the restart policy may be given.
    pub(crate) async fn update_container(&self, _: WritePermit, attempt: &str, id: &str, body: ContainerUpdateBody) -> Result<(), EngineError> {
        self.client.update_container(id, body).await.map_err(|error| fault::of(attempt, error))
    }

    /// Gives the id of the new network.
    pub(crate) async fn create_network(&self, _: WritePermit, attempt: &str, body: NetworkCreateRequest) -> Result<String, EngineError> {
        self.client.create_network(body).await.map(|created| created.id).map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn remove_network(&self, _: WritePermit, attempt: &str, id: &str) -> Result<(), EngineError> {
        self.client.remove_network(id).await.map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn connect(
        &self,
        _: WritePermit,
        attempt: &str,
        network: &str,
        container: &str,
        aliases: Option<Vec<String>>,
    ) -> Result<(), EngineError> {
        let endpoint_config = aliases.map(|aliases| EndpointSettings { aliases: Some(aliases), ..Default::default() });
        let request = NetworkConnectRequest { container: container.to_owned(), endpoint_config };
        self.client.connect_network(network, request).await.map_err(|error| fault::of(attempt, error))
    }

    /// Also from a network that is gone.
    pub(crate) async fn disconnect(&self, _: WritePermit, attempt: &str, network: &str, container: &str) -> Result<(), EngineError> {
        let request = NetworkDisconnectRequest { container: container.to_owned(), force: Some(true) };
        self.client.disconnect_network(network, request).await.map_err(|error| fault::of(attempt, error))
    }

    /// A volume of that name that exists is left as it is, and Docker says nothing: the caller must read it back.
    pub(crate) async fn create_volume(&self, _: WritePermit, attempt: &str, body: VolumeCreateRequest) -> Result<(), EngineError> {
        self.client.create_volume(body).await.map(|_| ()).map_err(|error| fault::of(attempt, error))
    }

    pub(crate) async fn remove_volume(&self, _: WritePermit, attempt: &str, name: &str) -> Result<(), EngineError> {
        self.client.remove_volume(name, None::<RemoveVolumeOptions>).await.map_err(|error| fault::of(attempt, error))
    }
}
