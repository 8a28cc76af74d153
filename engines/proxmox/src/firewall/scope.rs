//! Whose firewall is it? The cluster's, a node's or a guest's.

use core_model::Marker;
use engine_api::{EngineError, ErrorKind};
use serde_json::{Map, Value};

use crate::cluster::Cluster;
use crate::guest::Located as _;
use crate::guest::names::with_names;
use crate::reader::{Guest, Node, Reader};

/// Whose rules and options, as a blueprint says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Cluster,
    Node(String),
    /// By name, or by number.
    Guest(String),
}

/// Where the rules and options of a scope are in the API.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// `/nodes/pve1/qemu/100`, without `/firewall`.
    pub(crate) root: String,
    /// Only guests have sets and aliases of their own.
    pub(crate) is_guest: bool,
}

impl Place {
    pub(crate) fn rules(&self) -> String {
        format!("{}/firewall/rules", self.root)
    }

    pub(crate) fn options(&self) -> String {
        format!("{}/firewall/options", self.root)
    }
}

impl Scope {
    /// Of values as a blueprint has them.
    pub(crate) fn of(values: &Map<String, Value>) -> Self {
        let specs = values.get("specs");
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let guest = specs.and_then(|specs| specs.get("guest")).and_then(|link| link.get("name"));
        match (text(specs.and_then(|specs| specs.get("node"))), text(guest)) {
            (Some(node), _) => Self::Node(node),
            (None, Some(guest)) => Self::Guest(guest),
            (None, None) => Self::Cluster,
        }
    }

    /// `guest web-01`, as places and claims have it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Cluster => "cluster".to_owned(),
            Self::Node(node) => format!("node {node}"),
            Self::Guest(guest) => format!("guest {guest}"),
        }
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Cluster => "the cluster".to_owned(),
            Self::Node(node) => format!("the node `{node}`"),
            Self::Guest(guest) => format!("the guest `{guest}`"),
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        match text.split_once(' ') {
            Some(("node", node)) => Self::Node(node.to_owned()),
            Some(("guest", guest)) => Self::Guest(guest.to_owned()),
            _ => Self::Cluster,
        }
    }

    /// The bit of this scope in tables of options.
    pub(crate) fn bit(&self) -> u8 {
        match self {
            Self::Cluster => CLUSTER,
            Self::Node(_) => NODE,
            Self::Guest(_) => GUEST,
        }
    }

    /// `None`: it is not there.
    pub(crate) async fn place(&self, cluster: &Cluster<'_>) -> Result<Option<Place>, EngineError> {
        match self {
            Self::Guest(name) => Ok(guest_of(name, cluster).await?.map(of_guest)),
            Self::Cluster | Self::Node(_) => self.place_in(cluster.reader).await,
        }
    }

    /// The same with a fresh list of guests, for writing. `marker` is that of a guest that is a resource: it may just have been made,
    /// or been given another name.
    pub(crate) async fn place_now(&self, reader: Reader<'_>, marker: Option<&Marker>) -> Result<Option<Place>, EngineError> {
        let Self::Guest(name) = self else { return self.place_in(reader).await };
        let guests = reader.guests().await?;
        let is_it = |guest: &&Guest| marker.is_some_and(|marker| guest.markers.contains(marker));
        if let Some(guest) = guests.iter().find(is_it) {
            return Ok(Some(of_guest(guest)));
        }
        if let Some(guest) = listed(name, &guests)? {
            return Ok(Some(of_guest(guest)));
        }
        Ok(listed(name, &with_names(reader, &guests).await?)?.map(of_guest))
    }

    /// Of the cluster or of a node.
    async fn place_in(&self, reader: Reader<'_>) -> Result<Option<Place>, EngineError> {
        let Self::Node(name) = self else { return Ok(Some(Place { root: "/cluster".to_owned(), is_guest: false })) };
        let nodes = reader.nodes().await?;
        let is_known = nodes.iter().any(|node: &Node| node.name == *name);
        Ok(is_known.then(|| Place { root: format!("/nodes/{name}"), is_guest: false }))
    }
}

fn of_guest(guest: &Guest) -> Place {
    Place { root: root_of(guest), is_guest: true }
}

/// The bits of the scopes.
pub(crate) const CLUSTER: u8 = 1;
pub(crate) const NODE: u8 = 2;
pub(crate) const GUEST: u8 = 4;

/// `/nodes/pve1/qemu/100`.
pub(crate) fn root_of(guest: &Guest) -> String {
    guest.path("")
}

/// The guest of that number, or else of that name. Those that the list has without a name are asked for it.
pub(crate) async fn guest_of<'c>(name: &str, cluster: &'c Cluster<'_>) -> Result<Option<&'c Guest>, EngineError> {
    match listed(name, cluster.guests().await?)? {
        None => listed(name, cluster.named_guests().await?),
        found => Ok(found),
    }
}

fn listed<'g>(name: &str, guests: &'g [Guest]) -> Result<Option<&'g Guest>, EngineError> {
    if let Some(guest) = guests.iter().find(|guest| name.parse() == Ok(guest.vmid)) {
        return Ok(Some(guest));
    }
    let named: Vec<&Guest> = guests.iter().filter(|guest| guest.name == name && !guest.is_template).collect();
    match named.as_slice() {
        [] => Ok(None),
        [guest] => Ok(Some(guest)),
        several => {
            let numbers: Vec<String> = several.iter().map(|guest| guest.vmid.to_string()).collect();
            let why = format!("several have this name: {}; write `guest: {{external: {}}}`", numbers.join(", "), numbers[0]);
            Err(EngineError::new(ErrorKind::Conflict, format!("find the guest `{name}`"), why))
        }
    }
}
