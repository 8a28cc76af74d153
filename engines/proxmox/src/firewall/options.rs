//! Which options has a scope of the firewall, under which names, and what are they when nobody sets them?

use core_model::schema::{Field, Kind};
use engine_api::fields::Flat;
use serde_json::{Map, Value, json};

use super::rule::LOG_LEVELS;
use super::scope::{CLUSTER, GUEST, NODE};
use crate::config::Config;

/// How a value is written in Proxmox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `0` or `1`; the value when it is not there.
    Flag(bool),
    /// In capitals.
    Policy(&'static str),
    Level,
    Number(i64),
    /// Words with commas between them.
    Words,
}

/// An option: field and option have one name, but for `enabled`.
struct FirewallOption {
    field: &'static str,
    scopes: u8,
    form: Form,
}

const fn option(field: &'static str, scopes: u8, form: Form) -> FirewallOption {
    FirewallOption { field, scopes, form }
}

/// Source: `$cluster_option_properties`, `$host_option_properties` and `$vm_option_properties` of pve-firewall
/// `src/PVE/Firewall.pm`, and where they are used.
const OPTIONS: &[FirewallOption] = &[
    option("enabled", CLUSTER, Form::Flag(false)),
    option("enabled", NODE, Form::Flag(true)),
    option("enabled", GUEST, Form::Flag(false)),
    option("policy_in", CLUSTER | GUEST, Form::Policy("drop")),
    option("policy_out", CLUSTER | GUEST, Form::Policy("accept")),
    option("policy_forward", CLUSTER, Form::Policy("accept")),
    option("ebtables", CLUSTER, Form::Flag(true)),
    option("log_level_in", NODE | GUEST, Form::Level),
    option("log_level_out", NODE | GUEST, Form::Level),
    option("log_level_forward", NODE, Form::Level),
    // The schema says 0, and the code takes 1 where it is not set: `ruleset_create_vm_chain`.
    option("dhcp", GUEST, Form::Flag(true)),
    option("ipfilter", GUEST, Form::Flag(false)),
    option("macfilter", GUEST, Form::Flag(true)),
    option("ndp", NODE | GUEST, Form::Flag(true)),
    option("radv", GUEST, Form::Flag(false)),
    option("nosmurfs", NODE, Form::Flag(true)),
    option("smurf_log_level", NODE, Form::Level),
    option("tcpflags", NODE, Form::Flag(false)),
    option("tcp_flags_log_level", NODE, Form::Level),
    option("log_nf_conntrack", NODE, Form::Flag(false)),
    option("nf_conntrack_allow_invalid", NODE, Form::Flag(false)),
    option("nf_conntrack_helpers", NODE, Form::Words),
    option("nf_conntrack_max", NODE, Form::Number(262_144)),
    option("nf_conntrack_tcp_timeout_established", NODE, Form::Number(432_000)),
    option("nf_conntrack_tcp_timeout_syn_recv", NODE, Form::Number(60)),
    option("protection_synflood", NODE, Form::Flag(false)),
    option("protection_synflood_rate", NODE, Form::Number(200)),
    option("protection_synflood_burst", NODE, Form::Number(1_000)),
    option("nftables", NODE, Form::Flag(false)),
];

const POLICY: Kind = Kind::Word(&["accept", "drop", "reject"]);
const LEVEL: Kind = Kind::Word(LOG_LEVELS);
const HELPERS: &[&str] = &["amanda", "ftp", "irc", "netbios-ns", "pptp", "sane", "sip", "snmp", "tftp"];
const NUMBER_MAX: i64 = 1_000_000_000;

