//! How does a new guest learn who it is? By Proxmox's own cloud-init drive; where that does not reach, for packages and
//! commands, by an image of ours.

use engine_api::EngineError;

use crate::apply::Task;
use crate::config::Config;
use crate::guest::GuestRef;
use crate::guest::edits::Edits;
use crate::guest::wanted::Wanted;
use crate::machine::form;
use crate::machine::nocloud;

/// Where the cloud-init drive of a machine is, Proxmox's or ours.
const SLOT: &str = "ide2";
/// What only an image of ours can say.
const BY_IMAGE: [&str; 2] = ["specs.packages", "specs.commands"];
const BY_DRIVE: [&str; 3] = ["specs.user", "specs.dns", "specs.upgrade"];

/// For a machine that is made: uploads the image, or asks for a drive, and writes it into the edits.
pub(super) async fn put(
    task: &Task<'_>,
    machine: &GuestRef,
    config: &Config,
    wanted: &Wanted,
    storage: Option<&str>,
    edits: &mut Edits,
) -> Result<(), EngineError> {
    if !BY_IMAGE.iter().any(|path| wanted.says(path)) {
        return add_drive(task, config, wanted, storage, edits);
    }
    let iso_storage = task.iso_storage(&machine.node).await?;
    let mut whole = config.clone();
    whole.options.extend(edits.set.clone());
    let seed = nocloud::image(task.marker(), machine, wanted, &whole).map_err(|why| task.refused(why))?;
    let file_name = file_name(machine.vmid);
    let known = task.reader.volumes(&machine.node, &iso_storage, "iso").await?;
    let volume = format!("{iso_storage}:iso/{file_name}");
    // The same number may have had another image before: it is written over, unless this very step just put it there.
    if !known.contains(&volume) || config.get(SLOT).is_none_or(|text| !text.contains(&volume)) {
        task.calls.upload_iso(&machine.node, &iso_storage, &file_name, seed).await?;
    }
    for slot in drives(config).filter(|slot| *slot != SLOT) {
        edits.delete(slot);
    }
    edits.set(SLOT, format!("{volume},media=cdrom"));
    Ok(())
}

/// Proxmox's drive, where something is said that it carries and there is none yet.
pub(super) fn add_drive(task: &Task<'_>, config: &Config, wanted: &Wanted, storage: Option<&str>, edits: &mut Edits) -> Result<(), EngineError> {
    let needs_drive = BY_DRIVE.iter().any(|path| wanted.says(path)) || says_address(wanted);
    if !needs_drive || has_drive(config) || volume_of_slot(config).is_some() {
        return Ok(());
    }
    let storage = storage.ok_or_else(|| task.refused("nobody says which storage the cloud-init drive goes to; set `disks.scsi0.storage`"))?;
    edits.set(SLOT, format!("{storage}:cloudinit"));
    edits.allocates = true;
    Ok(())
}

fn says_address(wanted: &Wanted) -> bool {
    wanted.says("specs.network.ip") || wanted.slots("specs.networks").iter().any(|slot| wanted.says(&format!("specs.networks.{slot}.ip")))
}

pub(super) fn has_drive(config: &Config) -> bool {
    drives(config).next().is_some()
}

fn drives(config: &Config) -> impl Iterator<Item = &str> {
    let is_drive = |text: &str| text.contains("-cloudinit") || text.contains(":cloudinit");
    config.options.iter().filter(move |(_, text)| is_drive(text)).map(|(slot, _)| slot.as_str())
}

fn volume_of_slot(config: &Config) -> Option<String> {
    let volume = config.properties(SLOT).and_then(|drive| form::disks::volume(&drive).map(str::to_owned));
    volume.filter(|volume| volume != "none")
}

fn file_name(vmid: u32) -> String {
    format!("ipr-{vmid}-seed.iso")
}

/// Our image of a machine, if it has one.
pub(super) fn volume_of(config: &Config, vmid: u32) -> Option<String> {
    volume_of_slot(config).filter(|volume| volume.ends_with(&file_name(vmid)))
}
