//! Under which names are calls journaled?

use crate::guest::GuestKind;

pub(crate) const POOL: &str = "PoolUpdate";
pub(crate) const POOL_CREATE: &str = "PoolCreate";
pub(crate) const POOL_DELETE: &str = "PoolDelete";
pub(crate) const NETWORK_CREATE: &str = "NetworkStageCreate";
pub(crate) const NETWORK_UPDATE: &str = "NetworkStageUpdate";
pub(crate) const NETWORK_DELETE: &str = "NetworkStageDelete";
pub(crate) const NETWORK_APPLY: &str = "NetworkApply";
pub(crate) const NETWORK_REVERT: &str = "NetworkRevert";
pub(crate) const UPLOAD: &str = "StorageUpload";
/// A container template, from Proxmox's index of appliances.
pub(crate) const APPLIANCE_DOWNLOAD: &str = "ApplianceDownload";
pub(crate) const VOLUME_DELETE: &str = "StorageVolumeDelete";
pub(crate) const STORAGE_CREATE: &str = "StorageCreate";
pub(crate) const STORAGE_CONFIGURE: &str = "StorageConfigure";
pub(crate) const STORAGE_DELETE: &str = "StorageDelete";
pub(crate) const DOWNLOAD: &str = "StorageDownload";

/// What is done to a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Create,
    Copy,
    Configure,
    Grow,
    Move,
    CloudInit,
    Start,
    ShutDown,
    Reboot,
    Migrate,
    Snapshot,
    SnapshotDelete,
    Delete,
}

/// Each act with its name for machines and for containers.
const NAMES: [(Act, &str, &str); 13] = [
    (Act::Create, "QemuCreate", "LxcCreate"),
    (Act::Copy, "QemuClone", "LxcClone"),
    (Act::Configure, "QemuConfigure", "LxcConfigure"),
    (Act::Grow, "QemuResizeDisk", "LxcResizeVolume"),
    (Act::Move, "QemuMoveDisk", "LxcMoveVolume"),
    (Act::CloudInit, "QemuRegenerateCloudInit", "LxcRegenerateCloudInit"),
    (Act::Start, "QemuStart", "LxcStart"),
    (Act::ShutDown, "QemuShutdown", "LxcShutdown"),
    (Act::Reboot, "QemuReboot", "LxcReboot"),
    (Act::Migrate, "QemuMigrate", "LxcMigrate"),
    (Act::Snapshot, "QemuSnapshot", "LxcSnapshot"),
    (Act::SnapshotDelete, "QemuSnapshotDelete", "LxcSnapshotDelete"),
    (Act::Delete, "QemuDelete", "LxcDelete"),
];

impl Act {
    pub(crate) fn operation(self, kind: GuestKind) -> &'static str {
        let named = NAMES.iter().find(|(act, _, _)| *act == self);
        named.map_or("", |(_, machine, container)| match kind {
            GuestKind::Machine => *machine,
            GuestKind::Container => *container,
        })
    }
}
