//! Which fields does a virtual machine have? The table; what a change costs here is what it costs a running machine, and
//! `hotplug` weighs it for the machine at hand.

use core_model::plan::Risk;
use core_model::portable;
use core_model::schema::{Field, Kind};

use crate::checks::{BRIDGE, CIDR_OR_DHCP, DISK_SLOT, KEY, MAC, MACHINE, NAME, NOTES, STORAGE_NAME, TAG, VOLUME};
use crate::guest::snapshot;

/// For the record alone: the cluster is not told, or does not tell back.
const fn noted(field: Field) -> Field {
    field.write_only().risk(Risk::None)
}

const DISK: &[Field] = &[
    Field::new("size", Kind::Size, "How large it is. It can grow, never shrink."),
    Field::new("storage", Kind::Checked(&STORAGE_NAME), "The storage it is on. A change moves it while the machine runs.").keep_when_unset(),
    Field::new("cache", Kind::Word(&["none", "writethrough", "writeback", "unsafe", "directsync"]), "How the host caches it; `none` when left out.")
        .restart(),
    Field::new("discard", Kind::Boolean, "Whether freed blocks are given back to the storage.").restart(),
    Field::new("iothread", Kind::Boolean, "Whether it has a thread of its own.").restart(),
    Field::new("ssd", Kind::Boolean, "Whether the guest sees it as solid-state.").restart(),
    Field::new("backup", Kind::Boolean, "Whether backups include it; they do when left out."),
    Field::new("read_mbps", Kind::Integer { min: 1, max: 100_000 }, "The most megabytes that are read in a second."),
    Field::new("write_mbps", Kind::Integer { min: 1, max: 100_000 }, "The most megabytes that are written in a second."),
    Field::new("read_iops", Kind::Integer { min: 10, max: 10_000_000 }, "The most reads in a second."),
    Field::new("write_iops", Kind::Integer { min: 10, max: 10_000_000 }, "The most writes in a second."),
    noted(Field::new("import", Kind::Checked(&VOLUME), "The volume it is made from, for example `local:import/data.qcow2`.")),
];

const NETWORK: &[Field] = &[
    noted(portable::LINK),
    Field::new("bridge", Kind::Checked(&BRIDGE), "The bridge or VNet it is in; `vmbr0` when left out."),
    Field::new("vlan", Kind::Integer { min: 1, max: 4094 }, "The VLAN on the bridge."),
    Field::new("model", Kind::Word(&["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"]), "The card the guest sees; `virtio` when left out.")
        .risk(Risk::MayDisconnect),
    Field::new("mac", Kind::Checked(&MAC), "The hardware address; it follows from the resource's address when left out.")
        .risk(Risk::MayDisconnect)
        .keep_when_unset(),
    Field::new("firewall", Kind::Boolean, "Whether Proxmox's firewall looks at its packets."),
    Field::new("rate", Kind::Thousandths { min: 1, max: 10_240_000 }, "The most megabytes in a second."),
    Field::new("mtu", Kind::Integer { min: 576, max: 65520 }, "The largest packet; the bridge's own when left out.").risk(Risk::MayDisconnect),
    Field::new("connected", Kind::Boolean, "Whether the cable is plugged in; it is when left out.").risk(Risk::MayDisconnect),
    Field::new("ip", Kind::Checked(&CIDR_OR_DHCP), "The guest's address, by cloud-init."),
    Field::new("gateway", Kind::Ip, "The guest's gateway, by cloud-init."),
];

const USER: &[Field] = &[
    Field::new("name", Kind::Text, "The user that cloud-init makes; the image's own when left out."),
    Field::new("password", Kind::Text, "The user's password. Proxmox keeps a hash.").sensitive().accepts_secret().write_only(),
    Field::new("ssh_keys", Kind::Set(&Kind::Checked(&KEY)), "Who may log in, as lines of `authorized_keys`."),
];

const DNS: &[Field] = &[
    Field::new("servers", Kind::List(&Kind::Ip), "The guest's name servers; the node's own when left out."),
    Field::new("domain", Kind::Text, "The guest's search domain; the node's own when left out."),
];

const STARTUP: &[Field] = &[
    Field::new("order", Kind::Integer { min: 0, max: 100_000 }, "Lower numbers start first and stop last."),
    Field::new("up", Kind::Duration, "How long the next machine waits after this one."),
    Field::new("down", Kind::Duration, "How long this one may take to shut down."),
];

const EFI: &[Field] = &[
    Field::new("storage", Kind::Checked(&STORAGE_NAME), "The storage of the EFI variables.").required().restart().keep_when_unset(),
    noted(Field::new("secure_boot", Kind::Boolean, "Whether the usual keys are enrolled when it is made.")).keep_when_unset(),
];
const TPM: &[Field] =
    &[Field::new("storage", Kind::Checked(&STORAGE_NAME), "The storage of the TPM's state.").required().restart().keep_when_unset()];
const DEVICE: &[Field] = &[Field::new("mapping", Kind::Checked(&STORAGE_NAME), "The resource mapping of the cluster.").required().restart()];

const READY: &[Field] = &[
    noted(Field::new("port", Kind::Integer { min: 1, max: 65535 }, "The TCP port of `network.ip` that must answer.")),
    noted(Field::new("within", Kind::Duration, "How long it may take; 5m when left out.")),
];

