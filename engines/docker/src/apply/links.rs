//! What must be there before a container can be made, and how does it get into its networks?

use bollard::models::ContainerInspectResponse;
use engine_api::EngineError;

use super::task::Task;
use crate::image::{self, Reference};
use crate::seen::container::DEFAULT_BRIDGE;
use crate::spec::ComputeSpec;
use crate::writer::{ContainerRef, NetworkRef};

/// The network a container remembers being in. The id is empty until its first start.
pub(super) struct Endpoint {
    pub(super) name: String,
    pub(super) network_id: String,
}

pub(super) fn endpoints(container: &ContainerInspectResponse) -> Vec<Endpoint> {
    let attached = container.network_settings.as_ref().and_then(|settings| settings.networks.as_ref());
    let endpoint = |(name, settings): (&String, &bollard::models::EndpointSettings)| Endpoint {
        name: name.clone(),
        network_id: settings.network_id.clone().unwrap_or_default(),
    };
    attached.into_iter().flatten().map(endpoint).collect()
}

impl Task<'_> {
    /// Everything that creating a container needs, looked at before anything is changed. Docker would make a volume that is
    /// missing by itself, unmarked, and would notice a missing network only at the start.
    pub(super) async fn prepare(&self, spec: &ComputeSpec) -> Result<String, EngineError> {
        for volume in spec.mounts.iter().filter_map(|mount| mount.storage.as_ref()) {
            if self.reader.volume(&volume.name).await?.is_none() {
                return Err(self.missing(format!("there is no volume `{}`", volume.name)));
            }
        }
        self.networks_of(spec).await?;
        self.image_to_create_from(&spec.image).await
    }

    /// The networks of the spec, in its order.
    pub(super) async fn networks_of(&self, spec: &ComputeSpec) -> Result<Vec<NetworkRef>, EngineError> {
        if spec.networks.is_empty() {
            return Ok(Vec::new());
        }
        let listed = self.reader.networks().await?;
        let find = |name: &str| {
            let mut named: Vec<_> = listed.iter().filter(|network| network.name.as_deref() == Some(name)).collect();
            // One of ours wins over a foreign one of the same name.
            if named.len() > 1 {
                named.retain(|network| self.is_of_our_environment(network.labels.as_ref()));
            }
            match named.as_slice() {
                [only] => Ok(NetworkRef { id: only.id.clone().unwrap_or_default(), name: name.to_owned() }),
                [] => Err(self.missing(format!("there is no network `{name}`"))),
                _ => Err(self.conflict(format!("there is more than one network `{name}`"))),
            }
        };
        spec.networks.iter().map(|link| find(&link.name)).collect()
    }

    /// The reference to create from: by digest, pulled if the engine lacks it. Images that no registry knows go by their id.
    async fn image_to_create_from(&self, wanted: &str) -> Result<String, EngineError> {
        if self.reader.image(wanted).await?.is_some() {
            return Ok(wanted.to_owned());
        }
        if let Some(digest) = Reference::parse(wanted).digest
            && self.reader.image(digest).await?.is_some_and(|image| image.id.as_deref() == Some(digest))
        {
            return Ok(digest.to_owned());
        }
        image::check_registry(wanted, &self.options.registries_allowed)?;
        self.calls.pull_image(wanted).await?;
        match self.reader.image(wanted).await? {
            Some(_) => Ok(wanted.to_owned()),
            None => Err(self.missing(format!("the image `{wanted}` was pulled, but the engine does not have it"))),
        }
    }

    /// Connects the container to the networks it lacks, under the resource's name. An endpoint in a network that was made
    /// anew since is taken away first.
    pub(super) async fn connect_missing(&self, container: &ContainerInspectResponse, spec: &ComputeSpec) -> Result<(), EngineError> {
        let this = container_ref(container);
        let known = endpoints(container);
        for network in self.networks_of(spec).await? {
            if let Some(endpoint) = known.iter().find(|endpoint| endpoint.name == network.name) {
                if endpoint.network_id.is_empty() || endpoint.network_id == network.id {
                    continue;
                }
                let stale = NetworkRef { id: endpoint.network_id.clone(), name: endpoint.name.clone() };
                self.calls.disconnect(&this, &stale, &stale.name).await?;
            }
            self.calls.connect(&this, &network, Some(vec![self.alias()])).await?;
        }
        Ok(())
    }

    /// Takes the container out of every network it is not wanted in. Without any network wanted it goes to the default bridge.
    pub(super) async fn disconnect_extra(&self, container: &ContainerInspectResponse, spec: &ComputeSpec) -> Result<(), EngineError> {
        let this = container_ref(container);
        let wanted = |name: &str| {
            let is_linked = spec.networks.iter().any(|link| link.name == name);
            is_linked || (spec.networks.is_empty() && name == DEFAULT_BRIDGE)
        };
        let known = endpoints(container);
        for endpoint in known.iter().filter(|endpoint| !wanted(&endpoint.name)) {
            let network = NetworkRef { id: endpoint.network_id.clone(), name: endpoint.name.clone() };
            self.calls.disconnect(&this, &network, &network.name).await?;
        }
        if spec.networks.is_empty() && !known.iter().any(|endpoint| endpoint.name == DEFAULT_BRIDGE) {
            let bridge = self.reader.networks().await?.into_iter().find(|network| network.name.as_deref() == Some(DEFAULT_BRIDGE));
            let bridge = bridge.ok_or_else(|| self.missing("the engine has no default bridge"))?;
            let network = NetworkRef { id: bridge.id.unwrap_or_default(), name: DEFAULT_BRIDGE.to_owned() };
            // Docker knows no aliases on the default bridge.
            self.calls.connect(&this, &network, None).await?;
        }
        Ok(())
    }

    /// What the container is called in its networks.
    pub(super) fn alias(&self) -> String {
        self.step().address.resource.to_string()
    }
}

pub(super) fn container_ref(container: &ContainerInspectResponse) -> ContainerRef {
    let name = container.name.as_deref().unwrap_or_default().trim_start_matches('/');
    ContainerRef { id: container.id.clone().unwrap_or_default(), name: name.to_owned() }
}
