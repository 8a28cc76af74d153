//! What is a guest: a virtual machine or a container?

use std::collections::{BTreeMap, BTreeSet};

use sha1::{Digest, Sha1};

use super::Firewall;
use super::lock::LockKey;

/// A virtual machine or a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestKind {
    Qemu,
    Lxc,
}

impl GuestKind {
    /// `qemu` or `lxc`, as in paths and ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::Qemu => "qemu",
            Self::Lxc => "lxc",
        }
    }

    /// The word in messages.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Qemu => "VM",
            Self::Lxc => "CT",
        }
    }

    /// Where the cluster file system keeps the configuration.
    pub(crate) fn configuration_file(self, node: &str, vmid: u32) -> String {
        let folder = match self {
            Self::Qemu => "qemu-server",
            Self::Lxc => "lxc",
        };
        format!("nodes/{node}/{folder}/{vmid}.conf")
    }
}

/// One guest and how it behaves.
#[derive(Clone, Debug)]
pub struct Guest {
    pub kind: GuestKind,
    pub node: String,
    /// The configuration file's options, `lock` and `template` among them.
    pub config: BTreeMap<String, String>,
    /// `[PENDING]`: values that wait for a stop and start.
    pub pending: BTreeMap<String, String>,
    /// Options whose removal waits, each with whether its volume is destroyed too.
    pub pending_delete: BTreeMap<String, bool>,
    pub snapshots: BTreeMap<String, Snapshot>,
    /// When its node first told of it: until then the cluster's list knows neither its name nor its state.
    pub told_at_ms: u64,
    pub running: Option<Running>,
    pub firewall: Firewall,
    /// The options from which the cloud-init drive was last made.
    pub cloudinit_drive: Option<BTreeMap<String, String>>,
    /// How long a shutdown takes; nothing: it never ends by itself. Where unset, `Timing::shutdown_ms`.
    pub shutdown_ms: Option<Option<u64>>,
    /// Whether a guest agent answers while the guest runs and its option is on.
    pub agent_installed: bool,
    /// What the agent says, and what a container has: interface name -> addresses with prefix.
    pub addresses: BTreeMap<String, Vec<String>>,
    /// Hot-plug of these options fails with this message, as a guest that does not cooperate does.
    pub refuses_hotplug: BTreeMap<String, String>,
}

/// What is known while a guest runs.
#[derive(Clone, Debug)]
pub struct Running {
    pub since_ms: u64,
    pub pid: u64,
    pub paused: bool,
    /// The configuration with which the process was started, plus what was plugged in since.
    pub config: BTreeMap<String, String>,
}

/// A state to which a guest can go back.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub config: BTreeMap<String, String>,
    pub description: String,
    pub taken_s: u64,
    pub with_memory: bool,
    pub parent: Option<String>,
}

impl Guest {
    /// A stopped guest with this configuration.
    pub fn new(kind: GuestKind, node: &str, config: &[(&str, &str)]) -> Self {
        let config = config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            kind,
            node: node.to_owned(),
            config: config.collect(),
            pending: BTreeMap::new(),
            pending_delete: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            told_at_ms: 0,
            running: None,
            firewall: Firewall::default(),
            cloudinit_drive: None,
            shutdown_ms: None,
            agent_installed: true,
            addresses: BTreeMap::new(),
            refuses_hotplug: BTreeMap::new(),
        }
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    pub fn is_template(&self) -> bool {
        self.config.get("template").is_some_and(|value| value == "1")
    }

    /// The name of a virtual machine, the host name of a container.
    pub fn name(&self) -> &str {
        let option = if self.kind == GuestKind::Qemu { "name" } else { "hostname" };
        self.config.get(option).map_or("", String::as_str)
    }

    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.config.get(name).map(String::as_str)
    }

    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.option(name) == Some("1")
    }

    /// The SHA-1 of the whole configuration file; it changes with every write that changes something.
    pub fn digest(&self) -> String {
        let mut hash = Sha1::new();
        let mut section = |name: &str, options: &BTreeMap<String, String>| {
            hash.update(format!("[{name}]\n"));
            for (option, value) in options {
                hash.update(format!("{option}: {value}\n"));
            }
        };
        section("", &self.config);
        section("PENDING", &self.pending);
        section("DELETE", &self.pending_delete.iter().map(|(name, force)| (name.clone(), force.to_string())).collect());
        for (name, snapshot) in &self.snapshots {
            section(name, &snapshot.config);
        }
        hex::encode(hash.finalize())
    }

    pub(crate) fn lock_key(&self, vmid: u32) -> LockKey {
        match self.kind {
            GuestKind::Qemu => LockKey::Qemu(vmid),
            GuestKind::Lxc => LockKey::Lxc(vmid),
        }
    }

    /// Options that name a volume: `scsi0`, `rootfs`, `mp1`, `unused0`, ...
    pub(crate) fn volume_options(&self) -> Vec<String> {
        self.config.keys().filter(|name| is_volume_option(self.kind, name)).cloned().collect()
    }

    /// Every volume that the configuration, its pending part or a snapshot names.
    pub fn volumes(&self) -> BTreeSet<String> {
        let snapshots = self.snapshots.values().map(|snapshot| &snapshot.config);
        let all = [&self.config, &self.pending].into_iter().chain(snapshots);
        let drives = all.flat_map(|config| config.iter().filter(|(name, _)| is_volume_option(self.kind, name)));
        drives.filter_map(|(_, value)| volume_of(value)).map(str::to_owned).collect()
    }

    /// Puts a volume that no slot uses any more into the first free `unusedN`.
    pub(crate) fn keep_unused(&mut self, volume: &str) {
        let is_known = self.config.iter().any(|(name, value)| name.starts_with("unused") && value == volume);
        let free = (0..256).map(|index| format!("unused{index}")).find(|name| !self.config.contains_key(name));
        if let Some(name) = free.filter(|_| !is_known) {
            self.config.insert(name, volume.to_owned());
        }
    }
}

/// Whether an option names a volume of the guest.
pub(crate) fn is_volume_option(kind: GuestKind, name: &str) -> bool {
    let Some((stem, _)) = crate::methods::indexed(name) else { return kind == GuestKind::Lxc && name == "rootfs" };
    match kind {
        GuestKind::Qemu => matches!(stem, "scsi" | "virtio" | "sata" | "ide" | "efidisk" | "tpmstate" | "unused"),
        GuestKind::Lxc => matches!(stem, "mp" | "unused"),
    }
}

/// The volume in a drive's or mount point's value; nothing for `none`, `cdrom` and host paths.
pub(crate) fn volume_of(value: &str) -> Option<&str> {
    let first = value.split(',').find(|part| !part.contains('=') || part.starts_with("file=") || part.starts_with("volume="))?;
    let volume = first.strip_prefix("file=").or_else(|| first.strip_prefix("volume=")).unwrap_or(first);
    (volume.contains(':') && !volume.starts_with('/')).then_some(volume)
}
