//! How do the fields of a network and the options of Proxmox VE map to each other? Reading and writing stand side by side.

use std::collections::{BTreeMap, BTreeSet};

use core_model::canonical;
use core_model::plan::{FieldChange, Step};
use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, assemble, flatten};
use serde_json::{Map, Value, json};

use super::types::{Network as NetworkType, told_by};
use crate::client::Parameters;
use crate::comment::{self, Mark};
use crate::reader::Interface;

/// How an option's text stands for a value.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Number,
    /// Its mere presence is a yes.
    Present,
    Flag,
    /// Words with spaces between, in any order.
    Words,
}

const TABLE: &[(&str, &str, Form)] = &[
    ("specs.ports", "bridge_ports", Form::Words),
    ("specs.vlan_aware", "bridge_vlan_aware", Form::Present),
    ("specs.vids", "bridge_vids", Form::Words),
    ("specs.device", "vlan-raw-device", Form::Text),
    ("specs.vlan", "vlan-id", Form::Number),
    ("specs.address", "cidr", Form::Text),
    ("specs.gateway", "gateway", Form::Text),
    ("specs.address6", "cidr6", Form::Text),
    ("specs.gateway6", "gateway6", Form::Text),
    ("specs.mtu", "mtu", Form::Number),
    ("specs.autostart", "autostart", Form::Flag),
];

/// The interfaces that can be managed; cards and what SDN makes never are.
pub(super) const KINDS: [&str; 2] = ["bridge", "vlan"];
/// What a VLAN-aware bridge lets through when nobody says.
pub(super) const ALL_VLANS: &str = "2-4094";

/// The names in an option that lists some.
pub(super) fn list<'i>(interface: &'i Interface, option: &str) -> impl Iterator<Item = &'i str> {
    interface.get(option).unwrap_or_default().split([' ', ',', ';']).filter(|item| !item.is_empty())
}

/// Whether one of our fields is this option.
pub(super) fn knows(option: &str) -> bool {
    TABLE.iter().any(|(_, known, _)| *known == option)
}

/// What an interface is, and what it would be if nobody had set anything.
pub(super) fn see(node: &str, name: &str, interface: &Interface) -> (Map<String, Value>, Map<String, Value>) {
    let kind = interface.get("type").unwrap_or("unknown");
    let mut values: Flat = [("specs.name", json!(name)), ("specs.kind", json!(kind)), ("metadata.node", json!(node))]
        .map(|(path, value)| (path.to_owned(), value))
        .into();
    let is_bridge = kind == "bridge";
    for (path, option, form) in TABLE {
        values.extend(form.read(interface.get(option)).map(|value| ((*path).to_owned(), value)));
    }
    // A VLAN has neither ports nor VLANs, and a bridge that does not look at VLANs lets through what comes.
    let unseen: &[&str] = match (is_bridge, interface.get("bridge_vlan_aware")) {
        (false, _) => &["specs.ports", "specs.vlan_aware", "specs.vids"],
        (true, None) => &["specs.vids"],
        (true, Some(_)) => &[],
    };
    unseen.iter().for_each(|path| drop(values.remove(*path)));
    values.extend(comment::notes(interface.get("comments")).map(|notes| ("metadata.notes".to_owned(), json!(notes))));
    let mut defaults: Flat = [("specs.autostart".to_owned(), json!(true))].into();
    if is_bridge {
        defaults.extend([("specs.ports".to_owned(), json!([])), ("specs.vlan_aware".to_owned(), json!(false))]);
        // Without VLANs there are none to let through.
        let vids = interface.get("bridge_vlan_aware").map(|_| ("specs.vids".to_owned(), json!([ALL_VLANS])));
        defaults.extend(vids);
    }
    (assemble(NetworkType.facts(), &values), assemble(NetworkType.facts(), &defaults))
}

impl Form {
    fn read(self, text: Option<&str>) -> Option<Value> {
        match self {
            Self::Text => text.map(Value::from),
            Self::Number => text?.parse::<u64>().ok().map(Value::from),
            Self::Present => Some(json!(text.is_some())),
            Self::Flag => Some(json!(text == Some("1"))),
            Self::Words => {
                let mut words: Vec<Value> =
                    text.unwrap_or_default().split([' ', ',', ';']).filter(|word| !word.is_empty()).map(Value::from).collect();
                words.sort_by_cached_key(canonical::text);
                Some(Value::Array(words))
            }
        }
    }

    fn write(self, value: &Value) -> Option<String> {
        match self {
            Self::Text => value.as_str().map(str::to_owned),
            Self::Number => value.as_u64().map(|number| number.to_string()),
            Self::Present => (value == &Value::Bool(true)).then(|| "1".to_owned()),
            Self::Flag => Some(if value == &Value::Bool(true) { "1" } else { "0" }.to_owned()),
            Self::Words => {
                let words: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
                (!words.is_empty()).then(|| words.join(" "))
            }
        }
    }
}

