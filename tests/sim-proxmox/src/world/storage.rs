//! What is a storage, and what is on it?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bytes::Bytes;

use super::World;
use super::lock::LockKey;

/// A storage definition of the cluster.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    /// The options of the API by their names, `type` and `content` among them.
    pub options: BTreeMap<String, String>,
    /// On each node that has it, or once where it is shared.
    pub size_bytes: u64,
    /// Reading its state fails, as with an unreachable server.
    pub broken: bool,
}

impl Storage {
    /// A storage of 500 GiB with these options.
    pub fn new(options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { options, size_bytes: 500 << 30, broken: false }
    }

    pub(crate) fn defaults() -> BTreeMap<String, Self> {
        let local = Self::new(&[("type", "dir"), ("path", "/var/lib/vz"), ("content", "iso,vztmpl,backup,import,snippets")]);
        let thin = Self::new(&[("type", "lvmthin"), ("vgname", "pve"), ("thinpool", "data"), ("content", "images,rootdir")]);
        BTreeMap::from([("local".to_owned(), local), ("local-lvm".to_owned(), thin)])
    }

    pub(crate) fn kind(&self) -> &str {
        self.options.get("type").map_or("dir", String::as_str)
    }

    pub(crate) fn is_always_shared(&self) -> bool {
        matches!(self.kind(), "nfs" | "cifs" | "rbd" | "cephfs" | "iscsi" | "pbs")
    }

    pub fn is_shared(&self) -> bool {
        self.is_always_shared() || self.options.get("shared").is_some_and(|value| value == "1")
    }

    pub(crate) fn is_disabled(&self) -> bool {
        self.options.get("disable").is_some_and(|value| value == "1")
    }

    /// What it is for; what its kind is for when nobody said. Source: pve-storage `Plugin.pm` `parse_config`, and each plug-in's `plugindata`.
    pub(crate) fn content(&self) -> &str {
        let usual = match self.kind() {
            "dir" | "btrfs" | "lvmthin" | "zfspool" => "images,rootdir",
            "pbs" | "cephfs" => "backup",
            _ => "images",
        };
        self.options.get("content").map_or(usual, String::as_str)
    }

    pub(crate) fn contents(&self) -> BTreeSet<&str> {
        self.content().split(',').collect()
    }

    pub(crate) fn is_on(&self, node: &str) -> bool {
        self.options.get("nodes").is_none_or(|nodes| nodes.split(',').any(|name| name == node))
    }

    /// Whether volumes are files in a folder, with their format in the name.
    pub(crate) fn has_files(&self) -> bool {
        matches!(self.kind(), "dir" | "nfs" | "cifs" | "cephfs" | "btrfs")
    }

    /// The format a new disk gets where none is asked for.
    pub(crate) fn default_format(&self) -> &str {
        "raw"
    }

    /// Whether a clone can share its base's blocks. Source: the `features` of pve-storage's plug-ins.
    pub(crate) fn clones_linked(&self, format: &str) -> bool {
        match self.kind() {
            "lvmthin" | "zfspool" | "rbd" => true,
            _ => self.has_files() && matches!(format, "qcow2" | "subvol"),
        }
    }
}

/// Where a volume is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VolumeKey {
    pub storage: String,
    /// Nothing where the storage is shared.
    pub node: Option<String>,
    /// What comes after the colon: `vm-100-disk-0`, `iso/debian.iso`, `100/vm-100-disk-0.qcow2`.
    pub name: String,
}

/// A disk, an image or another file on a storage.
#[derive(Clone, Debug, Default)]
pub struct Volume {
    pub size_bytes: u64,
    pub used_bytes: u64,
    pub format: String,
    /// `images`, `rootdir`, `iso`, `vztmpl`, `import`, `snippets` or `backup`.
    pub content: String,
    pub vmid: Option<u32>,
    /// The base volume of a linked clone.
    pub parent: Option<String>,
    pub created_s: u64,
    pub protected: bool,
    pub notes: String,
    /// What was uploaded.
    pub bytes: Option<Bytes>,
    /// What stands for the bytes of a file that was downloaded.
    pub text: String,
}

/// What an address gives. Files with the same text are the same file.
#[derive(Clone, Debug)]
pub(crate) struct Download {
    pub(crate) size_bytes: u64,
    pub(crate) text: String,
}

