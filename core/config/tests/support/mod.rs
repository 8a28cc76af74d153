//! A small registry of resource types, and repositories written as one text.

#![allow(clippy::unwrap_used, dead_code)]

use core_config::{Files, Loaded, load};
use core_model::name::Address;
use core_model::portable;
use core_model::resource_type::{Finding, Naming, Ownership, Registry, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::{DesiredResource, DesiredState};
use serde_json::{Value, json};

struct Table(&'static TypeFacts);

impl ResourceType for Table {
    fn facts(&self) -> &'static TypeFacts {
        self.0
    }

    /// One check beyond the table, to see where its finding is shown.
    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let ports = resource.spec("ports").and_then(Value::as_array).map_or(0, Vec::len);
        let finding = || Finding {
            path: "specs.ports[3]".to_owned(),
            summary: "Too many ports",
            detail: format!("`{}` publishes {ports} ports; this test allows three.", resource.address),
            hint: Some("publish fewer".to_owned()),
        };
        if ports > 3 { vec![finding()] } else { Vec::new() }
    }
}

const fn facts(provider: &'static str, name: &'static str, naming: Naming, specs: &'static [Field], metadata: &'static [Field]) -> TypeFacts {
    TypeFacts { name, provider, meaning: "A type of the tests.", specs, metadata, ownership: Ownership::Marked, naming, data_bearing: false }
}

const NOTES: &[Field] = &[Field::new("labels", Kind::Map(&Kind::Text), "Labels."), Field::new("note", Kind::Any, "A note.")];
const MOUNT: &[Field] = &[
    Field::new("storage", Kind::Link(&["storage"]), "A volume."),
    Field::new("host", Kind::Text, "A folder of the host."),
    Field::new("at", Kind::Text, "Where it is seen inside.").required(),
];
const HEALTHCHECK: &[Field] = &[
    Field::new("command", Kind::Command, "What is run.").required(),
    Field::new("interval", Kind::Duration, "How often."),
    Field::new("retries", Kind::Integer { min: 1, max: 100 }, "How often it may fail."),
];
const CONTAINER: &[Field] = &[
    Field::new("name", Kind::Text, "The container's name."),
    Field { required: true, ..portable::IMAGE },
    portable::CPU,
    portable::MEMORY,
    portable::ENV,
    portable::PORTS,
    portable::COMMAND,
    Field::new("networks", Kind::List(&Kind::Link(&["network"])), "Networks."),
    Field::new("mounts", Kind::List(&Kind::Object(MOUNT)), "What is mounted."),
    Field::new("healthcheck", Kind::Object(HEALTHCHECK), "How health is seen."),
    Field::new("stop_timeout", Kind::Duration, "How long a stop may take."),
    Field::new("privileged", Kind::Boolean, "All rights of the host."),
];
const NETWORK: &[Field] = &[Field::new("name", Kind::Text, "The network's name."), Field::new("subnet", Kind::Cidr, "The addresses.")];
const VOLUME: &[Field] = &[Field::new("name", Kind::Text, "The volume's name.")];
const SERVICE: &[Field] = &[Field::new("peers", Kind::List(&Kind::Link(&["service", "compute"])), "Other services.")];

const GUEST_NETWORK: &[Field] = &[Field::new("link", Kind::Link(&["network"]), "The network."), Field::new("ip", Kind::Cidr, "The address.")];
const USER: &[Field] = &[Field::new("name", Kind::Text, "The user."), Field::new("ssh_keys", Kind::List(&Kind::Text), "Keys.")];
const READY: &[Field] = &[Field::new("port", Kind::Integer { min: 1, max: 65535 }, "A port."), Field::new("within", Kind::Duration, "How soon.")];
const GUEST: &[Field] = &[
    portable::CPU,
    portable::MEMORY,
    portable::STORAGE,
    portable::OS,
    Field::new("network", Kind::Object(GUEST_NETWORK), "Network."),
    Field::new("user", Kind::Object(USER), "The first user."),
    Field::new("packages", Kind::Set(&Kind::Text), "Packages."),
    Field::new("ready", Kind::Object(READY), "When it is ready."),
];
const PLACEMENT: &[Field] =
    &[Field::new("node", Kind::Text, "The node."), Field::new("pool", Kind::Text, "The pool."), Field::new("tags", Kind::Set(&Kind::Text), "Tags.")];

