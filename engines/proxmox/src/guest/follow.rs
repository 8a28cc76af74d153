//! What follows for a guest from the networks that its cards link to? The bridge, the VLAN, the gateway and the node, where the
//! author leaves them out; where the author says something else, the two are held against each other.

use std::net::IpAddr;

use core_model::following::{Followed, Following, Linked};
use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use ipnet::IpNet;
use serde_json::{Value, json};

use super::GuestKind;
use super::findings::{entries, finding};
use crate::checks::BRIDGE;
use crate::network::segment::{NoSegment, Segment, segment};

const NODE: &str = "metadata.node";
/// A card's address and its gateway, for each family.
const FAMILIES: [(&str, &str); 2] = [("ip", "gateway"), ("ipv6", "gateway_ipv6")];

/// A card with a link.
struct Card<'r> {
    guest: &'r DesiredResource,
    /// `specs.network`
    path: String,
    values: &'r Value,
    /// What the link is called in the blueprint.
    network: String,
}

pub(crate) fn follow(guest: &DesiredResource, linked: &Linked<'_>) -> Following {
    let mut following = Following::default();
    let first = guest.spec("network").map(|values| ("specs.network".to_owned(), values));
    let further = entries(guest, "networks").map(|(slot, values)| (format!("specs.networks.{slot}"), values));
    for (path, values) in first.into_iter().chain(further) {
        let Some(link) = values.get("link") else { continue };
        let name = |key: &str| link.get(key).and_then(Value::as_str);
        let card = |network: &str| Card { guest, path: path.clone(), values, network: network.to_owned() };
        match (name("external"), name("resource")) {
            (Some(bridge), _) => card(bridge).is_in_a_bridge_of_others(&mut following),
            (None, Some(network)) => linked(network).into_iter().for_each(|found| card(network).is_in(found, &mut following)),
            (None, None) => {}
        }
    }
    following
}