/// The interface as a step wants it: everything for a new one, and else what is there with the touched fields changed.
pub(super) fn wanted(step: &Step, found: Option<&Interface>, desired: &Map<String, Value>) -> Interface {
    let flat = flatten(NetworkType.facts(), desired);
    let touched: Option<BTreeSet<&str>> =
        found.filter(|_| !crate::preflight::makes(step)).map(|_| step.changes.iter().map(|change: &FieldChange| change.path.as_str()).collect());
    let touches = |path: &str| touched.as_ref().is_none_or(|touched| touched.contains(path));
    let mut options = found.filter(|_| touched.is_some()).map(plain).unwrap_or_default();
    for (path, option, form) in TABLE.iter().filter(|(path, _, _)| touches(path)) {
        match flat.get(*path).and_then(|value| form.write(value)) {
            Some(text) => options.insert((*option).to_owned(), text),
            None => options.remove(*option),
        };
    }
    if touches("specs.autostart") && !flat.contains_key("specs.autostart") {
        options.insert("autostart".to_owned(), "1".to_owned());
    }
    if !options.contains_key("bridge_vlan_aware") {
        options.remove("bridge_vids");
    }
    let kind = flat.get("specs.kind").and_then(Value::as_str).or_else(|| found.and_then(|found| found.get("type"))).unwrap_or("bridge");
    options.insert("type".to_owned(), kind.to_owned());
    let notes = if touches("metadata.notes") {
        flat.get("metadata.notes").and_then(Value::as_str).map(str::to_owned)
    } else {
        comment::notes(found.and_then(|found| found.get("comments")))
    };
    options.remove("comments");
    options.extend(notes.map(|notes| ("comments".to_owned(), notes)));
    Interface { options }
}

/// The options that say what an interface is, in one form: neither how it is doing, nor what the parser adds, nor our mark.
pub(super) fn plain(interface: &Interface) -> BTreeMap<String, String> {
    let is_aware = interface.get("bridge_vlan_aware").is_some();
    let mut options = BTreeMap::new();
    for (_, option, form) in TABLE {
        let value = form.read(interface.get(option)).filter(|_| *option != "bridge_vids" || is_aware);
        options.extend(value.and_then(|value| form.write(&value)).map(|text| ((*option).to_owned(), text)));
    }
    options.extend(interface.get("type").map(|kind| ("type".to_owned(), kind.to_owned())));
    options.extend(comment::notes(interface.get("comments")).map(|notes| ("comments".to_owned(), notes)));
    options
}

/// Whether an interface is what is wanted.
pub(super) fn is_so(name: &str, found: &Interface, wanted: &Interface) -> bool {
    let (mut found, mut wanted) = (plain(found), plain(wanted));
    if wanted.contains_key("bridge_vlan_aware") {
        wanted.entry("bridge_vids".to_owned()).or_insert_with(|| ALL_VLANS.to_owned());
    }
    // What the name says need not be said.
    let (device, number) = told_by(name);
    for options in [&mut found, &mut wanted] {
        if options.get("type").is_some_and(|kind| kind == "vlan") {
            device.iter().for_each(|_| drop(options.remove("vlan-raw-device")));
            number.iter().for_each(|_| drop(options.remove("vlan-id")));
        }
    }
    found == wanted
}

/// The form of `POST` and `PUT`. Proxmox forgets the addresses that a request leaves out, so that everything is in it.
pub(super) fn parameters(name: &str, wanted: &Interface, found: Option<&Interface>, mark: Option<&Mark>) -> Parameters {
    let (device, number) = told_by(name);
    let is_told = |option: &str| (option == "vlan-raw-device" && device.is_some()) || (option == "vlan-id" && number.is_some());
    let mut options = plain(wanted);
    let comments = comment::comment(options.remove("comments").as_deref(), mark);
    if !comments.is_empty() {
        options.insert("comments".to_owned(), comments);
    }
    let had = found.map(plain).unwrap_or_default();
    let gone: Vec<&str> = had.keys().map(String::as_str).filter(|option| !options.contains_key(*option) && !is_told(option)).collect();
    let gone = gone.join(",");
    let mut parameters: Parameters = options.into_iter().filter(|(option, _)| !is_told(option)).collect();
    if !gone.is_empty() {
        parameters.push(("delete".to_owned(), gone));
    }
    parameters
}

/// The stanza of an interface as `/etc/network/interfaces` has it, for people who put it back by hand.
pub(super) fn stanza(name: &str, interface: &Interface) -> String {
    let mut lines = Vec::new();
    if interface.get("autostart") == Some("1") {
        lines.push(format!("auto {name}"));
    }
    let method = |cidr: &str| if interface.get(cidr).is_some() { "static" } else { "manual" };
    let put = |key: &str, option: &str| interface.get(option).map(|text| format!("\t{key} {text}"));
    lines.push(format!("iface {name} inet {}", method("cidr")));
    lines.extend(put("address", "cidr"));
    lines.extend(put("gateway", "gateway"));
    if interface.get("type") == Some("bridge") {
        lines.push(format!("\tbridge-ports {}", interface.get("bridge_ports").unwrap_or("none")));
        let or = |option: &str, usual: &str| interface.get(option).unwrap_or(usual).to_owned();
        lines.extend([format!("\tbridge-stp {}", or("bridge_stp", "off")), format!("\tbridge-fd {}", or("bridge_fd", "0"))]);
        lines.extend(interface.get("bridge_vlan_aware").map(|_| "\tbridge-vlan-aware yes".to_owned()));
        lines.extend(put("bridge-vids", "bridge_vids"));
    } else if !name.contains('.') {
        lines.extend(put("vlan-id", "vlan-id"));
        lines.extend(put("vlan-raw-device", "vlan-raw-device"));
    }
    lines.extend(put("mtu", "mtu"));
    let further = |option: &str| interface.get(option).unwrap_or_default().lines().map(|line| format!("\t{line}")).collect::<Vec<_>>();
    lines.extend(further("options"));
    if interface.get("cidr6").is_some() {
        lines.extend([String::new(), format!("iface {name} inet6 static")]);
        lines.extend(put("address", "cidr6"));
        lines.extend(put("gateway", "gateway6"));
        lines.extend(further("options6"));
    }
    lines.join("\n")
}
