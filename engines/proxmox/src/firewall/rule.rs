//! What is a rule? One line of a list, in the blueprint's words and in Proxmox's; in between it has one form that is compared.

mod fields;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::words::is_rule_name;
use super::{macros, words};
use crate::config::text_of;

pub(crate) use fields::{LOG_LEVELS, RULE};

/// Texts that stand under the same value in both.
const PLAIN: [(&str, &str); 5] = [("macro", "macro"), ("protocol", "proto"), ("icmp_type", "icmp-type"), ("interface", "iface"), ("log", "log")];
/// Where packets come from and go, each in three ways of which one is taken.
const ENDS: [(&str, &str, &str, &str); 2] = [("source", "from", "from_list", "from_alias"), ("dest", "to", "to_list", "to_alias")];
const PORT_FIELDS: [(&str, &str); 2] = [("from_ports", "sport"), ("ports", "dport")];
/// What decides nothing about a packet by itself.
const NOT_CONTENT: [&str; 2] = ["enable", "comment"];

/// A rule by Proxmox's options, in the one spelling of each. `enable` is there where the rule is disabled, and `0`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule {
    pub(crate) options: BTreeMap<&'static str, String>,
}

/// Names of sets and aliases of a guest's own, which hide the cluster's where the rule does not say whose it means.
pub(crate) type OwnNames = BTreeSet<String>;

impl Rule {
    pub(crate) fn get(&self, option: &str) -> Option<&str> {
        self.options.get(option).map(String::as_str)
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.get("enable").is_none()
    }

    pub(crate) fn enabled(mut self, enabled: bool) -> Self {
        if enabled {
            self.options.remove("enable")
        } else {
            self.options.insert("enable", "0".to_owned())
        };
        self
    }

    /// Whether it is the same rule, on or off, whatever its comment.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let content = |rule: &Self| -> Vec<(&'static str, String)> {
            let options = rule.options.iter().filter(|(name, _)| !NOT_CONTENT.contains(name));
            options.map(|(name, text)| (*name, text.clone())).collect()
        };
        content(self) == content(other)
    }

    /// What a blueprint says, as canonical JSON.
    pub(crate) fn of_blueprint(value: &Value) -> Self {
        let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        let link = |field: &str| value.get(field).and_then(|link| link.get("name")).and_then(Value::as_str).map(str::to_owned);
        let mut rule = Self::default();
        let mut put = |option: &'static str, text: Option<String>| {
            rule.options.extend(text.filter(|text| !text.is_empty()).map(|text| (option, text)));
        };
        let group = link("group");
        put("type", Some(group.as_ref().map_or_else(|| text("direction").unwrap_or_default(), |_| "group".to_owned())));
        put("action", group.or_else(|| text("action").map(|action| action.to_ascii_uppercase())));
        PLAIN.iter().for_each(|(field, option)| put(option, text(field)));
        for (option, plain, list, alias) in ENDS {
            put(
                option,
                text(plain).or_else(|| link(list).map(|name| format!("+{}", scoped(&name)))).or_else(|| link(alias).map(|name| scoped(&name))),
            );
        }
        for (field, option) in PORT_FIELDS {
            let ports = value.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            put(option, Some(ports.map(ported).collect::<Vec<String>>().join(",")));
        }
        put("enable", (value.get("enabled") == Some(&Value::Bool(false))).then(|| "0".to_owned()));
        put("comment", comment(text("name"), text("comment")));
        rule
    }

    /// What the API tells of one rule.
    pub(crate) fn of_row(row: &Value, own: &OwnNames) -> Self {
        let text = |name: &str| row.get(name).filter(|value| !value.is_null()).map(text_of);
        let mut rule = Self::default();
        let mut put = |option: &'static str, text: Option<String>| {
            rule.options.extend(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).map(|text| (option, text)));
        };
        let kind = text("type").map(|kind| kind.to_ascii_lowercase());
        let is_group = kind.as_deref() == Some("group");
        put("action", text("action").map(|action| if is_group { action.to_ascii_lowercase() } else { action.to_ascii_uppercase() }));
        put("type", kind);
        put("macro", text("macro").map(|name| macros::spelled(&name)));
        put("proto", text("proto").map(|name| name.to_ascii_lowercase()));
        ["icmp-type", "iface", "log"].into_iter().for_each(|option| put(option, text(option)));
        for (option, ..) in ENDS {
            put(option, text(option).map(|end| end_of_row(&end, own)));
        }
        for (_, option) in PORT_FIELDS {
            put(option, text(option).map(|ports| sorted(&ports)));
        }
        put("enable", text("enable").filter(|enable| enable == "0"));
        put("comment", text("comment"));
        rule
    }

    /// The rule as a blueprint would say it.
    pub(crate) fn to_blueprint(&self) -> Value {
        let mut value = Map::new();
        let mut put = |field: &str, told: Option<Value>| value.extend(told.map(|told| (field.to_owned(), told)));
        let link = |name: &str| json!({"external": name, "name": name});
        if self.get("type") == Some("group") {
            put("group", self.get("action").map(link));
        } else {
            put("direction", self.get("type").map(Value::from));
            put("action", self.get("action").map(|action| Value::from(action.to_ascii_lowercase())));
        }
        PLAIN.iter().for_each(|(field, option)| put(field, self.get(option).map(Value::from)));
        for (option, plain, list, alias) in ENDS {
            match self.get(option).map(End::of) {
                Some(End::Addresses(text)) => put(plain, Some(Value::from(text))),
                Some(End::Set(name)) => put(list, Some(link(name))),
                Some(End::Alias(name)) => put(alias, Some(link(name))),
                None => {}
            }
        }
        for (field, option) in PORT_FIELDS {
            put(field, self.get(option).map(|ports| ports.split(',').map(|port| port.replace(':', "-")).collect()));
        }
        put("enabled", (!self.is_enabled()).then_some(Value::Bool(false)));
        let (name, comment) = self.get("comment").map_or((None, None), words_of);
        put("name", name.map(Value::from));
        put("comment", comment.map(Value::from));
        Value::Object(value)
    }

    /// The parameters of a call that makes the rule.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        let enable = ("enable".to_owned(), if self.is_enabled() { "1" } else { "0" }.to_owned());
        let others = self.options.iter().filter(|(name, _)| **name != "enable");
        others.map(|(name, text)| ((*name).to_owned(), text.clone())).chain([enable]).collect()
    }

    /// The parameters of a call that makes this rule of another.
    pub(crate) fn parameters_from(&self, former: &Self) -> Vec<(String, String)> {
        let mut parameters = self.parameters();
        let gone: Vec<&str> = former.options.keys().filter(|name| **name != "enable" && !self.options.contains_key(*name)).copied().collect();
        parameters.retain(|(name, text)| if name == "enable" { self.is_enabled() != former.is_enabled() } else { former.get(name) != Some(text) });
        if !gone.is_empty() {
            parameters.push(("delete".to_owned(), gone.join(",")));
        }
        parameters
    }

    /// What a rule names, as `group web`, `ip-set office`, `alias mail`.
    pub(crate) fn names(&self) -> Vec<(&'static str, &str)> {
        let group = self.get("action").filter(|_| self.get("type") == Some("group")).map(|name| ("security-group", name));
        let ends = ENDS.iter().filter_map(|(option, ..)| match self.get(option).map(End::of)? {
            End::Set(name) => Some(("ip-set", name)),
            End::Alias(name) => Some(("alias", name)),
            End::Addresses(_) => None,
        });
        group.into_iter().chain(ends).collect()
    }
}

