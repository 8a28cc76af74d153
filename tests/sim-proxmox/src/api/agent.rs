//! What does the agent inside a guest answer?

use serde_json::{Value, json};

use super::guest::agent_is_on;
use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::Guest;

fn check(call: &Call<'_>) -> Result<(), Refusal> {
    let vmid = call.vmid()?;
    let guest = call.guest()?;
    let refuse = |words: String| Err(Refusal::failed(words));
    match () {
        () if !agent_is_on(guest) => refuse("No QEMU guest agent configured".to_owned()),
        () if !guest.is_running() => refuse(format!("VM {vmid} is not running")),
        () if !guest.agent_installed => refuse("QEMU guest agent is not running".to_owned()),
        () => Ok(()),
    }
}

pub(super) fn ping(call: &mut Call<'_>) -> Outcome {
    check(call)?;
    Ok(Reply::Data(json!({ "result": {} })))
}

pub(super) fn interfaces(call: &mut Call<'_>) -> Outcome {
    check(call)?;
    let guest = call.guest()?;
    let rows: Vec<Value> = addresses(guest)
        .map(|(name, mac, addresses)| {
            let addresses: Vec<Value> = addresses
                .iter()
                .map(|address| {
                    let (ip, prefix) = address.split_once('/').unwrap_or((address, "32"));
                    let kind = if ip.contains(':') { "ipv6" } else { "ipv4" };
                    json!({ "ip-address": ip, "ip-address-type": kind, "prefix": prefix.parse::<u8>().unwrap_or(32) })
                })
                .collect();
            json!({ "name": name, "hardware-address": mac.to_lowercase(), "ip-addresses": addresses })
        })
        .collect();
    Ok(Reply::Data(json!({ "result": rows })))
}

/// A container's own list, which needs no agent.
pub(super) fn container_interfaces(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let rows = addresses(guest).map(|(name, mac, addresses)| {
        let mut row = json!({ "name": name, "hwaddr": mac.to_lowercase(), "hardware-address": mac.to_lowercase(), "ip-addresses": [] });
        for address in addresses {
            row[if address.contains(':') { "inet6" } else { "inet" }] = json!(address);
        }
        row
    });
    Ok(Reply::Data(rows.collect()))
}

/// The loopback, and the interfaces a test gave the guest.
fn addresses(guest: &Guest) -> impl Iterator<Item = (String, String, Vec<String>)> {
    let loopback = ("lo".to_owned(), "00:00:00:00:00:00".to_owned(), vec!["127.0.0.1/8".to_owned(), "::1/128".to_owned()]);
    let mac = guest.option("net0").map(super::net::parts).and_then(|mut parts| parts.remove("macaddr").or_else(|| parts.remove("hwaddr")));
    let mac = mac.unwrap_or_else(|| "00:00:00:00:00:01".to_owned());
    std::iter::once(loopback).chain(guest.addresses.iter().map(move |(name, addresses)| (name.clone(), mac.clone(), addresses.clone())))
}
