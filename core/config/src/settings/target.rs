//! Which targets does the commit declare? Addresses and the names of credentials; what they may be used for is the daemon's word.

use std::collections::BTreeMap;

use core_model::resource_type::{LANGUAGE_PROVIDERS, Registry};
use core_model::tree::{Entry, Node};
use core_model::{Diagnostic, Name, Span, TargetName};
use serde::Deserialize;

use super::{by_table, fitted, is_provider, table};
use crate::report::Report;
use crate::section;

/// A target, or a group of targets, that ipr.yaml declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetDeclaration {
    pub name: Name,
    /// `None` only for a retired target.
    pub provider: Option<String>,
    pub address: Option<String>,
    pub credential: Option<String>,
    /// The members of a group, each with its address. Empty for a single target.
    pub members: BTreeMap<Name, String>,
    /// Its resources are forgotten without a call.
    pub retired: bool,
    pub span: Span,
}

impl TargetDeclaration {
    /// The address that a target of this group, or this single target, is declared to have.
    pub fn address_of(&self, target: &TargetName) -> Option<&str> {
        match target.member() {
            Some(member) => self.members.iter().find(|(name, _)| name.as_str() == member).map(|(_, address)| address.as_str()),
            None => self.address.as_deref(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    provider: Option<String>,
    address: Option<String>,
    credential: Option<String>,
    members: BTreeMap<String, String>,
    retired: bool,
}

pub(super) fn read(node: &Node, registry: &Registry, report: &mut Report) -> BTreeMap<Name, TargetDeclaration> {
    let mut targets = BTreeMap::new();
    for entry in section::entries(node, "targets", report) {
        if let Some(name) = section::key_name(entry, "targets", report) {
            targets.insert(name.clone(), declaration(name, entry, registry, report));
        }
    }
    targets
}

fn declaration(name: Name, entry: &Entry, registry: &Registry, report: &mut Report) -> TargetDeclaration {
    let path = format!("targets.{name}");
    let (values, _) = by_table(table::TARGET, &entry.node, &path, report);
    let given: Given = fitted(values);
    match entry.node.get("provider") {
        Some(node) => provider(&path, node, registry, report),
        None if given.retired => {}
        None => {
            let detail = format!("`{path}.provider` is required. It says what kind of target it is.");
            report.push(Diagnostic::error("Missing field", detail).at_origin(&entry.key_origin));
        }
    }
    if given.address.is_some() && !given.members.is_empty() {
        let detail = format!("`{path}` has an address of its own and members.");
        let hint = "a group has members, a single target has an address";
        report.push(Diagnostic::error("Target or group", detail).hint(hint).at_origin(&entry.key_origin));
    }
    let members = entry.node.get("members").and_then(Node::as_map).unwrap_or_default();
    let members = members.iter().filter_map(|member| {
        let address = given.members.get(&member.key)?.clone();
        Some((section::key_name(member, &format!("{path}.members"), report)?, address))
    });
    TargetDeclaration {
        name,
        provider: given.provider,
        address: given.address,
        credential: given.credential,
        members: members.collect(),
        retired: given.retired,
        span: entry.key_origin.span.clone(),
    }
}

fn provider(path: &str, node: &Node, registry: &Registry, report: &mut Report) {
    let Some(text) = node.as_text() else { return };
    if is_provider(text, registry, &node.origin, report) && LANGUAGE_PROVIDERS.contains(&text) && !registry.providers().contains(&text) {
        report.not_yet(format!("`{path}` is a target of `{text}`, which this program cannot reach."), &node.origin);
    }
}
