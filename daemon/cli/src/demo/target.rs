//! What is the demo's target? The Docker engine of this machine, or a fake one that keeps its state in a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use core_model::Diagnostic;
use engine_fake::FakeTarget;

use super::content::{ENVIRONMENT, fake_endpoint};
use super::docker::{Docker, DockerError, Kind};
use super::images::{self, Images};
use crate::failure::Failure;

const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
const VARIABLE: &str = "DOCKER_HOST";
/// Tried one after the other where the engine has no addresses left to choose from.
const SUBNETS_TRIED_MAX: u8 = 32;
/// Docker's own words, and the only ones by which the two refusals can be told from others.
const ADDRESSES_TAKEN: [&str; 2] = ["address pool", "overlaps"];

#[derive(Debug)]
pub(super) enum Target {
    Docker { docker: Docker, images: Images },
    Fake { target: Arc<FakeTarget>, endpoint: String },
}

/// What is on the target and ours, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Objects {
    pub(super) containers: Vec<String>,
    pub(super) networks: Vec<String>,
    pub(super) volumes: Vec<String>,
}

impl Objects {
    /// All of them.
    pub(super) fn names(&self) -> Vec<String> {
        [&self.containers, &self.networks, &self.volumes].into_iter().flatten().cloned().collect()
    }
}

/// The socket of the engine that the user works with.
pub(super) fn socket() -> PathBuf {
    let named = std::env::var(VARIABLE).ok();
    named.as_deref().and_then(|host| host.strip_prefix("unix://")).map_or_else(|| PathBuf::from(DEFAULT_SOCKET), PathBuf::from)
}

impl Target {
    /// The Docker engine behind a socket with images for it, or else a fake engine in a folder.
    pub(super) async fn choose(socket: &Path, folder: &Path) -> Result<Self, Failure> {
        let found = if cfg!(feature = "docker") { Docker::at(socket).await } else { None };
        let Some(docker) = found else {
            let endpoint = fake_endpoint(folder);
            let target = FakeTarget::open(&endpoint).map_err(|error| Failure::of("No target", error))?;
            return Ok(Self::Fake { target, endpoint });
        };
        let images = images::find(&docker).await?;
        Ok(Self::Docker { docker, images })
    }

    pub(super) fn provider(&self) -> &'static str {
        match self {
            Self::Docker { .. } => "docker",
            Self::Fake { .. } => engine_fake::PROVIDER,
        }
    }

    pub(super) fn endpoint(&self) -> String {
        match self {
            Self::Docker { docker, .. } => docker.endpoint(),
            Self::Fake { endpoint, .. } => endpoint.clone(),
        }
    }

    /// What stands before the names of images, and the host that the daemon may ask for them.
    pub(super) fn image_source(&self) -> (&str, &str) {
        match self {
            Self::Docker { images, .. } => (&images.repository, &images.host),
            Self::Fake { .. } => ("docker.io/library", "docker.io"),
        }
    }

    /// Addresses for a network, where the engine would find none by itself.
    pub(super) async fn subnet(&self, prefix: &str, owner_id: &str) -> Result<Option<String>, Failure> {
        let Self::Docker { docker, .. } = self else { return Ok(None) };
        let marker = format!("{owner_id}/{ENVIRONMENT}/probe");
        let candidates = (0..SUBNETS_TRIED_MAX).map(|third| Some(format!("10.213.{third}.0/24")));
        for subnet in std::iter::once(None).chain(candidates) {
            match docker.make_network(&format!("{prefix}probe"), subnet.as_deref(), &marker).await {
                Ok(probe) => {
                    docker.remove(Kind::Network, &probe).await.map_err(unusable)?;
                    return Ok(subnet);
                }
                Err(DockerError::Refused { message, .. }) if ADDRESSES_TAKEN.iter().any(|words| message.contains(words)) => {}
                Err(error) => return Err(unusable(error)),
            }
        }
        let detail = "The engine has no addresses left for another network.";
        Err(Failure::new(Diagnostic::error("No network possible", detail)).hint("remove networks that nothing uses").command("docker network prune"))
    }

    /// What is there with the owner's marker.
    pub(super) async fn objects(&self, owner_id: &str) -> Result<Objects, Failure> {
        match self {
            Self::Docker { docker, .. } => {
                let mut found: [Vec<String>; 3] = Default::default();
                for (names, kind) in found.iter_mut().zip(Kind::ALL) {
                    let marked = docker.marked(kind, owner_id).await.map_err(unusable)?;
                    *names = marked.into_iter().map(|object| object.name).collect();
                }
                let [containers, networks, volumes] = found;
                Ok(Objects { containers, networks, volumes })
            }
            Self::Fake { target, .. } => {
                let keys = target.objects();
                let of = |kind: &str| keys.iter().filter_map(|key| key.strip_prefix(kind)).map(str::to_owned).collect();
                Ok(Objects { containers: of("compute/"), networks: of("network/"), volumes: of("storage/") })
            }
        }
    }

    /// Removes everything with the owner's marker, and the images of our own registry. Answers what was removed.
    pub(super) async fn clear(self, owner_id: &str) -> Result<Objects, Failure> {
        let there = self.objects(owner_id).await?;
        let Self::Docker { docker, images } = self else { return Ok(Objects::default()) };
        for kind in Kind::ALL {
            for object in docker.marked(kind, owner_id).await.map_err(unusable)? {
                docker.remove(kind, &object).await.map_err(unusable)?;
            }
        }
        if let Some(registry) = images.own {
            docker.forget_images_of(&images.host).await.map_err(unusable)?;
            registry.stop().await;
        }
        Ok(there)
    }
}

fn unusable(error: DockerError) -> Failure {
    Failure::of("Docker engine not usable", error)
}
