//! What is in one scope of the firewall?

use std::collections::BTreeMap;

use sha1::{Digest, Sha1};

/// The rules and sets of the cluster, a node or a guest. A node has rules and options only; only the cluster has groups.
#[derive(Clone, Debug, Default)]
pub struct Firewall {
    pub options: BTreeMap<String, String>,
    /// In order; the position is the index.
    pub rules: Vec<Rule>,
    pub aliases: BTreeMap<String, Entry>,
    pub ip_sets: BTreeMap<String, IpSet>,
    pub groups: BTreeMap<String, Group>,
}

/// The options of a rule by the API's names.
pub type Rule = BTreeMap<String, String>;

/// An alias, or a member of an IP set: options by the API's names.
pub type Entry = BTreeMap<String, String>;

#[derive(Clone, Debug, Default)]
pub struct IpSet {
    pub comment: Option<String>,
    /// By their address.
    pub members: BTreeMap<String, Entry>,
}

/// A security group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub comment: Option<String>,
    pub rules: Vec<Rule>,
}

/// The digest of anything that has a debug form.
pub(crate) fn digest(text: &str) -> String {
    hex::encode(Sha1::digest(text.as_bytes()))
}