/// Where packets come from or go.
enum End<'t> {
    Addresses(&'t str),
    /// Without `dc/`: the cluster's own are called by their bare names.
    Set(&'t str),
    Alias(&'t str),
}

impl<'t> End<'t> {
    fn of(text: &'t str) -> Self {
        let bare = |name: &'t str| name.strip_prefix("dc/").unwrap_or(name);
        match text.strip_prefix('+') {
            Some(name) => Self::Set(bare(name)),
            None if is_alias(text) => Self::Alias(bare(text)),
            None => Self::Addresses(text),
        }
    }
}

/// `office` is the cluster's, `guest/office` the guest's own.
fn scoped(name: &str) -> String {
    if name.contains('/') { name.to_owned() } else { format!("dc/{name}") }
}

fn is_alias(text: &str) -> bool {
    let name = text.strip_prefix("dc/").or_else(|| text.strip_prefix("guest/")).unwrap_or(text);
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
}

/// Proxmox looks for a bare name in the guest first, and then in the cluster.
fn end_of_row(text: &str, own: &OwnNames) -> String {
    let (sign, name) = text.strip_prefix('+').map_or(("", text), |name| ("+", name));
    if sign.is_empty() && !is_alias(name) {
        return words::addresses(text).unwrap_or_else(|_| text.to_owned());
    }
    let name = name.to_ascii_lowercase();
    let key = format!("{sign}{name}");
    if own.contains(&key) { format!("{sign}guest/{name}") } else { format!("{sign}{}", scoped(&name)) }
}

/// `8000-8080` is `8000:8080` in Proxmox; `echo-request` is a word.
fn ported(port: &str) -> String {
    if port.starts_with(|letter: char| letter.is_ascii_digit()) { port.replace('-', ":") } else { port.to_owned() }
}

/// In the order in which a blueprint's list has them.
fn sorted(ports: &str) -> String {
    let mut ports: Vec<String> = ports.split(',').map(|port| port.trim().replace(':', "-")).collect();
    ports.sort_by_cached_key(|port| core_model::canonical::text(&Value::from(port.as_str())));
    ports.dedup();
    ports.iter().map(|port| ported(port)).collect::<Vec<String>>().join(",")
}

/// `web-https: for the shop`.
fn comment(name: Option<String>, comment: Option<String>) -> Option<String> {
    match (name, comment) {
        (Some(name), Some(comment)) => Some(format!("{name}: {comment}")),
        (name, comment) => name.or(comment),
    }
}

/// A comment that is one word, or begins with one and a colon, has a name in it.
pub(crate) fn words_of(text: &str) -> (Option<&str>, Option<&str>) {
    match text.split_once(": ") {
        _ if is_rule_name(text) => (Some(text), None),
        Some((name, comment)) if is_rule_name(name) && !comment.trim().is_empty() => (Some(name), Some(comment.trim())),
        _ => (None, Some(text)),
    }
}

#[cfg(test)]
mod tests;