/// The fields of all options.
pub(crate) const FIELDS: [Field; 27] = [
    Field::new("enabled", Kind::Boolean, "Whether the firewall is on. When left out it is on for a node, and off for the cluster and for a guest."),
    Field::new("policy_in", POLICY, "What becomes of packets to it that no rule matches; `drop` when left out. Cluster and guests."),
    Field::new("policy_out", POLICY, "The same for packets from it; `accept` when left out. Cluster and guests."),
    Field::new("policy_forward", Kind::Word(&["accept", "drop"]), "The same for packets through nodes; `accept` when left out. Cluster."),
    Field::new("ebtables", Kind::Boolean, "Whether rules for Ethernet are used; they are when left out. Cluster."),
    Field::new("log_level_in", LEVEL, "How dropped packets to it are logged; not at all when left out. Nodes and guests."),
    Field::new("log_level_out", LEVEL, "The same for packets from it. Nodes and guests."),
    Field::new("log_level_forward", LEVEL, "The same for packets through it. Nodes."),
    Field::new("dhcp", Kind::Boolean, "Whether DHCP is let through; it is when left out. Guests."),
    Field::new("ipfilter", Kind::Boolean, "Whether a card may only use its own addresses. Guests."),
    Field::new("macfilter", Kind::Boolean, "Whether a card may only use its own hardware address; it does when left out. Guests."),
    Field::new("ndp", Kind::Boolean, "Whether neighbour discovery is let through; it is when left out. Nodes and guests."),
    Field::new("radv", Kind::Boolean, "Whether it may send router advertisements. Guests."),
    Field::new("nosmurfs", Kind::Boolean, "Whether smurf packets are dropped; they are when left out. Nodes."),
    Field::new("smurf_log_level", LEVEL, "How smurf packets are logged. Nodes."),
    Field::new("tcpflags", Kind::Boolean, "Whether impossible combinations of TCP flags are dropped. Nodes."),
    Field::new("tcp_flags_log_level", LEVEL, "How these are logged. Nodes."),
    Field::new("log_nf_conntrack", Kind::Boolean, "Whether connections are logged. Nodes."),
    Field::new("nf_conntrack_allow_invalid", Kind::Boolean, "Whether packets without a connection are let through. Nodes."),
    Field::new("nf_conntrack_helpers", Kind::Set(&Kind::Word(HELPERS)), "Protocols whose further connections are found. Nodes."),
    Field::new(
        "nf_conntrack_max",
        Kind::Integer { min: 32_768, max: NUMBER_MAX },
        "The most connections that are followed; 262144 when left out. Nodes.",
    ),
    Field::new(
        "nf_conntrack_tcp_timeout_established",
        Kind::Integer { min: 7_875, max: NUMBER_MAX },
        "After how many seconds a silent connection is forgotten; 432000 when left out. Nodes.",
    ),
    Field::new(
        "nf_conntrack_tcp_timeout_syn_recv",
        Kind::Integer { min: 30, max: 60 },
        "The same for one that is being made; 60 when left out. Nodes.",
    ),
    Field::new("protection_synflood", Kind::Boolean, "Whether floods of new connections are held back. Nodes."),
    Field::new(
        "protection_synflood_rate",
        Kind::Integer { min: 1, max: NUMBER_MAX },
        "New connections a second from one address; 200 when left out. Nodes.",
    ),
    Field::new("protection_synflood_burst", Kind::Integer { min: 1, max: NUMBER_MAX }, "How many may come at once; 1000 when left out. Nodes."),
    Field::new("nftables", Kind::Boolean, "Whether the newer firewall with nftables is used. Nodes."),
];

fn options(scope: u8) -> impl Iterator<Item = &'static FirewallOption> {
    OPTIONS.iter().filter(move |option| option.scopes & scope != 0)
}

fn known(field: &str, scope: u8) -> Option<&'static FirewallOption> {
    options(scope).find(|option| option.field == field)
}

/// Whether the scope has such an option. `None`: it is no option at all.
pub(crate) fn has(field: &str, scope: u8) -> Option<bool> {
    OPTIONS.iter().any(|option| option.field == field).then(|| known(field, scope).is_some())
}

fn name(field: &str) -> &str {
    if field == "enabled" { "enable" } else { field }
}

impl Form {
    fn default(self) -> Value {
        match self {
            Self::Flag(on) => json!(on),
            Self::Policy(word) => json!(word),
            Self::Level => json!("nolog"),
            Self::Number(number) => json!(number),
            Self::Words => json!([]),
        }
    }

    fn read(self, text: &str) -> Value {
        match self {
            Self::Flag(_) => json!(text != "0" && !text.is_empty()),
            Self::Policy(_) | Self::Level if text.is_empty() => self.default(),
            Self::Policy(_) | Self::Level => json!(text.to_ascii_lowercase()),
            Self::Number(number) => json!(text.parse().unwrap_or(number)),
            Self::Words => {
                let mut words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
                words.sort_unstable();
                json!(words)
            }
        }
    }

