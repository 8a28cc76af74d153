//! Which fields does the wizard ask for? One line each; a line whose field no engine has is asked of nobody.

use super::limits::Limit;

/// Who is asked for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Everybody,
    Machines,
    Containers,
}

/// One field: the first path that the type has is meant.
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) text: &'static str,
    pub(super) hint: &'static str,
    pub(super) paths: &'static [&'static str],
    pub(super) whom: Whom,
    /// What a machine must have; of it a container may be without.
    pub(super) default: Option<&'static str>,
    pub(super) limit: fn() -> Option<Limit>,
    /// Beside a template, too.
    pub(super) beside_template: bool,
}

const fn row(key: &'static str, text: &'static str, hint: &'static str, paths: &'static [&'static str]) -> Row {
    Row { key, text, hint, paths, whom: Whom::Everybody, default: None, limit: || None, beside_template: false }
}

/// The fields in their order.
pub(super) const ROWS: &[Row] = &[
    Row { whom: Whom::Containers, ..row("image", "Which image?", "for example nginx:1.27", &["specs.image"]) },
    Row {
        default: Some("2"),
        limit: || Some(Limit::Number(1, 64)),
        whom: Whom::Machines,
        ..row("cores", "How many processors?", "1 to 64", &["specs.cpu"])
    },
    Row { whom: Whom::Containers, ..row("cores", "How many processors at most?", "0.01 to 64, or nothing", &["specs.cpu"]) },
    Row {
        default: Some("4GB"),
        limit: || Some(Limit::Size("512MB", "1TB")),
        whom: Whom::Machines,
        ..row("memory", "How much memory?", "512MB to 1TB", &["specs.memory"])
    },
    Row { whom: Whom::Containers, ..row("memory", "How much memory at most?", "6MB to 1TB, or nothing", &["specs.memory"]) },
    Row {
        default: Some("40GB"),
        limit: || Some(Limit::Size("10GB", "10TB")),
        whom: Whom::Machines,
        ..row("disk", "How large a disk?", "10GB to 10TB", &["specs.storage"])
    },
    Row {
        default: Some("debian-13"),
        whom: Whom::Machines,
        ..row("os", "Which template or image is it made from?", "a template or an image of the target", &["specs.os"])
    },
    Row {
        whom: Whom::Machines,
        beside_template: true,
        ..row("storage", "On which storage is its disk?", "a storage of the target, or nothing for the usual one", &["specs.disks.scsi0.storage"])
    },
    row("network", "On which network?", "the name of a network resource, or nothing", &["specs.network.link", "specs.networks"]),
    Row {
        whom: Whom::Machines,
        ..row("ip", "Which address?", "static with its prefix length, for example 10.0.20.15/24, `dhcp`, or nothing", &["specs.network.ip"])
    },
    Row { whom: Whom::Machines, ..row("gateway", "Which gateway?", "an address, or nothing where the network says it", &["specs.network.gateway"]) },
    Row {
        whom: Whom::Machines,
        beside_template: true,
        limit: || Some(Limit::Number(1, 4094)),
        ..row("vlan", "Which VLAN?", "1 to 4094, or nothing", &["specs.network.vlan"])
    },
    Row {
        whom: Whom::Containers,
        ..row("ports", "Which published ports?", "the host's port, a colon, the port inside; with commas, or nothing", &["specs.ports"])
    },
    Row {
        beside_template: true,
        ..row(
            "backup",
            "Do backups include its disk?",
            "yes, no, or nothing for what is usual",
            &["specs.disks.scsi0.backup", "specs.backup", "metadata.backup"],
        )
    },
    Row { beside_template: true, ..row("availability", "Shall it be highly available?", "yes or no", &["specs.ha", "metadata.ha"]) },
    Row { beside_template: true, ..row("tags", "Which tags?", "words with commas, or nothing", &["metadata.tags"]) },
];