impl Card<'_> {
    fn at(&self, field: &str) -> String {
        format!("{}.{field}", self.path)
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.values.get(field).and_then(Value::as_str)
    }

    fn finding(&self, field: &str, summary: &'static str, detail: String, hint: &str) -> Finding {
        finding(self.at(field), summary, detail, hint)
    }

    fn followed(&self, path: String, value: Value) -> Followed {
        Followed { path, value, link: self.at("link") }
    }

    /// `{external: vmbr3}`
    fn is_in_a_bridge_of_others(&self, following: &mut Following) {
        match (BRIDGE.parse)(&self.network) {
            Ok(bridge) => self.bridge(&bridge, following),
            Err(why) => {
                let detail = format!("`{}` {why}: no bridge is called so.", self.network);
                following.findings.push(self.finding("link", "Not a bridge", detail, "for example {external: vmbr1}"));
            }
        }
    }

    fn is_in(&self, network: &DesiredResource, following: &mut Following) {
        let segment = match segment(self.guest, network, self.text("bridge")) {
            Ok(segment) => segment,
            Err(why) => return following.findings.extend(self.unusable(why)),
        };
        if let Some(bridge) = &segment.bridge {
            self.bridge(bridge, following);
        }
        self.vlan(&segment, following);
        self.node(&segment, following);
        for (address, gateway) in FAMILIES {
            self.address(&segment, address, gateway, following);
        }
    }

    fn unusable(&self, why: NoSegment) -> Option<Finding> {
        let network = &self.network;
        match why {
            NoSegment::Unclear => None,
            NoSegment::NotOfABridge { device, vlan } => {
                let detail = format!("`{network}` is VLAN {vlan} of `{device}`, and a guest is put into bridges alone.");
                let hint = format!("link the bridge that has it as a port; where `{device}` is a bridge, say `bridge: {device}` beside the link");
                Some(self.finding("link", "Network without a bridge", detail, &hint))
            }
            NoSegment::SaysNothing => {
                let detail = format!("`{network}` is not of this cluster, and says neither a VLAN nor an address: nothing follows from it.");
                Some(self.finding(
                    "link",
                    "Nothing follows from the link",
                    detail,
                    "link a network of this cluster or of its router, or say `bridge` and `vlan`",
                ))
            }
        }
    }

    fn bridge(&self, bridge: &str, following: &mut Following) {
        match self.text("bridge") {
            None => following.values.push(self.followed(self.at("bridge"), json!(bridge))),
            Some(said) if said != bridge => {
                let detail = format!("`bridge` says `{said}`, and `{}` is in `{bridge}`.", self.network);
                following.findings.push(self.finding("bridge", "Two answers", detail, "leave `bridge` out, or link another network"));
            }
            Some(_) => {}
        }
    }

    fn vlan(&self, segment: &Segment, following: &mut Following) {
        match (self.values.get("vlan").and_then(Value::as_u64), segment.vlan) {
            (None, Some(vlan)) => following.values.push(self.followed(self.at("vlan"), json!(vlan))),
            (Some(said), Some(vlan)) if said != vlan => {
                let detail = format!("`vlan` says {said}, and `{}` is VLAN {vlan}.", self.network);
                following.findings.push(self.finding("vlan", "Two answers", detail, "leave `vlan` out, or link another network"));
            }
            (Some(said), None) if !segment.lets_through(said) => {
                let detail = format!("`{}` lets through the VLANs {}, and not {said}.", self.network, segment.vids.join(", "));
                following.findings.push(self.finding("vlan", "VLAN not let through", detail, "add it to the bridge's `vids`, or choose another"));
            }
            _ => {}
        }
    }

    /// A bridge is of one node, and so are the guests in it.
    fn node(&self, segment: &Segment, following: &mut Following) {
        let Some(node) = &segment.node else { return };
        let said = self.guest.values.get("metadata").and_then(|metadata| metadata.get("node")).and_then(Value::as_str);
        let followed = following.values.iter().find(|followed| followed.path == NODE).and_then(|followed| followed.value.as_str());
        match said.or(followed) {
            None => following.values.push(self.followed(NODE.to_owned(), json!(node))),
            Some(place) if place != node => {
                let noun = GuestKind::of_type(&self.guest.type_name).noun();
                let detail = format!("`{}` is a network of `{node}`, and the {noun} is put on `{place}`.", self.network);
                following.findings.push(self.finding("link", "Network of another node", detail, &format!("link a network of `{place}`")));
            }
            Some(_) => {}
        }
    }

    /// Is the address in the network? Then its gateway follows, for the first card: a guest has one way out.
    fn address(&self, segment: &Segment, field: &str, gateway: &str, following: &mut Following) {
        let Some(own) = self.text(field).and_then(|text| text.parse::<IpNet>().ok()) else { return };
        let is_of_family = |address: IpAddr| address.is_ipv4() == own.addr().is_ipv4();
        let around = segment.addresses.iter().find(|network| is_of_family(network.addr()));
        following.findings.extend(around.and_then(|network| self.misplaced(&own, network, field)));
        let said = self.text(gateway).and_then(|text| text.parse::<IpAddr>().ok());
        let way = segment.gateways.iter().copied().find(|way| is_of_family(*way) && own.contains(way) && *way != own.addr());
        match (said, way) {
            (Some(said), _) => {
                if let Some(network) = around.filter(|network| !network.contains(&said)) {
                    let detail = format!("`{gateway}` says {said}, which is not in {}, the network of `{}`.", network.trunc(), self.network);
                    following.findings.push(self.finding(
                        gateway,
                        "Gateway outside the network",
                        detail,
                        "leave it out, or choose one in the network",
                    ));
                }
            }
            (None, Some(way)) if self.path == "specs.network" => following.values.push(self.followed(self.at(gateway), json!(way.to_string()))),
            _ => {}
        }
    }

    fn misplaced(&self, own: &IpNet, network: &IpNet, field: &str) -> Option<Finding> {
        let said = |summary: &'static str, detail: String, hint: &str| Some(self.finding(field, summary, detail, hint));
        let (name, around) = (&self.network, network.trunc());
        if !network.contains(&own.addr()) {
            return said(
                "Address outside the network",
                format!("{own} is not in {around}, the network of `{name}`."),
                "choose an address there, or link another network",
            );
        }
        if own.prefix_len() != network.prefix_len() {
            let hint = format!("write {}/{}", own.addr(), network.prefix_len());
            return said("Two answers", format!("`{field}` says /{}, and the network of `{name}` is {around}.", own.prefix_len()), &hint);
        }
        let is_taken = own.addr() == network.addr();
        is_taken
            .then(|| said("Address taken", format!("{} is the address of `{name}` itself.", own.addr()), "choose another address there"))
            .flatten()
    }
}
