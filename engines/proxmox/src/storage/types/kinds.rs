//! Which kinds of storages are there, and what does each take? Facts of pve-storage 9.1, `PVE::Storage::*Plugin`: `options` and
//! `plugindata`.

/// One kind of storage.
pub(crate) struct StorageKind {
    pub(crate) word: &'static str,
    /// Fields that it cannot be without.
    pub(crate) required: &'static [&'static str],
    /// Further fields that only some kinds take.
    pub(crate) optional: &'static [&'static str],
    /// What it can hold.
    pub(crate) contents: &'static [&'static str],
    /// What it holds when nobody says.
    pub(crate) content_default: &'static [&'static str],
}

/// Fields of every kind.
const ALWAYS: [&str; 5] = ["name", "kind", "content", "nodes", "disabled"];
/// Which of a storage's fields say where it is. Proxmox takes them only when a definition is made.
const PLACES: [&str; 11] = ["kind", "path", "server", "export", "share", "datastore", "vgname", "thinpool", "pool", "portal", "target"];
/// The kinds whose definition can say that it is the same on all nodes.
const MAY_BE_SHARED: [&str; 3] = ["dir", "lvm", "btrfs"];

pub(crate) const WORDS: &[&str] = &["dir", "nfs", "cifs", "lvm", "lvmthin", "zfspool", "btrfs", "pbs", "cephfs", "rbd", "iscsi"];
pub(crate) const CONTENTS: &[&str] = &["images", "rootdir", "iso", "vztmpl", "import", "backup", "snippets", "none"];

const FILES: &[&str] = &["images", "rootdir", "iso", "vztmpl", "import", "backup", "snippets"];
const FILES_OR_NONE: &[&str] = &["images", "rootdir", "iso", "vztmpl", "import", "backup", "snippets", "none"];
const DISKS: &[&str] = &["images", "rootdir"];

pub(crate) const KINDS: &[StorageKind] = &[
    StorageKind { word: "dir", required: &["path"], optional: &["shared", "keep", "preallocation"], contents: FILES_OR_NONE, content_default: DISKS },
    StorageKind {
        word: "nfs",
        required: &["server", "export"],
        optional: &["path", "options", "keep", "preallocation"],
        contents: FILES,
        content_default: &["images"],
    },
    StorageKind {
        word: "cifs",
        required: &["server", "share"],
        optional: &["path", "subdir", "username", "password", "domain", "smb_version", "options", "keep", "preallocation"],
        contents: FILES,
        content_default: &["images"],
    },
    StorageKind { word: "lvm", required: &["vgname"], optional: &["shared"], contents: DISKS, content_default: &["images"] },
    StorageKind { word: "lvmthin", required: &["vgname", "thinpool"], optional: &[], contents: DISKS, content_default: DISKS },
    StorageKind { word: "zfspool", required: &["pool"], optional: &["sparse"], contents: DISKS, content_default: DISKS },
    StorageKind {
        word: "btrfs",
        required: &["path"],
        optional: &["shared", "keep", "preallocation"],
        contents: FILES_OR_NONE,
        content_default: DISKS,
    },
    StorageKind {
        word: "pbs",
        required: &["server", "datastore"],
        optional: &["namespace", "port", "username", "password", "fingerprint", "keep"],
        contents: &["backup", "none"],
        content_default: &["backup"],
    },
    StorageKind {
        word: "cephfs",
        required: &[],
        optional: &["path", "monhost", "username", "keyring", "subdir", "fs_name", "options", "keep"],
        contents: &["vztmpl", "iso", "import", "backup", "snippets"],
        content_default: &["backup"],
    },
    StorageKind {
        word: "rbd",
        required: &[],
        optional: &["pool", "namespace", "monhost", "username", "keyring", "krbd"],
        contents: DISKS,
        content_default: &["images"],
    },
    StorageKind { word: "iscsi", required: &["portal", "target"], optional: &[], contents: &["images", "none"], content_default: &["images"] },
];

pub(crate) fn of(word: &str) -> Option<&'static StorageKind> {
    KINDS.iter().find(|kind| kind.word == word)
}

/// Whether a path, `specs.server`, says where a storage is.
pub(crate) fn is_place(path: &str) -> bool {
    path.strip_prefix("specs.").is_some_and(|name| PLACES.contains(&name))
}

impl StorageKind {
    /// Whether Proxmox takes a field only when a definition is made.
    pub(crate) fn fixes(&self, field: &str) -> bool {
        PLACES.contains(&field) && !(self.word == "rbd" && field == "pool")
    }

    pub(crate) fn takes(&self, field: &str) -> bool {
        ALWAYS.contains(&field) || self.required.contains(&field) || self.optional.contains(&field)
    }

    pub(crate) fn may_be_shared(&self) -> bool {
        MAY_BE_SHARED.contains(&self.word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_facts() {
        assert_eq!(KINDS.iter().map(|kind| kind.word).collect::<Vec<_>>(), WORDS);
        for kind in KINDS {
            assert!(kind.content_default.iter().all(|content| kind.contents.contains(content)), "{}", kind.word);
            assert!(kind.contents.iter().all(|content| CONTENTS.contains(content)), "{}", kind.word);
            assert_eq!(kind.optional.contains(&"shared"), kind.may_be_shared(), "{}", kind.word);
        }
    }
}
