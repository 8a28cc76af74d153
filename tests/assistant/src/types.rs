//! Which resource types does the corpus talk about? Those of the engines that the daemon has.

use core_model::resource_type::{Registry, ResourceType};

/// Every type of Docker, Proxmox, routers and bare machines.
pub fn registry() -> Registry {
    let docker: Vec<&'static dyn ResourceType> = engine_docker::types().into();
    Registry::new(docker.into_iter().chain(engine_proxmox::types()).chain(engine_mikrotik::types()).chain(engine_ipmi::types()))
}
