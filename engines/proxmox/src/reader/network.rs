//! What does a node say of its network, and which of our ways lead to it?

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use engine_api::EngineError;
use serde_json::Value;

use super::{Guest, Reader, text};
use crate::config::text_of;
use crate::fault;

/// One interface of a node, with the options of the API by their names; `type` is one of them. Of an option that is a list, such as the
/// `post-up` lines in `options`, each item is a line.
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

/// Enough to find the newest, in whatever order they come.
const RELOADS_SHOWN: &str = "10";

fn is_over(task: &Value) -> bool {
    text(task, "status").is_some_and(|status| status != "RUNNING")
}

fn lines_of(value: &Value) -> String {
    value.as_array().map_or_else(|| text_of(value), |items| items.iter().map(text_of).collect::<Vec<_>>().join("\n"))
}

impl Reader<'_> {
    pub(crate) async fn network(&self, node: &str) -> Result<Network, EngineError> {
        let attempt = format!("read the network of `{node}`");
        let answer = self.client.get(&attempt, &format!("/nodes/{node}/network"), &[]).await?;
        let Value::Array(rows) = &answer.data else { return Err(fault::senseless(&attempt, "the answer is not a list")) };
        let interface = |row: &Value| {
            let said = row.as_object()?.iter().filter(|(_, value)| !value.is_null());
            Some((text(row, "iface")?, Interface { options: said.map(|(name, value)| (name.clone(), lines_of(value))).collect() }))
        };
        Ok(Network { interfaces: rows.iter().filter_map(interface).collect(), changes: answer.changes })
    }

    /// Whether the network of a node is being reloaded.
    pub(crate) async fn is_reloading(&self, node: &str) -> Result<bool, EngineError> {
        Ok(!self.reloads(node, "active").await?.iter().all(is_over))
    }

    /// With which words the newest reload of a node's network ended, `OK` among them.
    pub(crate) async fn last_reload(&self, node: &str) -> Result<Option<String>, EngineError> {
        let entries = self.reloads(node, "all").await?;
        let newest = entries.iter().rev().max_by_key(|entry| entry.get("starttime").and_then(Value::as_u64));
        Ok(newest.filter(|entry| is_over(entry)).and_then(|entry| text(entry, "status")))
    }

    /// Newest first.
    async fn reloads(&self, node: &str, source: &str) -> Result<Vec<Value>, EngineError> {
        let query = [("source", source), ("typefilter", "srvreload"), ("limit", RELOADS_SHOWN)];
        self.list(&format!("list the reloads of the network of `{node}`"), &format!("/nodes/{node}/tasks"), &query).await
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

    /// The cards of a guest, each with the bridge that it is in.
    pub(crate) async fn cards_of(&self, guest: &Guest) -> Result<Vec<(String, String)>, EngineError> {
        let Some(config) = crate::usage::config_of(*self, guest).await? else { return Ok(Vec::new()) };
        let is_card = |option: &str| option.strip_prefix("net").is_some_and(|number| number.parse::<u32>().is_ok());
        let cards = config.options.iter().filter(|(option, _)| is_card(option));
        let bridge = |text: &str| crate::config::Properties::parse(text).get("bridge").map(str::to_owned);
        Ok(cards.filter_map(|(slot, text)| Some((slot.clone(), bridge(text)?))).collect())
    }
}
