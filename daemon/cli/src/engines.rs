//! Which engines does this program have? The only place that names them; each can be left out when the program is built.

use std::sync::Arc;

use core_model::resource_type::{Registry, ResourceType};
use engine_api::{Engine, EngineError, ErrorKind};

use crate::config::TargetConfig;

/// What `targets.<name>.provider` may be.
pub(crate) const PROVIDERS: &[&str] = &[
    #[cfg(feature = "docker")]
    engine_docker::PROVIDER,
    #[cfg(feature = "fake")]
    engine_fake::PROVIDER,
];

/// All resource types of all engines.
pub(crate) fn registry() -> Registry {
    let mut types: Vec<&'static dyn ResourceType> = Vec::new();
    #[cfg(feature = "docker")]
    types.extend(engine_docker::types());
    #[cfg(feature = "fake")]
    types.extend(engine_fake::types());
    Registry::new(types)
}

/// Whether an endpoint has the form that the provider needs. The error completes the sentence "`x` is not ...".
pub(crate) fn check_endpoint(provider: &str, endpoint: &str) -> Result<(), &'static str> {
    let (good, form) = match provider {
        #[cfg(feature = "docker")]
        engine_docker::PROVIDER => {
            (endpoint.strip_prefix("unix://").is_some_and(|path| path.starts_with('/')), "a unix socket: unix:///var/run/docker.sock")
        }
        #[cfg(feature = "fake")]
        engine_fake::PROVIDER => {
            let is_file = endpoint.strip_prefix("file://").is_some_and(|path| path.starts_with('/'));
            (is_file || endpoint == "memory:", "`memory:` or a file: file:///folder/state.json")
        }
        _ => (false, "of a provider that this program has"),
    };
    if good { Ok(()) } else { Err(form) }
}

/// Makes the engine of a target. No packet is sent: a target that is down is found out by the first question.
pub(crate) fn connect(target: &TargetConfig) -> Result<Arc<dyn Engine>, EngineError> {
    match target.provider.as_str() {
        #[cfg(feature = "docker")]
        engine_docker::PROVIDER => {
            let mut options = engine_docker::DockerOptions::new(&target.endpoint, &target.owner_id);
            if let Some(registries) = &target.registries {
                options.registries_allowed.clone_from(registries);
            }
            Ok(Arc::new(engine_docker::Docker::connect(options)?))
        }
        #[cfg(feature = "fake")]
        engine_fake::PROVIDER => Ok(Arc::new(engine_fake::Fake::new(engine_fake::FakeTarget::open(&target.endpoint)?))),
        other => {
            let attempted = format!("connect to the target `{}`", target.name);
            Err(EngineError::new(ErrorKind::Rejected, attempted, format!("this program was built without the engine `{other}`")))
        }
    }
}