/// A size as Proxmox VE writes it: `8G`, `512M`, `4M`, with the largest unit that leaves no fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiskSize(pub u64);

impl DiskSize {
    /// Reads `32G`, `512M`, `1.5T`, `1024` (bytes).
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim_end_matches(['K', 'M', 'G', 'T']);
        let factor = match &text[number.len()..] {
            "" => 1.0,
            "K" => 1024.0,
            "M" => 1_048_576.0,
            "G" => 1_073_741_824.0,
            "T" => 1_099_511_627_776.0,
            _ => return None,
        };
        let number: f64 = number.parse().ok().filter(|number| *number >= 0.0)?;
        Some(Self((number * factor) as u64))
    }
}

impl fmt::Display for DiskSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut size = self.0;
        for unit in ["", "K", "M", "G"] {
            if size == 0 || !size.is_multiple_of(1024) {
                return write!(formatter, "{size}{unit}");
            }
            size /= 1024;
        }
        write!(formatter, "{size}T")
    }
}

impl World {
    /// Where the volume `storage:name` is, seen from a node.
    pub(crate) fn volume_key(&self, node: &str, volume: &str) -> Option<VolumeKey> {
        let (storage, name) = volume.split_once(':')?;
        let definition = self.storages.get(storage)?;
        let node = (!definition.is_shared()).then(|| node.to_owned());
        Some(VolumeKey { storage: storage.to_owned(), node, name: name.to_owned() })
    }

    /// The volume `storage:name`, seen from a node.
    pub fn volume(&self, node: &str, volume: &str) -> Option<&Volume> {
        self.volumes.get(&self.volume_key(node, volume)?)
    }

    /// Puts a volume where `volume` says, as a test's seed. Panics if there is no such storage.
    pub fn put_volume(&mut self, node: &str, volume: &str, content: Volume) {
        let key = self.volume_key(node, volume).expect("a volume needs a storage that exists");
        self.volumes.insert(key, content);
    }

    /// What was uploaded as `storage:name` on a node.
    pub fn uploaded(&self, node: &str, volume: &str) -> Option<Bytes> {
        self.volume(node, volume)?.bytes.clone()
    }

    /// The bytes in use on a storage, seen from a node.
    pub(crate) fn storage_used(&self, node: &str, storage: &str) -> u64 {
        let here = self.volumes.iter().filter(|(key, _)| key.storage == storage && key.node.as_deref().is_none_or(|name| name == node));
        here.map(|(_, volume)| volume.used_bytes).sum()
    }

    pub(crate) fn storage_lock(&self, node: &str, storage: &str) -> LockKey {
        match self.storages.get(storage) {
            Some(definition) if definition.is_shared() => LockKey::SharedStorage(storage.to_owned()),
            _ => LockKey::Storage { node: node.to_owned(), storage: storage.to_owned() },
        }
    }

    /// A free volume name for a guest: `vm-100-disk-1`, or `100/vm-100-disk-1.qcow2` where volumes are files.
    pub(crate) fn free_volume_name(&self, node: &str, storage: &str, vmid: u32, stem: &str, format: &str) -> String {
        let has_files = self.storages.get(storage).is_some_and(Storage::has_files);
        let name = |index: u32| match (has_files, format) {
            (true, "subvol") => format!("{vmid}/{stem}-{vmid}-disk-{index}.subvol"),
            (true, _) => format!("{vmid}/{stem}-{vmid}-disk-{index}.{format}"),
            (false, _) => format!("{stem}-{vmid}-disk-{index}"),
        };
        let is_free = |name: &String| self.volume(node, &format!("{storage}:{name}")).is_none();
        (0..1000).map(name).find(is_free).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::DiskSize;

    #[test]
    fn sizes_are_written_with_the_largest_whole_unit() {
        for (text, bytes, written) in [("8G", 8 << 30, "8G"), ("1.5T", 1536 << 30, "1536G"), ("528K", 528 << 10, "528K"), ("1024G", 1 << 40, "1T")] {
            assert_eq!(DiskSize::parse(text), Some(DiskSize(bytes)), "{text}");
            assert_eq!(DiskSize(bytes).to_string(), written);
        }
        assert_eq!(DiskSize::parse("8X"), None);
    }
}
