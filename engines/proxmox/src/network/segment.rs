//! What does a network tell the guests in it? Its bridge and its VLAN, its addresses, and who leads out of it.

use std::net::IpAddr;

use core_model::portable::{NETWORK_ADDRESS, NETWORK_VLAN};
use core_model::state::DesiredResource;
use ipnet::IpNet;
use serde_json::Value;

use super::types::told_by;
use crate::PROVIDER;

/// What bridges are called unless somebody chose another name.
const BRIDGES: &str = "vmbr";

/// A network as its guests see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The node that it is on. `None` for one that is not of this cluster.
    pub(crate) node: Option<String>,
    pub(crate) bridge: Option<String>,
    pub(crate) vlan: Option<u64>,
    /// What a VLAN-aware bridge lets through, `10` and `100-200`; empty is everything.
    pub(crate) vids: Vec<String>,
    /// Addresses in it that are taken, with the lengths of its networks.
    pub(crate) addresses: Vec<IpNet>,
    pub(crate) gateways: Vec<IpAddr>,
}

/// Why guests cannot be put into a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoSegment {
    /// Its name and fields contradict themselves, which it has findings for.
    Unclear,
    /// A VLAN of something that does not look like a bridge.
    NotOfABridge { device: String, vlan: u64 },
    /// Neither a VLAN nor an address.
    SaysNothing,
}

/// `bridge` is the one that the guest names itself: then it is one, whatever it is called.
pub(crate) fn segment(guest: &DesiredResource, network: &DesiredResource, bridge: Option<&str>) -> Result<Segment, NoSegment> {
    if network.provider == PROVIDER && network.target == guest.target { of_this_cluster(network, bridge) } else { of_others(network) }
}

fn of_this_cluster(network: &DesiredResource, named: Option<&str>) -> Result<Segment, NoSegment> {
    let (node, name) = super::parts(&network.object).ok_or(NoSegment::Unclear)?;
    let around = Segment { node: Some(node.to_owned()), addresses: addresses(network), gateways: own_gateways(network), ..Segment::default() };
    if text(network, "kind") != Some("vlan") {
        return Ok(Segment { bridge: Some(name.to_owned()), vids: words(network, "vids"), ..around });
    }
    let (device, vlan) = device_and_vlan(network, name).ok_or(NoSegment::Unclear)?;
    if !device.starts_with(BRIDGES) && named != Some(&device) {
        return Err(NoSegment::NotOfABridge { device, vlan });
    }
    Ok(Segment { bridge: Some(device), vlan: Some(vlan), ..around })
}

/// A router's network, or one of another cluster: the fields that networks share, whatever their provider.
fn of_others(network: &DesiredResource) -> Result<Segment, NoSegment> {
    let of_a_cluster = network.provider == PROVIDER;
    let named = super::parts(&network.object).filter(|_| of_a_cluster && text(network, "kind") == Some("vlan"));
    let vlan = number(network, NETWORK_VLAN).or_else(|| named.and_then(|(_, name)| told_by(name).1));
    let addresses = addresses(network);
    if vlan.is_none() && addresses.is_empty() {
        return Err(NoSegment::SaysNothing);
    }
    // The address of a router in its network is where packets leave it.
    let gateways = if of_a_cluster { own_gateways(network) } else { addresses.iter().map(IpNet::addr).collect() };
    Ok(Segment { vlan, addresses, gateways, ..Segment::default() })
}

fn device_and_vlan(network: &DesiredResource, name: &str) -> Option<(String, u64)> {
    let told = told_by(name);
    let device = told.0.or_else(|| text(network, "device"))?;
    Some((device.to_owned(), told.1.or_else(|| number(network, "vlan"))?))
}

/// What is said; else the node itself, for a bridge without ports: there is nobody else whom its guests could reach.
fn own_gateways(network: &DesiredResource) -> Vec<IpAddr> {
    let is_alone = text(network, "kind") != Some("vlan") && words(network, "ports").is_empty();
    let way = |gateway: &str, address: &str| {
        let said = text(network, gateway).and_then(|text| text.parse().ok());
        said.or_else(|| text(network, address).filter(|_| is_alone)?.parse().ok().map(|own: IpNet| own.addr()))
    };
    [way("gateway", "address"), way("gateway6", "address6")].into_iter().flatten().collect()
}

fn addresses(network: &DesiredResource) -> Vec<IpNet> {
    [NETWORK_ADDRESS, "address6"].into_iter().filter_map(|field| text(network, field)?.parse().ok()).collect()
}

fn text<'r>(network: &'r DesiredResource, field: &str) -> Option<&'r str> {
    network.spec(field).and_then(Value::as_str)
}

fn number(network: &DesiredResource, field: &str) -> Option<u64> {
    network.spec(field).and_then(Value::as_u64)
}

fn words(network: &DesiredResource, field: &str) -> Vec<String> {
    network.spec(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Segment {
    /// Whether a bridge with such a list lets the VLAN through.
    pub(crate) fn lets_through(&self, vlan: u64) -> bool {
        let holds = |range: &String| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            first.parse::<u64>().is_ok_and(|first| first <= vlan) && last.parse::<u64>().is_ok_and(|last| vlan <= last)
        };
        self.vids.is_empty() || self.vids.iter().any(holds)
    }
}
