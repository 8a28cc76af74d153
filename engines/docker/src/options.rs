//! What must be known to reach an engine? Its socket, whose objects are ours, and how long we wait.

use std::path::PathBuf;
use std::time::Duration;

use engine_api::{EngineError, ErrorKind};

/// One Docker engine, as the daemon's configuration has it.
#[derive(Debug, Clone)]
pub struct DockerOptions {
    /// `unix:///var/run/docker.sock`.
    pub endpoint: String,
    /// The owner whose objects this daemon may change. Orders for another owner are refused.
    pub owner_id: String,
    /// The registries that may be asked for digests and pulled from, as they stand in image references.
    pub registries_allowed: Vec<String>,
    pub timeouts: Timeouts,
}

impl DockerOptions {
    /// The public registries, and timeouts that suit an engine nearby.
    pub fn new(endpoint: impl Into<String>, owner_id: impl Into<String>) -> Self {
        let registries_allowed = ["docker.io", "ghcr.io", "quay.io"].map(str::to_owned).to_vec();
        Self { endpoint: endpoint.into(), owner_id: owner_id.into(), registries_allowed, timeouts: Timeouts::default() }
    }

    pub(crate) fn socket(&self) -> Result<PathBuf, EngineError> {
        match self.endpoint.strip_prefix("unix://") {
            Some(path) if path.starts_with('/') => Ok(PathBuf::from(path)),
            _ => Err(EngineError::new(
                ErrorKind::Rejected,
                format!("connect to the Docker engine at `{}`", self.endpoint),
                "the endpoint must be a unix socket: unix:///var/run/docker.sock",
            )),
        }
    }
}

/// How long each kind of call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub read: Duration,
    /// Looking a digest up: the engine asks a registry, which may be slow.
    pub registry: Duration,
    pub write: Duration,
    pub pull: Duration,
    /// How long a container may take to end by itself when it is stopped.
    pub stop_grace: Duration,
    /// How long a container without a health check must run to count as running.
    pub settle: Duration,
    /// The longest wait for a health check.
    pub ready_max: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            read: Duration::from_secs(30),
            registry: Duration::from_secs(60),
            write: Duration::from_secs(60),
            pull: Duration::from_secs(15 * 60),
            stop_grace: Duration::from_secs(10),
            settle: Duration::from_secs(3),
            ready_max: Duration::from_secs(10 * 60),
        }
    }
}
