//! Which fields of a machine are one option each? A table.

use crate::guest::edits::Edits;
use crate::guest::option::{Default, Form, Plain, row};
use crate::guest::wanted::Wanted;

/// The drive of `specs.cdrom`.
pub(crate) const CDROM_SLOT: &str = "ide0";

/// Why there is no room for a medium.
pub(crate) fn drive_is_taken() -> String {
    format!(
        "`{CDROM_SLOT}` holds a disk of the machine, and `cdrom` would take its place; move the disk to another slot in Proxmox, or leave `cdrom` out"
    )
}

pub(super) const TABLE: &[Plain] = &[
    row("specs.name", "name", Form::Text, Default::Nothing),
    row("specs.cpu_type", "cpu", Form::Head("cputype"), Default::Builtin("kvm64")),
    row("specs.memory", "memory", Form::Mebibytes, Default::Builtin("512")),
    row("specs.balloon", "balloon", Form::Mebibytes, Default::Nothing),
    row("specs.numa", "numa", Form::Flag, Default::Builtin("0")),
    row("specs.upgrade", "ciupgrade", Form::Flag, Default::Builtin("1")),
    row("specs.boot", "boot", Form::BootOrder, Default::Nothing),
    row("specs.bios", "bios", Form::Text, Default::Builtin("seabios")),
    row("specs.machine", "machine", Form::Head("type"), Default::Nothing),
    row("specs.os_type", "ostype", Form::Text, Default::Ours("l26")),
    row("specs.scsi_controller", "scsihw", Form::Text, Default::Ours("virtio-scsi-single")),
    row("specs.agent", "agent", Form::HeadFlag("enabled"), Default::Builtin("0")),
    row("specs.display", "vga", Form::Head("type"), Default::Builtin("std")),
    row("specs.serial", "serial0", Form::Socket, Default::Nothing),
    row("specs.cdrom", CDROM_SLOT, Form::Medium, Default::Nothing),
    row("specs.hotplug", "hotplug", Form::Words, Default::Builtin("network,disk,usb")),
    row("specs.onboot", "onboot", Form::Flag, Default::Builtin("0")),
    row("specs.protection", "protection", Form::Flag, Default::Builtin("0")),
    row("specs.user.name", "ciuser", Form::Text, Default::Nothing),
    row("specs.user.password", "cipassword", Form::Secret, Default::Nothing),
    row("specs.user.ssh_keys", "sshkeys", Form::Keys, Default::Nothing),
    row("specs.dns.servers", "nameserver", Form::Spaced, Default::Nothing),
    row("specs.dns.domain", "searchdomain", Form::Text, Default::Nothing),
];

/// What we give a machine that is made from an image or from nothing, where its author does not say.
pub(super) fn fresh(wanted: &Wanted, edits: &mut Edits) {
    for Plain { path, option, default, .. } in TABLE {
        if let Default::Ours(text) = default
            && !wanted.says(path)
        {
            edits.set(option, (*text).to_owned());
        }
    }
}
