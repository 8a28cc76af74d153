//! What does the blueprint call an option of Proxmox VE? The words in which people are told about it.

use super::plain;

/// Options that are a field with a name of its own, beside the table of plain ones.
const NAMED: &[(&str, &str)] = &[
    ("cores", "cpu"),
    ("sockets", "cpu"),
    ("vcpus", "cpu"),
    ("cpulimit", "cpu"),
    ("net0", "network"),
    ("efidisk0", "efi"),
    ("tpmstate0", "tpm"),
    ("tags", "metadata.tags"),
    ("description", "metadata.notes"),
];

/// Slots of one group, by how they begin.
const GROUPS: &[(&str, &str)] =
    &[("scsi", "disks"), ("virtio", "disks"), ("sata", "disks"), ("ide", "disks"), ("net", "networks"), ("hostpci", "devices"), ("usb", "devices")];

/// `cores` is `cpu`, `net1` is `networks.net1`; an option that no field stands for keeps its name.
pub(crate) fn word_of(option: &str) -> String {
    if let Some(path) = plain::path_of(option) {
        return path.strip_prefix("specs.").unwrap_or(path).to_owned();
    }
    if let Some((_, word)) = NAMED.iter().find(|(name, _)| *name == option) {
        return (*word).to_owned();
    }
    let is_slot = |stem: &str| option.strip_prefix(stem).is_some_and(|index| !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()));
    match GROUPS.iter().find(|(stem, _)| is_slot(stem)) {
        Some((_, group)) => format!("{group}.{option}"),
        None => option.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::word_of;

    #[test]
    fn options_have_the_names_of_their_fields() {
        let rows = [
            ("memory", "memory"),
            ("cpu", "cpu_type"),
            ("sockets", "cpu"),
            ("scsihw", "scsi_controller"),
            ("ide0", "cdrom"),
            ("scsi1", "disks.scsi1"),
            ("net0", "network"),
            ("net2", "networks.net2"),
            ("usb0", "devices.usb0"),
            ("args", "args"),
        ];
        for (option, word) in rows {
            assert_eq!(word_of(option), word);
        }
    }
}