const VLAN: &[Field] = &[
    Field::new("vlan", Kind::Integer { min: 1, max: 4094 }, "The VLAN."),
    Field::new("interface", Kind::Text, "The interface."),
    Field::new("address", Kind::Cidr, "The router's address."),
];
const RECORD: &[Field] = &[Field::new("name", Kind::Text, "The name."), Field::new("address", Kind::Ip, "The address.")];
const RULE: &[Field] = &[
    Field::new("name", Kind::Text, "The rule's name.").required(),
    Field::new("action", Kind::Word(&["accept", "drop"]), "What happens."),
    Field::new("protocol", Kind::Text, "The protocol."),
    Field::new("to", Kind::Text, "The destination."),
    Field::new("ports", Kind::List(&Kind::Integer { min: 1, max: 65535 }), "Ports."),
];
const FIREWALL: &[Field] = &[
    Field::new("chain", Kind::Text, "The chain."),
    Field::new("manage", Kind::Word(&["section", "whole"]), "How much is ours."),
    Field::new("rules", Kind::List(&Kind::Object(RULE)), "Rules, in order."),
];

const IDENTITY: &[Field] = &[Field::new("serial", Kind::Text, "The serial number.")];
const BOOT: &[Field] = &[Field::new("device", Kind::Text, "From where."), Field::new("mode", Kind::Text, "How.")];
const ACCOUNT: &[Field] = &[
    Field::new("name", Kind::Text, "The account."),
    Field::new("role", Kind::Text, "Its role."),
    Field::new("password", Kind::Text, "Its password.").accepts_secret().sensitive(),
];
const ONCE: &[Field] =
    &[Field::new("token", Kind::Text, "The key."), Field::new("boot", Kind::Text, "From where."), Field::new("reset", Kind::Text, "How.")];
const MACHINE: &[Field] = &[
    Field::new("identity", Kind::Object(IDENTITY), "Which machine."),
    Field::new("power", Kind::Word(&["on", "off"]), "Power."),
    Field::new("boot", Kind::Object(BOOT), "Boot."),
    Field::new("bios", Kind::Map(&Kind::Text), "BIOS settings."),
    Field::new("users", Kind::List(&Kind::Object(ACCOUNT)), "Accounts."),
    Field::new("once", Kind::Object(ONCE), "Done once."),
];
const RACK: &[Field] = &[Field::new("rack", Kind::Text, "The rack."), Field::new("unit", Kind::Any, "The unit.")];

const BERTH: &[Field] = &[Field::new("note", Kind::Text, "What it lies in.").required()];

static TYPES: [Table; 11] = [
    Table(&facts("docker", "compute", Naming::BlueprintAndResource, CONTAINER, NOTES)),
    Table(&facts("docker", "network", Naming::BlueprintAndResource, NETWORK, NOTES)),
    Table(&facts("docker", "storage", Naming::BlueprintAndResource, VOLUME, NOTES)),
    Table(&facts("docker", "service", Naming::BlueprintAndResource, SERVICE, NOTES)),
    Table(&facts("proxmox", "compute", Naming::Resource, GUEST, PLACEMENT)),
    Table(&facts("mikrotik", "network", Naming::Resource, VLAN, NOTES)),
    Table(&facts("mikrotik", "dns", Naming::Resource, RECORD, NOTES)),
    Table(&facts("mikrotik", "firewall", Naming::Resource, FIREWALL, NOTES)),
    Table(&facts("ipmi", "compute", Naming::Resource, MACHINE, RACK)),
    Table(&facts("fake", "thing", Naming::Resource, ANYTHING, NOTES)),
    Table(&facts("fake", "berth", Naming::Within("note"), ANYTHING, BERTH)),
];
const ANYTHING: &[Field] = &[
    Field::new("name", Kind::Text, "A name."),
    Field::new("any", Kind::Any, "Anything."),
    Field::new("text", Kind::Text, "A text."),
    Field::new("texts", Kind::Map(&Kind::Text), "Texts."),
    Field::new("secret", Kind::Text, "A secret.").accepts_secret(),
];

