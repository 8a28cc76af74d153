//! How is each mutating call announced? Its name, its key, what may be done when its reply is lost, and how long it may take.

use bollard::models::{ContainerCreateBody, ContainerUpdateBody, NetworkCreateRequest, VolumeCreateRequest};
use engine_api::{EngineError, ErrorKind, Gate, Mutation, Repeat};

use super::client::Writer;
use crate::options::Timeouts;

/// The names under which calls are journaled.
pub(crate) mod operation {
    pub(crate) const IMAGE_PULL: &str = "ImagePull";
    pub(crate) const CONTAINER_CREATE: &str = "ContainerCreate";
    pub(crate) const CONTAINER_START: &str = "ContainerStart";
    pub(crate) const CONTAINER_STOP: &str = "ContainerStop";
    pub(crate) const CONTAINER_RESTART: &str = "ContainerRestart";
    pub(crate) const CONTAINER_RENAME: &str = "ContainerRename";
    pub(crate) const CONTAINER_REMOVE: &str = "ContainerRemove";
    pub(crate) const CONTAINER_UPDATE: &str = "ContainerUpdate";
    pub(crate) const NETWORK_CREATE: &str = "NetworkCreate";
    pub(crate) const NETWORK_REMOVE: &str = "NetworkRemove";
    pub(crate) const NETWORK_CONNECT: &str = "NetworkConnect";
    pub(crate) const NETWORK_DISCONNECT: &str = "NetworkDisconnect";
    pub(crate) const VOLUME_CREATE: &str = "VolumeCreate";
    pub(crate) const VOLUME_REMOVE: &str = "VolumeRemove";
}

