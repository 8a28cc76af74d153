//! Which fields does a container have? The table; what a change costs here is what it costs a running container, and `cost`
//! weighs it for the container at hand.

use core_model::plan::Risk;
use core_model::portable;
use core_model::schema::{Field, Kind};

use crate::checks::{BRIDGE, CIDR_OR_DHCP, KEY, MAC, NAME, NOTES, STORAGE_NAME, TAG};
use crate::container::checks::{FILE_SYSTEM, INTERFACE, IPV6, MOUNT_PATH};
use crate::guest::snapshot;

/// For the record alone: the cluster is not told, or does not tell back.
const fn noted(field: Field) -> Field {
    field.write_only().risk(Risk::None)
}

const MOUNT: &[Field] = &[
    Field::new("path", Kind::Checked(&MOUNT_PATH), "Where the container sees it; `rootfs` is at `/`.").restart(),
    Field::new("size", Kind::Size, "How large it is. It can grow, never shrink."),
    Field::new("storage", Kind::Checked(&STORAGE_NAME), "The storage it is on. A change moves it, for which the container is off.")
        .restart()
        .keep_when_unset(),
    Field::new("backup", Kind::Boolean, "Whether backups include it; they do not when left out. `rootfs` always is.").restart(),
    Field::new("read_only", Kind::Boolean, "Whether the container can only read it.").restart(),
    Field::new("quota", Kind::Boolean, "Whether user quotas work on it.").restart(),
];

const NETWORK: &[Field] = &[
    noted(portable::LINK),
    Field::new("bridge", Kind::Checked(&BRIDGE), "The bridge or VNet it is in; `vmbr0` when left out."),
    Field::new("vlan", Kind::Integer { min: 1, max: 4094 }, "The VLAN on the bridge."),
    Field::new("interface", Kind::Checked(&INTERFACE), "What it is called inside; `eth0` for `net0` and so on when left out.")
        .risk(Risk::MayDisconnect),
    Field::new("mac", Kind::Checked(&MAC), "The hardware address; it follows from the resource's address when left out.")
        .risk(Risk::MayDisconnect)
        .keep_when_unset(),
    Field::new("firewall", Kind::Boolean, "Whether Proxmox's firewall looks at its packets."),
    Field::new("rate", Kind::Thousandths { min: 1, max: 10_240_000 }, "The most megabytes in a second."),
    Field::new(
        "mtu",
        Kind::Integer { min: 576, max: 65520 },
        "The largest packet; the bridge's own when left out. A running container has a new one after its next start.",
    ),
    Field::new("connected", Kind::Boolean, "Whether the cable is plugged in; it is when left out.").risk(Risk::MayDisconnect),
    Field::new("ip", Kind::Checked(&CIDR_OR_DHCP), "Its IPv4 address."),
    Field::new("gateway", Kind::Ip, "The IPv4 gateway."),
    Field::new("ipv6", Kind::Checked(&IPV6), "Its IPv6 address."),
    Field::new("gateway_ipv6", Kind::Ip, "The IPv6 gateway."),
];

const FEATURES: &[Field] = &[
    Field::new("nesting", Kind::Boolean, "Whether containers, and the systemd of newer systems, can run inside.").restart(),
    Field::new("keyctl", Kind::Boolean, "Whether it may use `keyctl`, as Docker inside does. Only `root@pam` can set it.").restart(),
    Field::new("fuse", Kind::Boolean, "Whether it may use FUSE. Only `root@pam` can set it.").restart(),
    Field::new("mknod", Kind::Boolean, "Whether it may make some device nodes. Only `root@pam` can set it.").restart(),
    Field::new("mount", Kind::Set(&Kind::Checked(&FILE_SYSTEM)), "Which file systems it may mount. Only `root@pam` can set it.").restart(),
];

const USER: &[Field] = &[
    noted(Field::new("password", Kind::Text, "The password of its root, set when it is made and never after.").sensitive().accepts_secret()),
    noted(Field::new("ssh_keys", Kind::Set(&Kind::Checked(&KEY)), "Who may log in as its root, set when it is made and never after.")),
];

