//! Which words name a field? Concepts stand for fields of the types' tables; the first path that the table has is meant.

use serde::{Deserialize, Serialize};

/// Something that a resource has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Concept {
    Memory,
    Cpu,
    Storage,
    Image,
    Version,
    Os,
    Address,
    Subnet,
    Gateway,
    Vlan,
    Ports,
    Variable,
    RestartPolicy,
    Hostname,
    Node,
    Pool,
    Tags,
    Packages,
    Networks,
    Power,
    Interface,
    User,
    Command,
    Backup,
    Availability,
    Bridge,
    StorageKind,
    Protection,
    Replicas,
}

impl Concept {
    /// Where a type's table may have it, the likeliest first.
    pub(crate) fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Memory => &["specs.memory"],
            Self::Cpu => &["specs.cpu"],
            Self::Storage => &["specs.storage", "specs.disk", "specs.size"],
            Self::Image | Self::Version => &["specs.image", "specs.os"],
            Self::Os => &["specs.os", "specs.image"],
            Self::Address => &["specs.network.ip", "specs.ip", "specs.address"],
            Self::Subnet => &["specs.subnet", "specs.address"],
            Self::Gateway => &["specs.gateway", "specs.network.gateway"],
            Self::Vlan => &["specs.vlan", "specs.network.vlan"],
            Self::Ports => &["specs.ports"],
            Self::Variable => &["specs.env"],
            Self::RestartPolicy => &["specs.restart"],
            Self::Hostname => &["specs.hostname"],
            Self::Node => &["metadata.node"],
            Self::Pool => &["metadata.pool"],
            Self::Tags => &["metadata.tags"],
            Self::Packages => &["specs.packages"],
            Self::Networks => &["specs.network.link", "specs.networks", "specs.network"],
            Self::Power => &["specs.power", "specs.running", "specs.state", "specs.started"],
            Self::Interface => &["specs.interface"],
            Self::User => &["specs.user.name", "specs.user"],
            Self::Command => &["specs.command"],
            Self::Backup => &["specs.backup", "metadata.backup"],
            Self::Availability => &["specs.ha", "metadata.ha", "specs.availability"],
            Self::Bridge => &["specs.bridge", "specs.network.bridge", "specs.interface"],
            Self::StorageKind => &["metadata.storage", "specs.datastore", "metadata.datastore"],
            Self::Protection => &["lifecycle.protect"],
            Self::Replicas => &["specs.replicas"],
        }
    }
}

#[rustfmt::skip]
pub(crate) const CONCEPTS: &[(Concept, &[&str])] = &[
    (Concept::Memory, &["memory ceiling", "memory cap", "ram limit", "ram ceiling", "tetto di memoria", "memory", "ram", "mem", "memory limit", "memoria", "memoria ram", "limite di memoria"]),
    (Concept::Cpu, &[
        "cpu limit", "cpu quota", "cpu share", "cpu ceiling", "limite di cpu", "limite cpu", "cpu", "cpus", "core", "cores", "c", "vcpu", "vcpus", "cpu core", "cpu cores", "processor", "processors", "virtual cpus", "virtual cpu", "virtual cores", "v cpu", "processore", "processori", "cpu virtuali", "core cpu", "core di cpu",
    ]),
    (Concept::Storage, &[
        "disk", "disks", "disk space", "disk size", "storage", "hard disk", "hdd", "ssd", "drive", "root disk", "hard drive", "disk storage", "system disk",
        "disco", "dischi", "spazio disco", "spazio su disco", "spazio", "disco rigido", "disco di sistema", "archiviazione", "storage disk", "hd", "space",
    ]),
    (Concept::Image, &["image", "docker image", "container image", "immagine", "immagine docker", "immagine del container"]),
    (Concept::Version, &["ver", "version", "tag version", "image tag", "release", "versione", "rilascio", "image version", "versione dell immagine"]),
    (Concept::Os, &["s.o", "s.o.", "os", "operating system", "distro", "os template", "os image", "sistema operativo", "sistema", "system", "distribuzione", "template"]),
    (Concept::Address, &["ip", "ip address", "address", "ips", "static ip", "ipv4", "indirizzo", "indirizzo ip", "ip statico", "indirizzo statico", "static address", "ip fisso"]),
    (Concept::Subnet, &["subnet", "cidr", "network range", "address range", "sottorete", "rete ip", "range"]),
    (Concept::Gateway, &["gateway", "default gateway"]),
    (Concept::Vlan, &["vlan", "vlan id", "vlan tag", "tag vlan", "id vlan", "vlan number"]),
    (Concept::Ports, &["no longer expose", "should not expose", "shouldn t expose", "must not expose", "should not publish", "shouldn t publish", "must not publish", "non deve piu esporre", "non deve piu pubblicare", "non deve esporre", "non esponga piu", "close port", "close ports", "close the port", "close the ports", "chiudi la porta", "chiudere la porta", "chiudi le porte", "port", "ports", "host port", "porta", "porte", "porta tcp", "tcp port", "port mapping"]),
    (Concept::Variable, &["environment variable", "env variable", "env var", "env vars", "variable", "environment variables", "variabile", "variabile d ambiente", "variabile di ambiente", "variabili d ambiente", "variabile ambiente"]),
    (Concept::RestartPolicy, &["restart policy", "restart", "politica di riavvio", "riavvio", "restart mode", "policy di riavvio", "riavvio automatico", "restart option", "ripartire", "riparta", "riparte", "ripartano", "ripartisse", "ripartissero", "riavvii", "si riavviasse", "riavviarsi", "si riavvii", "restarts", "restarted"]),
    (Concept::Hostname, &["hostname", "host name", "nome host"]),
    (Concept::Node, &["node", "host", "hypervisor", "proxmox node", "nodo", "nodo proxmox", "proxmox host"]),
    (Concept::Pool, &["pool", "resource pool", "pool di risorse"]),
    (Concept::Tags, &["tag", "tags", "tagged", "tag it", "label", "labels", "etichetta", "etichette", "con tag", "taggata", "taggato", "taggalo", "taggala",
        "tag list", "list of tags", "lista dei tag", "elenco dei tag", "untag", "retag", "retag it", "tagga", "taggare", "tagging", "etichetta con", "label it",
    ]),
    (Concept::Packages, &["package", "packages", "pacchetto", "pacchetti", "preinstalled",
        "uninstall", "disinstalla", "disinstallare", "deinstall", "package list", "packages list", "list of packages", "lista pacchetti", "lista dei pacchetti", "elenco pacchetti", "elenco dei pacchetti",
    ]),
    (Concept::Networks, &["on network", "on the network", "sulla rete", "nella rete", "alla rete", "to the network", "to network", "in the network", "network link"]),
    (Concept::Power, &["power state", "power", "alimentazione"]),
    (Concept::Interface, &["interface", "interfaccia", "nic"]),
    (Concept::User, &["user", "username", "login", "default user", "utente", "nome utente"]),
    (Concept::Command, &["command", "start command", "comando"]),
    (Concept::Backup, &["backup", "backups", "backed up", "back up", "daily backup", "backup giornaliero", "nightly backup"]),
    (Concept::Availability, &["high availability", "ha", "alta disponibilita", "highly available"]),
    (Concept::Bridge, &["bridge"]),
    (Concept::StorageKind, &["storage type", "datastore", "storage pool", "tipo di storage"]),
    (Concept::Protection, &["protection", "protected", "delete protection", "protect flag", "protezione", "protetta", "protetto", "unprotected", "unprotect"]),
    (Concept::Replicas, &["replicas", "replica", "instances", "repliche", "istanze"]),
];