    /// `None`: the option is taken out.
    fn written(self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Flag(_), Value::Bool(on)) => Some(if *on { "1" } else { "0" }.to_owned()),
            (Self::Policy(_), Value::String(word)) => Some(word.to_ascii_uppercase()),
            (Self::Level, Value::String(word)) => Some(word.clone()),
            (Self::Number(_), Value::Number(number)) => Some(number.to_string()),
            (Self::Words, Value::Array(words)) => {
                let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                (!words.is_empty()).then(|| words.join(","))
            }
            _ => None,
        }
    }
}

/// What a field is when nobody sets it.
pub(crate) fn default_of(field: &str, scope: u8) -> Value {
    known(field, scope).map_or(Value::Null, |option| option.form.default())
}

/// All options of a scope, in the blueprint's form: as they are, and as they would be.
pub(crate) fn see(config: &Config, scope: u8) -> (Map<String, Value>, Map<String, Value>) {
    let seen = |option: &FirewallOption| config.get(name(option.field)).map_or_else(|| option.form.default(), |text| option.form.read(text));
    let values = options(scope).map(|option| (option.field.to_owned(), seen(option))).collect();
    let defaults = options(scope).map(|option| (option.field.to_owned(), option.form.default())).collect();
    (values, defaults)
}

/// The parameters that bring the touched fields about; none where all is so. What nobody sets any more is taken out.
pub(crate) fn edits<'p>(config: &Config, scope: u8, desired: &Flat, touched: impl Iterator<Item = &'p str>) -> Vec<(String, String)> {
    let (mut set, mut gone) = (Vec::new(), Vec::new());
    for path in touched {
        let Some(option) = path.strip_prefix("specs.").and_then(|field| known(field, scope)) else { continue };
        let seen = config.get(name(option.field));
        match desired.get(path).and_then(|value| option.form.written(value)) {
            Some(text) if seen == Some(text.as_str()) => {}
            Some(text) => set.push((name(option.field).to_owned(), text)),
            None if seen.is_some() => gone.push(name(option.field)),
            None => {}
        }
    }
    if !gone.is_empty() {
        set.push(("delete".to_owned(), gone.join(",")));
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_its_field_and_its_scopes() {
        for option in OPTIONS {
            let field = FIELDS.iter().find(|field| field.name == option.field).expect("a field");
            assert_eq!(matches!(option.form, Form::Flag(_)), matches!(field.kind, Kind::Boolean), "{}", option.field);
        }
        assert!(FIELDS.iter().all(|field| has(field.name, CLUSTER).is_some()));
        assert_eq!((has("dhcp", GUEST), has("dhcp", NODE), has("rules", NODE)), (Some(true), Some(false), None));
    }

    /// `!(defined($options->{dhcp}) && $options->{dhcp} == 0)`: a guest lets DHCP through until somebody says no.
    #[test]
    fn dhcp_is_let_through_unless_somebody_says_no() {
        let (values, defaults) = see(&Config::of(&json!({})), GUEST);
        assert_eq!((&values["dhcp"], &defaults["dhcp"]), (&json!(true), &json!(true)));
        let desired: Flat = [("specs.dhcp".to_owned(), json!(false))].into();
        assert_eq!(edits(&Config::of(&json!({})), GUEST, &desired, ["specs.dhcp"].into_iter()), [("dhcp".to_owned(), "0".to_owned())]);
    }

    #[test]
    fn options_are_seen_and_written() {
        let config = Config::of(&json!({"enable": 1, "policy_in": "REJECT", "digest": "x"}));
        let (values, defaults) = see(&config, CLUSTER);
        assert_eq!((&values["enabled"], &values["policy_in"], &values["policy_out"]), (&json!(true), &json!("reject"), &json!("accept")));
        assert_eq!((&defaults["enabled"], &defaults["policy_in"]), (&json!(false), &json!("drop")));
        let desired: Flat =
            [("specs.enabled", json!(true)), ("specs.policy_out", json!("drop"))].map(|(path, value)| (path.to_owned(), value)).into();
        let touched = ["specs.enabled", "specs.policy_in", "specs.policy_out", "specs.rules"];
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(edits(&config, CLUSTER, &desired, touched.into_iter()), [text("policy_out", "DROP"), text("delete", "policy_in")]);
    }
}
