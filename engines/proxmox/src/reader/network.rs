//! What does a node say of its network, and which of our ways lead to it?

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use engine_api::EngineError;
use serde_json::Value;

use super::{Guest, Reader, text};
use crate::config::text_of;
use crate::fault;

/// One interface of a node, with the options of the API by their names; `type` is one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) options: BTreeMap<String, String>,
}

impl Interface {
    pub(crate) fn get(&self, option: &str) -> Option<&str> {
        self.options.get(option).map(String::as_str).filter(|text| !text.is_empty())
    }
}

/// The interfaces of a node: as they will be where something is staged, and else as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) interfaces: BTreeMap<String, Interface>,
    /// What is staged and not applied, as a difference of two files.
    pub(crate) changes: Option<String>,
}

/// A node as the cluster sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeStatus {
    pub(crate) name: String,
    pub(crate) address: Option<String>,
    pub(crate) is_online: bool,
}

impl Reader<'_> {
    pub(crate) async fn network(&self, node: &str) -> Result<Network, EngineError> {
        let attempt = format!("read the network of `{node}`");
        let answer = self.client.get(&attempt, &format!("/nodes/{node}/network"), &[]).await?;
        let Value::Array(rows) = &answer.data else { return Err(fault::senseless(&attempt, "the answer is not a list")) };
        let interface = |row: &Value| {
            let scalars = row.as_object()?.iter().filter(|(_, value)| !value.is_array() && !value.is_object() && !value.is_null());
            Some((text(row, "iface")?, Interface { options: scalars.map(|(name, value)| (name.clone(), text_of(value))).collect() }))
        };
        Ok(Network { interfaces: rows.iter().filter_map(interface).collect(), changes: answer.changes })
    }

    /// The nodes, with the addresses by which they reach each other.
    pub(crate) async fn statuses(&self) -> Result<Vec<NodeStatus>, EngineError> {
        let entries = self.list("ask how the nodes are", "/cluster/status", &[]).await?;
        let node = |entry: &Value| {
            let is_online = text(entry, "online").as_deref() == Some("1");
            Some(NodeStatus { name: text(entry, "name")?, address: text(entry, "ip"), is_online })
        };
        Ok(entries.iter().filter(|entry| text(entry, "type").as_deref() == Some("node")).filter_map(node).collect())
    }

    /// Those of our endpoints at which this very node answers.
    pub(crate) async fn ways_to(&self, node: &str) -> BTreeSet<String> {
        let answers = self.client.get_from_each("see who answers", "/cluster/status").await;
        let is_local = |entry: &Value| text(entry, "local").as_deref() == Some("1") && text(entry, "name").as_deref() == Some(node);
        let leads_there = |data: &Value| data.as_array().is_some_and(|entries| entries.iter().any(is_local));
        answers
            .into_iter()
            .filter(|(_, answer)| answer.as_ref().is_ok_and(|answer| leads_there(&answer.data)))
            .map(|(url, _)| url.to_string())
            .collect()
    }

    /// Each of our endpoints: what its clock says, or why it does not answer.
    pub(crate) async fn ways(&self) -> Vec<(String, Result<Option<SystemTime>, EngineError>)> {
        let answers = self.client.get_from_each("see who answers", "/version").await;
        answers.into_iter().map(|(url, answer)| (url.to_string(), answer.map(|answer| answer.date))).collect()
    }

    /// The bridges that the cards of a guest are in.
    pub(crate) async fn bridges_of(&self, guest: &Guest) -> Result<BTreeSet<String>, EngineError> {
        let Some(config) = self.config(guest).await? else { return Ok(BTreeSet::new()) };
        let is_card = |option: &str| option.strip_prefix("net").is_some_and(|number| number.parse::<u32>().is_ok());
        let cards = config.options.iter().filter(|(option, _)| is_card(option)).map(|(_, text)| text);
        Ok(cards.filter_map(|card| crate::config::Properties::parse(card).get("bridge").map(str::to_owned)).collect())
    }
}
