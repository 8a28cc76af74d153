//! Which guests use a storage, or a file on it? Their disks, their media and their unused volumes say so.

use core_model::plan::{Action, Step};
use engine_api::{EngineError, ErrorKind};
use futures::{StreamExt, TryStreamExt, stream};

use crate::cluster::Permissions;
use crate::config::{Config, Properties};
use crate::guest::GuestKind;
use crate::guest::observe::{PRIVILEGE, may_see_all};
use crate::reader::{Guest, Reader};

const READS_IN_FLIGHT_MAX: usize = 16;
/// The options that name volumes, before their number.
const SLOTS: [&str; 10] = ["ide", "sata", "scsi", "virtio", "efidisk", "tpmstate", "unused", "rootfs", "mp", "vmstate"];

/// One guest and what it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) vmid: u32,
    pub(crate) name: String,
    pub(crate) node: String,
    pub(crate) kind: GuestKind,
    /// `scsi0`, `ide2`.
    pub(crate) slots: Vec<String>,
}

/// Why nobody can say what guests use: those that are hidden use things as well.
pub(crate) fn unseen(permissions: &Permissions) -> Option<String> {
    (!may_see_all(permissions)).then(|| format!("the token or user lacks `{PRIVILEGE}` on `/vms`, so guests that use it may be hidden from it"))
}

/// The guests with a volume that fits, by number. Guests that went while we looked use nothing any more.
pub(crate) async fn of(reader: Reader<'_>, guests: &[Guest], fits: impl Fn(&str) -> bool) -> Result<Vec<Use>, EngineError> {
    let reads = guests.iter().cloned().map(|guest| async move { config_of(reader, &guest).await.map(|config| (guest, config)) });
    let configs: Vec<(Guest, Option<Config>)> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).try_collect().await?;
    let uses = configs.into_iter().filter_map(|(guest, config)| {
        let slots: Vec<String> = config.iter().flat_map(volumes).filter(|(_, volume)| fits(volume)).map(|(slot, _)| slot).collect();
        (!slots.is_empty()).then_some(Use { vmid: guest.vmid, name: guest.name, node: guest.node, kind: guest.kind, slots })
    });
    let mut uses: Vec<Use> = uses.collect();
    uses.sort_by_key(|used| used.vmid);
    Ok(uses)
}

/// The configuration of a guest; one that moves to another node meanwhile is looked for there.
pub(crate) async fn config_of(reader: Reader<'_>, guest: &Guest) -> Result<Option<Config>, EngineError> {
    if let Some(config) = reader.config(guest).await? {
        return Ok(Some(config));
    }
    let Some(now) = reader.guest(guest.vmid).await? else { return Ok(None) };
    let moves = || EngineError::new(ErrorKind::Busy, format!("read the {} {}", guest.kind.noun(), guest.vmid), "it moved while it was looked at");
    reader.config(&now).await?.map(Some).ok_or_else(moves)
}

/// `web-01` (100) with `scsi0`, `db-01` (101) with `scsi0`, `scsi1`.
pub(crate) fn told(uses: &[Use]) -> String {
    let one = |used: &Use| format!("`{}` ({}) with {}", used.name, used.vmid, used.slots.join(", "));
    uses.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Whether the step waits for one that removes the guest, or changes what it uses.
pub(crate) fn is_changed_before(used: &Use, step: &Step, plan: &[Step]) -> bool {
    let is_its = |other: &&Step| other.object == used.name && other.type_name == used.kind.facts().name && step.waits_for.contains(&other.address);
    let takes_off =
        |other: &Step| matches!(other.action, Action::Delete | Action::Replace) || other.changes.iter().any(|change| holds_volumes(&change.path));
    plan.iter().filter(is_its).any(takes_off)
}

/// The fields of guests that say which volumes they use.
const FIELDS: [&str; 6] = ["disks", "mounts", "cdrom", "storage", "efi", "tpm"];

fn holds_volumes(path: &str) -> bool {
    path.strip_prefix("specs.").and_then(|path| path.split('.').next()).is_some_and(|field| FIELDS.contains(&field))
}

/// Every slot with its volume.
pub(crate) fn volumes(config: &Config) -> Vec<(String, String)> {
    let named = config.options.iter().filter(|(slot, _)| is_slot(slot));
    let volume = |text: &str| {
        let properties = Properties::parse(text);
        let volume = properties.get("").or_else(|| properties.get("file")).or_else(|| properties.get("volume"));
        volume.filter(|volume| volume.contains(':')).map(str::to_owned)
    };
    named.filter_map(|(slot, text)| Some((slot.clone(), volume(text)?))).collect()
}

fn is_slot(option: &str) -> bool {
    SLOTS.contains(&option.trim_end_matches(|letter: char| letter.is_ascii_digit()))
}

/// Whether a volume is on a storage.
pub(crate) fn is_on(volume: &str, storage: &str) -> bool {
    volume.split_once(':').is_some_and(|(name, _)| name == storage)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn disks_and_media_are_volumes_and_words_are_not() {
        let config = Config::of(&json!({
            "scsi0": "nas:100/vm-100-disk-0.qcow2,size=8G", "ide2": "local:iso/a.iso,media=cdrom", "mp0": "volume=nas:subvol-1,mp=/srv",
            "rootfs": "nas:subvol-0,size=8G", "description": "nas: ask ops", "net0": "virtio=AA,bridge=nas:0", "ide0": "none,media=cdrom",
        }));
        let found = volumes(&config);
        let on_nas: Vec<&str> = found.iter().filter(|(_, volume)| is_on(volume, "nas")).map(|(slot, _)| slot.as_str()).collect();
        assert_eq!(on_nas, ["mp0", "rootfs", "scsi0"]);
        assert_eq!(found.len(), 4);
    }
}
