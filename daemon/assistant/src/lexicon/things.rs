//! Which words name a kind of resource, an environment, or a product that has an image?

use serde::{Deserialize, Serialize};

/// A kind of resource, as people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Thing {
    VirtualMachine,
    Container,
    /// A machine whose kind is not said: what the names in question are decides.
    Machine,
    Network,
    Volume,
    Dns,
    Firewall,
    Environment,
    Blueprint,
    Cloud,
}

impl Thing {
    /// The type's name in blueprints.
    pub(crate) fn type_name(self) -> Option<&'static str> {
        match self {
            Self::VirtualMachine | Self::Container | Self::Machine => Some("compute"),
            Self::Network => Some("network"),
            Self::Volume => Some("storage"),
            Self::Dns => Some("dns"),
            Self::Firewall => Some("firewall"),
            Self::Environment | Self::Blueprint | Self::Cloud => None,
        }
    }
}

#[rustfmt::skip]
pub(crate) const THINGS: &[(Thing, &[&str])] = &[
    (Thing::VirtualMachine, &["vm", "vms", "virtual machine", "virtual machines", "guest", "virtual server", "vps", "macchina virtuale", "macchine virtuali", "server virtuale", "server virtuali"]),
    (Thing::Container, &["container", "containers", "docker container", "docker containers", "docker service", "contenitore", "contenitori", "container docker", "docker"]),
    (Thing::Machine, &["machine", "machines", "server", "servers", "box", "instance", "macchina", "macchine", "istanza", "app", "application", "applicazione", "nodes", "computer", "hosts",
        "nodi", "boxes", "macchinetta", "macchinette", "macchinina", "macchinine", "serverino", "serverini", "little machine", "small server",
    ]),
    (Thing::Network, &["guest network", "guests network", "guest lan", "guest wifi", "guest wi-fi", "network", "networks", "docker network", "lan", "rete", "reti", "rete docker", "vlan network", "separate net", "new net", "net"]),
    (Thing::Volume, &["volume", "volumes", "docker volume", "data volume", "volumi", "volume docker"]),
    (Thing::Dns, &["dns record", "dns entry", "dns", "a record", "dns name", "record dns", "voce dns", "nome dns", "record a", "dns records"]),
    (Thing::Firewall, &["firewall rule", "firewall", "firewall rules", "regola firewall", "regole firewall", "regola del firewall", "regola di firewall"]),
    (Thing::Environment, &["environment", "environments", "env", "ambiente", "ambienti"]),
    (Thing::Blueprint, &["blueprint", "blueprints", "stack", "project", "progetto"]),
    (Thing::Cloud, &["s3 bucket", "ec2", "lambda", "rds", "aws", "azure", "gcp", "google cloud", "cloudfront", "eks", "gke", "aks", "bucket s3", "digitalocean", "hetzner cloud", "load balancer aws", "cloudflare", "kubernetes cluster", "cluster kubernetes", "k8s cluster", "dynamodb", "droplet", "bigquery", "heroku"]),
];

/// Names by which people call environments that have another name in ipr.yaml; the first is the usual one.
#[rustfmt::skip]
pub(crate) const ENVIRONMENTS: &[&[&str]] = &[
    &["prod", "production", "produzione", "prd", "live"],
    &["dev", "development", "sviluppo", "devel"],
    &["staging", "stage", "stg", "preprod", "pre-production", "collaudo", "preproduzione"],
    &["test", "testing", "qa"],
];

/// Products whose image everybody knows by their name.
#[rustfmt::skip]
pub(crate) const PRODUCTS: &[(&str, &[&str])] = &[
    ("nginx", &["nginx"]),
    ("redis", &["redis"]),
    ("postgres", &["postgres", "postgresql"]),
    ("mysql", &["mysql"]),
    ("mariadb", &["mariadb"]),
    ("mongo", &["mongo", "mongodb"]),
    ("rabbitmq", &["rabbitmq"]),
    ("memcached", &["memcached"]),
    ("httpd", &["httpd", "apache"]),
    ("caddy", &["caddy"]),
    ("traefik", &["traefik"]),
    ("haproxy", &["haproxy"]),
    ("grafana/grafana", &["grafana"]),
    ("prom/prometheus", &["prometheus"]),
    ("registry", &["docker registry"]),
    ("vault", &["hashicorp vault"]),
    ("adminer", &["adminer"]),
    ("node", &["nodejs", "node.js"]),
    ("python", &["python"]),
    ("alpine", &["alpine"]),
    ("busybox", &["busybox"]),
    ("wordpress", &["wordpress"]),
    ("nextcloud", &["nextcloud"]),
    ("elasticsearch", &["elasticsearch"]),
    ("influxdb", &["influxdb", "influx"]),
    ("minio/minio", &["minio"]),
    ("valkey/valkey", &["valkey"]),
    ("eclipse-mosquitto", &["mosquitto"]),
    ("gitea/gitea", &["gitea"]),
];

/// Whether a folded word is one for a kind of thing.
pub(crate) fn is_kind(fold: &str) -> bool {
    THINGS.iter().any(|(_, phrases)| phrases.contains(&fold))
}
