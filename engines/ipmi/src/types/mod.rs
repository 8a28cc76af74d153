//! What can a blueprint say about a bare machine? One table, whatever its BMC speaks.

mod bmc;
mod compute;
mod media;
mod once;
mod words;

use core_model::resource_type::ResourceType;

pub(crate) use compute::DEFAULT_SHUT_DOWN_WITHIN;
pub(crate) use media::image;
pub(crate) use words::{
    BOOT_DEVICE_NONE, address_source, address_source_word, boot_device, boot_device_word, boot_mode, boot_mode_word, host_name, power_restore,
    power_restore_word, reset_kind, reset_word, role, role_word,
};

/// Every type of this engine.
pub fn types() -> Vec<&'static dyn ResourceType> {
    vec![&compute::Compute]
}

#[cfg(test)]
mod tests;
