//! What do the rules of a chain do with a packet?

use std::net::Ipv4Addr;

use super::rule::{Packet, matches};
use crate::world::{Item, World};

/// Chains that jump to each other may do so in a circle.
const JUMPS_MAX: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chain {
    Prerouting,
    Input,
    Forward,
    Output,
}

impl Chain {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Prerouting => "prerouting",
            Self::Input => "input",
            Self::Forward => "forward",
            Self::Output => "output",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accept,
    /// By this rule: its comment, or its identity.
    Drop(String),
}

/// The end of a chain accepts.
pub(super) fn judge(world: &World, menu: &str, chain: Chain, packet: &Packet) -> Verdict {
    walk(world, menu, chain.as_str(), packet, 0).unwrap_or(Verdict::Accept)
}

/// Nothing if the chain leaves the decision to the one that jumped here.
fn walk(world: &World, menu: &str, chain: &str, packet: &Packet, depth: usize) -> Option<Verdict> {
    for rule in rules(world, menu, chain).filter(|rule| matches(world, rule, packet)) {
        match rule.get("action").unwrap_or("accept") {
            "accept" => return Some(Verdict::Accept),
            "drop" | "reject" | "tarpit" => return Some(Verdict::Drop(name_of(rule))),
            "return" => return None,
            "jump" if depth < JUMPS_MAX => {
                let decided = walk(world, menu, rule.get("jump-target").unwrap_or_default(), packet, depth + 1);
                if decided.is_some() {
                    return decided;
                }
            }
            // Marks, logs, lists and fasttrack let a packet go on.
            _ => {}
        }
    }
    None
}

/// Where a rule sends a packet instead: another address, or the router itself at another port.
pub(super) fn translated(world: &World, packet: &Packet) -> Option<Ipv4Addr> {
    let rule = rules(world, "/ip/firewall/nat", "dstnat").find(|rule| {
        let is_decision = matches!(rule.get("action").unwrap_or("accept"), "accept" | "dst-nat" | "netmap" | "redirect");
        is_decision && matches(world, rule, packet)
    })?;
    match rule.get("action").unwrap_or("accept") {
        "accept" => None,
        "redirect" => Some(packet.destination),
        _ => rule.get("to-addresses").and_then(|text| text.parse().ok()).or(Some(packet.destination)),
    }
}

fn rules<'world>(world: &'world World, menu: &str, chain: &'world str) -> impl Iterator<Item = &'world Item> {
    world.config.entries(menu).items.iter().filter(move |rule| rule.get("chain") == Some(chain) && !rule.is_disabled())
}

fn name_of(rule: &Item) -> String {
    rule.get("comment").map_or_else(|| rule.id.to_string(), |comment| format!("\"{comment}\""))
}
