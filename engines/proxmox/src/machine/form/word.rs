//! What does the blueprint of a machine call an option of Proxmox VE?

use super::plain::TABLE;
use crate::guest::word::Words;

pub(crate) const WORDS: Words = Words {
    plain: TABLE,
    named: &[
        ("cores", "cpu"),
        ("sockets", "cpu"),
        ("vcpus", "cpu"),
        ("cpulimit", "cpu"),
        ("net0", "network"),
        ("efidisk0", "efi"),
        ("tpmstate0", "tpm"),
        ("tags", "metadata.tags"),
        ("description", "metadata.notes"),
    ],
    groups: &[
        ("scsi", "disks"),
        ("virtio", "disks"),
        ("sata", "disks"),
        ("ide", "disks"),
        ("net", "networks"),
        ("hostpci", "devices"),
        ("usb", "devices"),
    ],
};

#[cfg(test)]
mod tests {
    use super::WORDS;

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
            assert_eq!(WORDS.word_of(option), word);
        }
    }
}
