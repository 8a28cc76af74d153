//! Docker hosts, each by its unix socket.

use std::sync::Arc;

use engine_api::{Engine, EngineError};

use super::{Provider, Reach};

pub(super) const PROVIDER: Provider = Provider {
    name: engine_docker::PROVIDER,
    types: || engine_docker::types().to_vec(),
    check_endpoint,
    is_networked: false,
    settings: &[],
    place: None,
    import_text: None,
    connect,
};

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let is_socket = endpoint.strip_prefix("unix://").is_some_and(|path| path.starts_with('/'));
    if is_socket { Ok(()) } else { Err("a unix socket: unix:///var/run/docker.sock") }
}

fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    let mut options = engine_docker::DockerOptions::new(reach.endpoint, &reach.target.owner_id);
    if let Some(registries) = &reach.target.registries {
        options.registries_allowed.clone_from(registries);
    }
    Ok(Arc::new(engine_docker::Docker::connect(options)?))
}
