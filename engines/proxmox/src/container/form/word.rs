//! What does the blueprint of a container call an option of Proxmox VE?

use super::plain::TABLE;
use crate::guest::word::Words;

pub(crate) const WORDS: Words = Words {
    plain: TABLE,
    named: &[
        ("cores", "cpu"),
        ("cpulimit", "cpu"),
        ("net0", "network"),
        ("rootfs", "mounts.rootfs"),
        ("tags", "metadata.tags"),
        ("description", "metadata.notes"),
    ],
    groups: &[("mp", "mounts"), ("net", "networks")],
};

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn options_have_the_names_of_their_fields() {
        let rows = [
            ("hostname", "name"),
            ("nameserver", "dns.servers"),
            ("cpulimit", "cpu"),
            ("features", "features"),
            ("rootfs", "mounts.rootfs"),
            ("mp0", "mounts.mp0"),
            ("net0", "network"),
            ("net1", "networks.net1"),
            ("dev0", "dev0"),
        ];
        for (option, word) in rows {
            assert_eq!(WORDS.word_of(option), word);
        }
    }
}
