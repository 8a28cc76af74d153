//! Which fields does a storage have? The table; `kinds` says which of them a kind of storage takes.

use core_model::plan::Risk;
use core_model::schema::{Field, Kind};

use super::kinds;
use crate::checks::{BRIDGE, FINGERPRINT, PATH, STORAGE_ID};

/// Where a storage is. The definition is taken out and put back; nothing on the storage is touched.
const fn place(field: Field) -> Field {
    field.risk(Risk::MayDisconnect).keep_when_unset()
}

/// The cluster is told and does not tell back.
const fn secret(field: Field) -> Field {
    field.sensitive().accepts_secret().write_only()
}

const COUNT: Kind = Kind::Integer { min: 1, max: 10_000 };

const KEEP: &[Field] = &[
    Field::new("last", COUNT, "How many of the newest backups."),
    Field::new("hourly", COUNT, "One backup for each of so many hours."),
    Field::new("daily", COUNT, "One backup for each of so many days."),
    Field::new("weekly", COUNT, "One backup for each of so many weeks."),
    Field::new("monthly", COUNT, "One backup for each of so many months."),
    Field::new("yearly", COUNT, "One backup for each of so many years."),
];

pub(super) const SPECS: &[Field] = &[
    Field::new("name", Kind::Checked(&STORAGE_ID), "What the storage is called, in place of `<prefix><resource>`.").replace().keep_when_unset(),
    Field::new("kind", Kind::Word(kinds::WORDS), "What kind of storage it is.").required().risk(Risk::MayDisconnect),
    Field::new("content", Kind::Set(&Kind::Word(kinds::CONTENTS)), "What it may hold; what its kind usually holds when left out."),
    Field::new("nodes", Kind::Set(&Kind::Checked(&BRIDGE)), "The nodes that have it; all of them when left out."),
    place(Field::new("path", Kind::Checked(&PATH), "The folder; for `nfs` and `cifs` where it is mounted.")),
    place(Field::new("server", Kind::Text, "The server, by name or address.")),
    place(Field::new("export", Kind::Checked(&PATH), "The folder that the NFS server exports.")),
    place(Field::new("share", Kind::Text, "The share of the SMB server.")),
    place(Field::new("datastore", Kind::Text, "The datastore of the backup server.")),
    place(Field::new("vgname", Kind::Text, "The LVM volume group.")),
    place(Field::new("thinpool", Kind::Text, "The LVM thin pool in it.")),
    place(Field::new("pool", Kind::Text, "The pool of ZFS or Ceph.")),
    place(Field::new("portal", Kind::Text, "The portal of the iSCSI target.")),
    place(Field::new("target", Kind::Text, "The iSCSI target.")),
    Field::new("subdir", Kind::Checked(&PATH), "A folder of the share that is mounted in its place."),
    Field::new("namespace", Kind::Text, "The namespace in the datastore or the pool."),
    Field::new("monhost", Kind::Text, "The monitors of a Ceph cluster elsewhere, with spaces between them."),
    Field::new("fs_name", Kind::Text, "Which Ceph file system."),
    Field::new("port", Kind::Integer { min: 1, max: 65535 }, "The port of the backup server; 8007 when left out."),
    Field::new("username", Kind::Text, "Who logs in."),
    secret(Field::new("password", Kind::Text, "The user's password.")),
    secret(Field::new("keyring", Kind::Text, "The keyring of a Ceph cluster elsewhere.")),
    Field::new("domain", Kind::Text, "The user's SMB domain."),
    Field::new("smb_version", Kind::Word(&["default", "2.0", "2.1", "3", "3.0", "3.11"]), "The SMB version; negotiated when left out."),
    Field::new("fingerprint", Kind::Checked(&FINGERPRINT), "The backup server's certificate, where no authority vouches for it."),
    Field::new("options", Kind::Text, "Options of the mount, as `mount` takes them."),
    Field::new("shared", Kind::Boolean, "Whether all nodes see the same there. Network storages always are."),
    Field::new("disabled", Kind::Boolean, "Whether it is out of use."),
    Field::new("sparse", Kind::Boolean, "Whether ZFS volumes take space only as it is needed."),
    Field::new("krbd", Kind::Boolean, "Whether machines reach Ceph through the kernel."),
    Field::new("preallocation", Kind::Word(&["off", "metadata", "falloc", "full"]), "How image files get their space; `metadata` when left out."),
    Field::new("keep", Kind::Object(KEEP), "Which backups stay when backups are pruned; all of them when left out."),
];

pub(super) const METADATA: &[Field] = &[Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.").write_only().risk(Risk::None)];