pub(super) const SPECS: &[Field] = &[
    Field::new("name", Kind::Checked(&NAME), "What the machine is called, in place of `<prefix><resource>`.").keep_when_unset(),
    Field::new("vmid", Kind::Integer { min: 100, max: 999_999_999 }, "Its number; it follows from the address when left out.")
        .replace()
        .keep_when_unset(),
    portable::CPU.restart(),
    Field::new("sockets", Kind::Integer { min: 1, max: 4 }, "Over how many sockets the processors are spread; one when left out.").restart(),
    Field::new("cpu_type", Kind::Text, "The processor that the guest sees, `host` or `x86-64-v2-AES`.").restart(),
    portable::MEMORY.restart(),
    Field::new("balloon", Kind::Size, "The memory that it always keeps when the host runs short; `0B` takes the balloon out."),
    Field::new("numa", Kind::Boolean, "Whether the guest sees NUMA nodes; memory hotplug needs it.").restart(),
    portable::STORAGE.keep_when_unset(),
    noted(portable::OS).replace().keep_when_unset(),
    noted(Field::new("image", Kind::Link(&["file"]), "The image its first disk is made from, a `file` of this repository; in place of `os`."))
        .replace()
        .keep_when_unset(),
    noted(Field::new("clone", Kind::Word(&["full", "linked"]), "How a template is copied; `full` when left out.")).keep_when_unset(),
    Field::new("disks", Kind::Map(&Kind::Object(DISK)), "Disks by slot, `scsi1`. The first disk may stand here too, for its other settings."),
    Field::new("network", Kind::Object(NETWORK), "The first network card, `net0`."),
    Field::new("networks", Kind::Map(&Kind::Object(NETWORK)), "Further network cards by slot, `net1`."),
    Field::new("user", Kind::Object(USER), "Who can log in, by cloud-init."),
    Field::new("dns", Kind::Object(DNS), "Where the guest looks names up, by cloud-init."),
    Field::new("upgrade", Kind::Boolean, "Whether cloud-init upgrades packages at the first boot; it does when left out."),
    noted(Field::new("packages", Kind::Set(&Kind::Text), "What cloud-init installs at the first boot.")),
    noted(Field::new("commands", Kind::List(&Kind::Command), "What cloud-init runs at the first boot, in order.")),
    Field::new("power", Kind::Word(&["on", "off"]), "Whether it runs. A new machine is started when left out.").risk(Risk::Restart).keep_when_unset(),
    noted(Field::new("restart", Kind::Word(&["when-needed", "never"]), "Whether a change may restart it; `when-needed` when left out.")),
    Field::new("boot", Kind::List(&Kind::Checked(&DISK_SLOT)), "The devices to boot from, in order, `[scsi0, net0]`.").restart(),
    Field::new("bios", Kind::Word(&["seabios", "ovmf"]), "The firmware; `seabios` when left out.").restart(),
    Field::new("efi", Kind::Object(EFI), "Where UEFI keeps its variables. It stays when left out.").restart(),
    Field::new("tpm", Kind::Object(TPM), "A TPM 2.0. It stays when left out.").restart(),
    Field::new("machine", Kind::Checked(&MACHINE), "The machine type, `q35`.").restart(),
    Field::new("os_type", Kind::Word(OS_TYPES), "What kind of system runs in it; `other` when left out.").restart(),
    Field::new("scsi_controller", Kind::Word(SCSI_CONTROLLERS), "The controller of the SCSI disks; `lsi` when left out.").restart(),
    Field::new("agent", Kind::Boolean, "Whether the guest agent is spoken to.").restart(),
    Field::new("display", Kind::Text, "The display, `serial0` or `virtio`.").restart(),
    Field::new("serial", Kind::Boolean, "Whether it has a serial console.").restart(),
    Field::new("cdrom", Kind::Checked(&VOLUME), "The ISO image in its drive, `local:iso/debian-13.iso`.").restart(),
    Field::new("devices", Kind::Map(&Kind::Object(DEVICE)), "Mapped devices by slot, `hostpci0` or `usb0`.").restart(),
    Field::new("hotplug", Kind::Set(&Kind::Word(HOTPLUG_WORDS)), "What can change while it runs; network, disk and usb when left out."),
    snapshot::FIELD,
    Field::new("onboot", Kind::Boolean, "Whether it starts with its node."),
    Field::new("startup", Kind::Object(STARTUP), "When it starts and stops with its node."),
    Field::new("protection", Kind::Boolean, "Whether Proxmox refuses to remove it and its disks."),
    Field::new("ready", Kind::Object(READY), "When it counts as ready: running, and this port answers."),
];

const OS_TYPES: &[&str] = &["other", "l26", "l24", "win11", "win10", "win8", "win7", "w2k8", "wvista", "wxp", "w2k3", "w2k", "solaris"];
const SCSI_CONTROLLERS: &[&str] = &["lsi", "lsi53c810", "virtio-scsi-pci", "virtio-scsi-single", "megasas", "pvscsi"];
pub(super) const HOTPLUG_WORDS: &[&str] = &["network", "disk", "cpu", "memory", "usb", "cloudinit"];

pub(super) const METADATA: &[Field] = &[
    noted(Field::new("node", Kind::Checked(&BRIDGE), "The node it is put on. A new one migrates it; moved by HA or by hand it stays there."))
        .risk(Risk::InPlace)
        .keep_when_unset(),
    Field::new("pool", Kind::Checked(&STORAGE_NAME), "The resource pool it is in."),
    Field::new("tags", Kind::Set(&Kind::Checked(&TAG)), "Its tags; `ipr.` at the start is ours."),
    Field::new("notes", Kind::Checked(&NOTES), "What people should know of it, as Markdown."),
    noted(Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.")),
];
