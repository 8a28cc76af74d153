//! Which engines does this program have? The only place that names them; each can be left out when the program is built.
//!
//! An engine is one file below and one line in [`PROVIDERS`].

#[cfg(feature = "docker")]
mod docker;
#[cfg(feature = "fake")]
mod fake;
#[cfg(feature = "ipmi")]
mod ipmi;
#[cfg(feature = "mikrotik")]
mod mikrotik;
#[cfg(feature = "proxmox")]
mod proxmox;
mod reach;

use std::sync::Arc;

use core_model::resource_type::{Registry, ResourceType};
use core_model::{Diagnostic, TargetName};
use engine_api::{Engine, EngineError, ErrorKind};

pub(crate) use reach::Reach;

use crate::config::{Config, TargetConfig};
use crate::failure::Failure;

#[cfg(not(any(feature = "docker", feature = "fake", feature = "ipmi", feature = "mikrotik", feature = "proxmox")))]
compile_error!("ipr needs an engine: build it with the feature `docker`, `fake`, `ipmi`, `mikrotik` or `proxmox`");

/// What the daemon must know of one kind of target.
pub(crate) struct Provider {
    /// What `targets.<name>.provider` says.
    pub(crate) name: &'static str,
    types: fn() -> Vec<&'static dyn ResourceType>,
    /// Whether an endpoint has the form that the provider needs. The error completes the sentence "`x` is not ...".
    pub(crate) check_endpoint: fn(&str) -> Result<(), &'static str>,
    /// Whether it is reached over a network: by one of several endpoints, as a user, believing a certificate.
    pub(crate) is_networked: bool,
    /// What `targets.<name>.settings` may hold.
    pub(crate) settings: &'static [Setting],
    /// For targets that can be groups: where a member is, from the configuration's endpoint and the address that the repository
    /// declares. The error completes the sentence "could not use the target `x`: ".
    place: Option<Place>,
    /// Writes a blueprint of what a target's own text says, where it has such texts. The error completes "`x` cannot be read: ".
    pub(crate) import_text: Option<ImportText>,
    /// Makes the engine. No packet is sent: a target that is down is found out by the first question.
    connect: fn(Reach<'_>) -> Result<Arc<dyn Engine>, EngineError>,
}

type ImportText = fn(&str) -> Result<String, String>;

type Place = fn(endpoint: &str, target: &TargetName, declared: Option<&str>) -> Result<String, String>;

/// Something that only one kind of target has.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    /// The error completes the sentence "`x` ...".
    pub(crate) check: fn(&str) -> Result<(), &'static str>,
}

const PROVIDERS: &[Provider] = &[
    #[cfg(feature = "docker")]
    docker::PROVIDER,
    #[cfg(feature = "fake")]
    fake::PROVIDER,
    #[cfg(feature = "proxmox")]
    proxmox::PROVIDER,
    #[cfg(feature = "mikrotik")]
    mikrotik::PROVIDER,
    #[cfg(feature = "ipmi")]
    ipmi::PROVIDER,
];

/// All resource types of all engines.
pub(crate) fn registry() -> Registry {
    Registry::new(PROVIDERS.iter().flat_map(|provider| (provider.types)()))
}

/// What `targets.<name>.provider` may be.
pub(crate) fn names() -> Vec<&'static str> {
    PROVIDERS.iter().map(|provider| provider.name).collect()
}

/// The provider of this name.
pub(crate) fn provider(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name == name)
}

/// The target of the configuration that a person names.
pub(crate) fn known<'a>(config: &'a Config, name: &TargetName) -> Result<&'a TargetConfig, Failure> {
    config.targets.values().find(|target| target.name.as_str() == name.group()).ok_or_else(|| {
        let names: Vec<&str> = config.targets.values().map(|target| target.name.as_str()).collect();
        let detail = format!("The configuration has no target `{name}`.");
        Failure::new(Diagnostic::error("Unknown target", detail)).hint(format!("it has: {}", names.join(", ")))
    })
}

/// Where a target is. Refused before any packet where the configuration does not let its credential be used there.
pub(crate) fn place(config: &TargetConfig, target: &TargetName, declared: Option<&str>) -> Result<String, String> {
    match provider(&config.provider).and_then(|provider| provider.place) {
        Some(place) => place(&config.endpoint, target, declared),
        None => Ok(config.endpoint.clone()),
    }
}

/// Whether targets of this kind can be groups of members.
pub(crate) fn has_members(config: &TargetConfig) -> bool {
    provider(&config.provider).is_some_and(|provider| provider.place.is_some())
}

/// Makes the engine of a target.
pub(crate) fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    match provider(&reach.target.provider) {
        Some(provider) => (provider.connect)(reach),
        None => {
            let attempted = format!("connect to the target `{}`", reach.target.name);
            let why = format!("this program was built without the engine `{}`", reach.target.provider);
            Err(EngineError::new(ErrorKind::Rejected, attempted, why))
        }
    }
}