pub(crate) fn registry() -> Registry {
    Registry::new(TYPES.iter().map(|table| table as &'static dyn ResourceType))
}

/// The types of one provider, as in a program that was built with fewer engines.
pub(crate) fn registry_of(providers: &[&str]) -> Registry {
    Registry::new(TYPES.iter().filter(|table| providers.contains(&table.0.provider)).map(|table| table as &'static dyn ResourceType))
}

/// An ipr.yaml with two environments, for repositories that do not write their own.
pub(crate) const SETTINGS: &str = "\
version: \"1.0\"
owner_id: 6f0c2a9e
environments:
  dev: {id: dev, prefix: dev-, targets: {docker: nas, fake: bench}, values: {domain: dev.acme.lan, port: 8080}}
  prod: {id: prod, targets: {docker: dock-01, fake: bench}, values: {domain: acme.example, port: 80}}
secrets:
  db_password: {env: DB_PASSWORD, environments: [prod]}
  anyone: {file: anyone}
";

/// Cuts a text at its lines `--- path`. Without an `ipr.yaml` the usual one is added; `--- ipr.yaml` with nothing below leaves it out.
/// `--- blueprint a` starts the file `blueprints/a.yaml` with its first three lines.
pub(crate) fn repository(text: &str) -> Files {
    let mut files = Files::new();
    for file in text.split("--- ").skip(1) {
        let (path, body) = file.split_once('\n').unwrap();
        match path.strip_prefix("blueprint ") {
            None => files.insert(path.trim().to_owned(), body.into()),
            Some(name) => {
                let text = format!("version: \"1.0\"\nname: {name}\nresources:\n{body}");
                files.insert(format!("blueprints/{name}.yaml"), text.into())
            }
        };
    }
    match files.get("ipr.yaml") {
        None => _ = files.insert("ipr.yaml".to_owned(), SETTINGS.into()),
        Some(settings) if settings.is_empty() => _ = files.remove("ipr.yaml"),
        Some(_) => {}
    }
    files
}

pub(crate) fn load_text(text: &str) -> Loaded {
    load(&repository(text), &registry())
}

/// All messages as people read them.
pub(crate) fn messages(loaded: &Loaded) -> String {
    let all = loaded.diagnostics.iter().chain(&loaded.not_yet);
    all.map(|diagnostic| diagnostic.render(&loaded.sources)).collect::<Vec<_>>().join("\n")
}

/// A desired state as one document, without positions.
pub(crate) fn document(state: &DesiredState) -> Value {
    let texts = |addresses: &mut dyn Iterator<Item = &Address>| addresses.map(ToString::to_string).collect::<Vec<_>>();
    let resources = state.resources.iter().map(|(address, resource)| {
        let lifecycle = &resource.lifecycle;
        let value = json!({
            "type": resource.type_name,
            "provider": resource.provider,
            "target": resource.target,
            "object": resource.object,
            "values": resource.values,
            "protect": lifecycle.protect,
            "adopt": lifecycle.adopt,
            "on_delete": lifecycle.on_delete.map(|on_delete| format!("{on_delete:?}")),
            "was": texts(&mut lifecycle.was.iter()),
            "ignore": lifecycle.ignore,
            "rollout": lifecycle.rollout,
            "depends_on": texts(&mut resource.depends_on.iter()),
            "sensitive": resource.sensitive,
        });
        (address.to_string(), value)
    });
    Value::Object(resources.collect())
}
