//! What must be told to Proxmox VE so that a machine becomes what is wanted?

use core_model::Marker;

use super::{cards, cpu, devices, disks, plain};
use crate::config::Config;
use crate::guest::edits::Edits;
use crate::guest::wanted::Wanted;
use crate::guest::{option, startup};

const CDROM: &str = "specs.cdrom";

/// What is known when a machine is made or changed.
pub(crate) struct Making<'a> {
    pub(crate) marker: &'a Marker,
    /// Where disks go when nobody says.
    pub(crate) disk_storage: Option<&'a str>,
    /// The machine is being made: what its author leaves open gets our values.
    pub(crate) is_new: bool,
    /// The volume that the first disk of a new machine is made from.
    pub(crate) image: Option<&'a str>,
}

/// The edits that bring `config` to what is wanted; the error completes the sentence "it cannot be, because ...".
pub(crate) fn edits(config: &Config, wanted: &Wanted, making: &Making<'_>) -> Result<Edits, String> {
    if wanted.touches(CDROM) && disks::slots(config).any(|(slot, _)| slot == plain::CDROM_SLOT) {
        return Err(plain::drive_is_taken());
    }
    let mut edits = Edits::default();
    option::write(plain::TABLE, config, wanted, &mut edits);
    cpu::write(config, wanted, &mut edits);
    startup::write(config, wanted, &mut edits);
    devices::write(config, wanted, &mut edits);
    cards::write(config, wanted, making, &mut edits);
    disks::write(config, wanted, making, &mut edits)?;
    if making.is_new && config.options.is_empty() {
        plain::fresh(wanted, &mut edits);
        disks::boot_order(wanted, &mut edits);
    }
    Ok(edits)
}