/// A container by both its names: one for calls, one for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContainerRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A network by both its names. Docker 1.41 lets two networks share a name, so calls go by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NetworkRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// The mutating calls of one step.
pub(crate) struct Calls<'a> {
    gate: &'a Gate<'a>,
    writer: &'a Writer,
    timeouts: Timeouts,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(gate: &'a Gate<'a>, writer: &'a Writer, timeouts: Timeouts) -> Self {
        Self { gate, writer, timeouts }
    }

    fn mutation(&self, operation: &'static str, attempt: &str, key: impl Into<String>, repeat: Repeat) -> Mutation {
        let deadline = match operation {
            operation::IMAGE_PULL => self.timeouts.pull,
            operation::CONTAINER_STOP | operation::CONTAINER_RESTART => self.timeouts.write + self.timeouts.stop_grace,
            _ => self.timeouts.write,
        };
        Mutation { attempt: attempt.to_owned(), operation, key: key.into(), repeat, deadline }
    }

    pub(crate) async fn pull_image(&self, reference: &str) -> Result<(), EngineError> {
        let attempt = format!("pull the image `{reference}`");
        let mutation = self.mutation(operation::IMAGE_PULL, &attempt, reference, Repeat::Safe);
        self.gate.mutate(mutation, |permit| self.writer.pull_image(permit, &attempt, reference)).await
    }

    pub(crate) async fn make_container(&self, name: &str, body: ContainerCreateBody) -> Result<ContainerRef, EngineError> {
        let attempt = format!("create the container `{name}`");
        let mutation = self.mutation(operation::CONTAINER_CREATE, &attempt, name, Repeat::Check);
        let id = self.gate.mutate(mutation, |permit| self.writer.create_container(permit, &attempt, name, body)).await?;
        Ok(ContainerRef { id, name: name.to_owned() })
    }

    pub(crate) async fn start(&self, container: &ContainerRef) -> Result<(), EngineError> {
        let attempt = format!("start the container `{}`", container.name);
        let mutation = self.mutation(operation::CONTAINER_START, &attempt, &container.id, Repeat::Safe);
        self.gate.mutate(mutation, |permit| self.writer.start_container(permit, &attempt, &container.id)).await
    }

    pub(crate) async fn stop(&self, container: &ContainerRef) -> Result<(), EngineError> {
        let attempt = format!("stop the container `{}`", container.name);
        let mutation = self.mutation(operation::CONTAINER_STOP, &attempt, &container.id, Repeat::Safe);
        gone_is_fine(self.gate.mutate(mutation, |permit| self.writer.stop_container(permit, &attempt, &container.id)).await)
    }

    pub(crate) async fn restart(&self, container: &ContainerRef) -> Result<(), EngineError> {
        let attempt = format!("restart the container `{}`", container.name);
        let mutation = self.mutation(operation::CONTAINER_RESTART, &attempt, &container.id, Repeat::Safe);
        self.gate.mutate(mutation, |permit| self.writer.restart_container(permit, &attempt, &container.id)).await
    }

    pub(crate) async fn rename(&self, container: &ContainerRef, name: &str) -> Result<(), EngineError> {
        let attempt = format!("rename the container `{}` to `{name}`", container.name);
        let key = format!("{} {name}", container.id);
        let mutation = self.mutation(operation::CONTAINER_RENAME, &attempt, key, Repeat::Check);
        self.gate.mutate(mutation, |permit| self.writer.rename_container(permit, &attempt, &container.id, name)).await
    }

    pub(crate) async fn discard_container(&self, container: &ContainerRef) -> Result<(), EngineError> {
        let attempt = format!("remove the container `{}`", container.name);
        let mutation = self.mutation(operation::CONTAINER_REMOVE, &attempt, &container.id, Repeat::Safe);
        gone_is_fine(self.gate.mutate(mutation, |permit| self.writer.remove_container(permit, &attempt, &container.id)).await)
    }

    pub(crate) async fn update(&self, container: &ContainerRef, body: ContainerUpdateBody) -> Result<(), EngineError> {
        let attempt = format!("change the container `{}`", container.name);
        let mutation = self.mutation(operation::CONTAINER_UPDATE, &attempt, &container.id, Repeat::Safe);
        self.gate.mutate(mutation, |permit| self.writer.update_container(permit, &attempt, &container.id, body)).await
    }

    pub(crate) async fn make_network(&self, body: NetworkCreateRequest) -> Result<NetworkRef, EngineError> {
        let name = body.name.clone();
        let attempt = format!("create the network `{name}`");
        let mutation = self.mutation(operation::NETWORK_CREATE, &attempt, &name, Repeat::Check);
        let id = self.gate.mutate(mutation, |permit| self.writer.create_network(permit, &attempt, body)).await?;
        Ok(NetworkRef { id, name })
    }

    pub(crate) async fn discard_network(&self, network: &NetworkRef) -> Result<(), EngineError> {
        let attempt = format!("remove the network `{}`", network.name);
        let mutation = self.mutation(operation::NETWORK_REMOVE, &attempt, &network.id, Repeat::Safe);
        gone_is_fine(self.gate.mutate(mutation, |permit| self.writer.remove_network(permit, &attempt, &network.id)).await)
    }

    pub(crate) async fn connect(&self, container: &ContainerRef, network: &NetworkRef, aliases: Option<Vec<String>>) -> Result<(), EngineError> {
        let attempt = format!("connect the container `{}` to the network `{}`", container.name, network.name);
        let mutation = self.mutation(operation::NETWORK_CONNECT, &attempt, endpoint_key(container, network), Repeat::Check);
        self.gate.mutate(mutation, |permit| self.writer.connect(permit, &attempt, &network.id, &container.id, aliases)).await
    }

    /// From `network`, which is addressed by its id, or by its name where it is gone and the container remembers it so.
    pub(crate) async fn disconnect(&self, container: &ContainerRef, network: &NetworkRef, address: &str) -> Result<(), EngineError> {
        let attempt = format!("disconnect the container `{}` from the network `{}`", container.name, network.name);
        let mutation = self.mutation(operation::NETWORK_DISCONNECT, &attempt, endpoint_key(container, network), Repeat::Check);
        gone_is_fine(self.gate.mutate(mutation, |permit| self.writer.disconnect(permit, &attempt, address, &container.id)).await)
    }

    pub(crate) async fn make_volume(&self, name: &str, body: VolumeCreateRequest) -> Result<(), EngineError> {
        let attempt = format!("create the volume `{name}`");
        let mutation = self.mutation(operation::VOLUME_CREATE, &attempt, name, Repeat::Check);
        self.gate.mutate(mutation, |permit| self.writer.create_volume(permit, &attempt, body)).await
    }

    pub(crate) async fn discard_volume(&self, name: &str) -> Result<(), EngineError> {
        let attempt = format!("remove the volume `{name}`");
        let mutation = self.mutation(operation::VOLUME_REMOVE, &attempt, name, Repeat::Check);
        gone_is_fine(self.gate.mutate(mutation, |permit| self.writer.remove_volume(permit, &attempt, name)).await)
    }
}

/// `<container id> <network id> <network name>`: the name comes last, it may hold spaces.
fn endpoint_key(container: &ContainerRef, network: &NetworkRef) -> String {
    format!("{} {} {}", container.id, network.id, network.name)
}

/// What was to go and is gone needs no call: somebody was faster, or an earlier reply was lost.
fn gone_is_fine(result: Result<(), EngineError>) -> Result<(), EngineError> {
    match result {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
