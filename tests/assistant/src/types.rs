//! Which resource types does the corpus talk about? Docker's from the fake engine; tables for the others, as LANGUAGE names their fields.

use core_model::portable;
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

struct Table(&'static TypeFacts);

impl ResourceType for Table {
    fn facts(&self) -> &'static TypeFacts {
        self.0
    }
}

const fn facts(provider: &'static str, name: &'static str, meaning: &'static str, specs: &'static [Field], metadata: &'static [Field]) -> TypeFacts {
    TypeFacts { name, provider, meaning, specs, metadata, ownership: Ownership::Marked, naming: Naming::Resource, data_bearing: false }
}

const NOTES: &[Field] = &[Field::new("owner", Kind::Any, "Whose it is."), Field::new("tags", Kind::Any, "Words to find it by.")];
const GUEST_NETWORK: &[Field] = &[Field::new("link", Kind::Link(&["network"]), "The network."), Field::new("ip", Kind::Cidr, "The address.")];
const USER: &[Field] = &[Field::new("name", Kind::Text, "The user."), Field::new("ssh_keys", Kind::List(&Kind::Text), "Keys.")];
const READY: &[Field] = &[Field::new("port", Kind::Integer { min: 1, max: 65535 }, "A port."), Field::new("within", Kind::Duration, "How soon.")];
const GUEST: &[Field] = &[
    portable::CPU,
    portable::MEMORY,
    portable::STORAGE,
    portable::OS,
    Field::new("network", Kind::Object(GUEST_NETWORK), "Its place in the network."),
    Field::new("user", Kind::Object(USER), "The first user."),
    Field::new("packages", Kind::Set(&Kind::Text), "What is installed."),
    Field::new("ready", Kind::Object(READY), "When it is ready."),
];
const PLACEMENT: &[Field] =
    &[Field::new("node", Kind::Text, "The node."), Field::new("pool", Kind::Text, "The pool."), Field::new("tags", Kind::Set(&Kind::Text), "Tags.")];
const VLAN: &[Field] = &[
    Field::new("vlan", Kind::Integer { min: 1, max: 4094 }, "The VLAN."),
    Field::new("interface", Kind::Text, "The interface."),
    Field::new("address", Kind::Cidr, "The router's address."),
];
const RECORD: &[Field] = &[Field::new("name", Kind::Text, "The name.").required(), Field::new("address", Kind::Ip, "The address.").required()];
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

static TABLES: [Table; 5] = [
    Table(&facts("proxmox", "compute", "A virtual machine.", GUEST, PLACEMENT)),
    Table(&facts("mikrotik", "network", "A VLAN of a router.", VLAN, NOTES)),
    Table(&facts("mikrotik", "dns", "A name of a router's DNS.", RECORD, NOTES)),
    Table(&facts("mikrotik", "firewall", "A chain of a router's firewall.", FIREWALL, NOTES)),
    Table(&facts("ipmi", "compute", "A physical machine.", MACHINE, RACK)),
];

/// All types of the corpus.
pub fn registry() -> Registry {
    let tables = TABLES.iter().map(|table| table as &'static dyn ResourceType);
    Registry::new(tables.chain(engine_fake::container_types("docker")))
}
