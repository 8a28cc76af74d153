//! What can a blueprint say about a Proxmox VE cluster? One table of fields for each type.

mod checks;
mod compute;
mod fields;
mod findings;
mod hotplug;
#[cfg(test)]
mod tests;

use core_model::resource_type::ResourceType;

pub(crate) use checks::is_dns_name;
pub use compute::Compute;
pub(crate) use compute::{Source, split_os};
#[cfg(test)]
use hotplug::is_live;

/// The provider's name in blueprints.
pub const PROVIDER: &str = "proxmox";

/// Every type of this engine.
pub fn types() -> [&'static dyn ResourceType; 1] {
    [&Compute]
}