const DNS: &[Field] = &[
    Field::new("servers", Kind::List(&Kind::Ip), "Its name servers; the node's own when left out.").restart(),
    Field::new("domain", Kind::Text, "Its search domain; the node's own when left out.").restart(),
];

const CONSOLE: &[Field] = &[
    Field::new("device", Kind::Boolean, "Whether it has `/dev/console`; it has when left out.").restart(),
    Field::new("terminals", Kind::Integer { min: 0, max: 6 }, "How many terminals it has; two when left out.").restart(),
    Field::new("mode", Kind::Word(&["tty", "console", "shell"]), "What Proxmox's console shows; `tty` when left out.").restart(),
];

const STARTUP: &[Field] = &[
    Field::new("order", Kind::Integer { min: 0, max: 100_000 }, "Lower numbers start first and stop last."),
    Field::new("up", Kind::Duration, "How long the next guest waits after this one."),
    Field::new("down", Kind::Duration, "How long this one may take to shut down."),
];

const READY: &[Field] = &[
    noted(Field::new("port", Kind::Integer { min: 1, max: 65535 }, "The TCP port of `network.ip` that must answer.")),
    noted(Field::new("within", Kind::Duration, "How long it may take; 5m when left out.")),
];

pub(super) const SPECS: &[Field] = &[
    Field::new("name", Kind::Checked(&NAME), "Its host name, in place of `<prefix><resource>`.").keep_when_unset(),
    Field::new("vmid", Kind::Integer { min: 100, max: 999_999_999 }, "Its number; it follows from the address when left out.")
        .replace()
        .keep_when_unset(),
    portable::CPU,
    portable::MEMORY,
    Field::new("swap", Kind::Size, "How much swap it may use beside its memory; 512MB when left out."),
    portable::STORAGE.keep_when_unset(),
    noted(portable::OS).replace().keep_when_unset(),
    Field::new("mounts", Kind::Map(&Kind::Object(MOUNT)), "Mount points by slot, `mp0`. `rootfs` may stand here too, for its other settings.")
        .restart(),
    Field::new("network", Kind::Object(NETWORK), "The first network card, `net0`."),
    Field::new("networks", Kind::Map(&Kind::Object(NETWORK)), "Further network cards by slot, `net1`."),
    Field::new("features", Kind::Object(FEATURES), "What it may do beyond the usual."),
    Field::new("unprivileged", Kind::Boolean, "Whether its root is nobody on the node; it is when left out.").replace().keep_when_unset(),
    Field::new("user", Kind::Object(USER), "Who can log in."),
    Field::new("dns", Kind::Object(DNS), "Where it looks names up."),
    Field::new("timezone", Kind::Text, "Its time zone, `Europe/Rome` or `host`; the template's when left out.").restart(),
    Field::new("console", Kind::Object(CONSOLE), "Its console."),
    Field::new("power", Kind::Word(&["on", "off"]), "Whether it runs. A new container is started when left out.")
        .risk(Risk::Restart)
        .keep_when_unset(),
    noted(Field::new("restart", Kind::Word(&["when-needed", "never"]), "Whether a change may restart it; `when-needed` when left out.")),
    snapshot::FIELD,
    Field::new("onboot", Kind::Boolean, "Whether it starts with its node."),
    Field::new("startup", Kind::Object(STARTUP), "When it starts and stops with its node."),
    Field::new("protection", Kind::Boolean, "Whether Proxmox refuses to remove it and to change its volumes."),
    Field::new("ready", Kind::Object(READY), "When it counts as ready: running, and this port answers."),
];

pub(super) const METADATA: &[Field] = &[
    Field::new(
        "node",
        Kind::Checked(&BRIDGE),
        "The node it is put on. A new one migrates it, with a restart; moved by HA or by hand it stays there.",
    )
    .write_only()
    .restart()
    .keep_when_unset(),
    Field::new("pool", Kind::Checked(&STORAGE_NAME), "The resource pool it is in."),
    Field::new("tags", Kind::Set(&Kind::Checked(&TAG)), "Its tags; `ipr.` at the start is ours."),
    Field::new("notes", Kind::Checked(&NOTES), "What people should know of it, as Markdown."),
    noted(Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.")),
];
