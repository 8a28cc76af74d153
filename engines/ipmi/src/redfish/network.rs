//! What is the BMC itself called, and whom does it ask for names? Told by the network interface that we reach it by.

use std::net::IpAddr;

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{collection, link};
use crate::driver::Network;

pub(super) const ATTEMPT: &str = "read about the BMC's network interface";

pub(super) fn is_told(service: &Service) -> bool {
    place(service).is_some()
}

fn place(service: &Service) -> Option<&str> {
    link::of(service.manager.as_ref()?, "EthernetInterfaces")
}

pub(super) async fn read(client: &mut Client, service: &Service) -> Result<Option<Network>, EngineError> {
    Ok(interface(client, service).await?.as_ref().map(network))
}

/// The interface that is meant. `None`: there is none, or nothing tells which.
pub(super) async fn interface(client: &mut Client, service: &Service) -> Result<Option<Value>, EngineError> {
    let Some(place) = place(service).map(str::to_owned) else { return Ok(None) };
    let found = collection::resources(client, ATTEMPT, &place).await?;
    let host = client.options.base.host_str().and_then(|host| host.trim_matches(['[', ']']).parse().ok());
    Ok(chosen(found, host))
}

/// The one with the address that we use, or else the only one with an address that somebody could use.
fn chosen(mut found: Vec<Value>, host: Option<IpAddr>) -> Option<Value> {
    let ours = found.iter().position(|interface| host.is_some_and(|host| addresses(interface).contains(&host)));
    if let Some(index) = ours {
        return Some(found.swap_remove(index));
    }
    if found.len() > 1 {
        found.retain(|interface| addresses(interface).into_iter().any(is_usable));
    }
    if found.len() == 1 { found.pop() } else { None }
}

fn addresses(interface: &Value) -> Vec<IpAddr> {
    let lists = ["IPv4Addresses", "IPv6Addresses"].into_iter().filter_map(|name| interface.get(name)?.as_array());
    lists.flatten().filter_map(|address| address.get("Address")?.as_str()?.parse().ok()).collect()
}

fn is_usable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_unspecified() && !address.is_link_local(),
        IpAddr::V6(address) => !address.is_unspecified() && !address.is_unicast_link_local(),
    }
}

/// Servers that DHCP names are not ours, and those of ours are not asked then.
fn network(interface: &Value) -> Network {
    let hostname = interface.get("HostName").and_then(Value::as_str).map(|name| name.trim().to_ascii_lowercase());
    let listed = interface.get("StaticNameServers").and_then(Value::as_array);
    let is_asked = takes_theirs(interface).is_empty();
    let name_servers = listed.map(|listed| {
        let written = listed.iter().filter_map(Value::as_str).filter_map(|server| server.trim().parse::<IpAddr>().ok());
        written.filter(|server| !server.is_unspecified() && is_asked).map(|server| server.to_string()).collect()
    });
    Network { hostname, name_servers }
}

/// The kinds of DHCP that say which name servers are asked.
pub(super) fn takes_theirs(interface: &Value) -> Vec<&'static str> {
    let says = |dhcp: &Value| {
        let is_off = dhcp.get("DHCPEnabled") == Some(&Value::Bool(false)) || dhcp.get("OperatingMode").is_some_and(|mode| mode == "Disabled");
        !is_off && dhcp.get("UseDNSServers") == Some(&Value::Bool(true))
    };
    ["DHCPv4", "DHCPv6"].into_iter().filter(|name| interface.get(name).is_some_and(says)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_interface_is_the_one_that_we_reach_it_by() {
        let interface = |id: &str, address: &str| json!({"Id": id, "IPv4Addresses": [{"Address": address}]});
        let three = || vec![interface("usb0", "169.254.1.1"), interface("eth0", "10.9.0.11"), interface("eth1", "0.0.0.0")];
        let id = |found: Vec<Value>, host: &str| chosen(found, host.parse().ok()).map(|found| found["Id"].as_str().unwrap_or_default().to_owned());
        assert_eq!(id(three(), "10.9.0.11").as_deref(), Some("eth0"));
        assert_eq!(id(three(), "169.254.1.1").as_deref(), Some("usb0"));
        assert_eq!(id(three(), "a name").as_deref(), Some("eth0"), "the only one with an address of use");
        assert_eq!(id(vec![interface("a", "10.0.0.1"), interface("b", "10.0.0.2")], "a name"), None);
        assert_eq!(id(vec![json!({"Id": "only"})], "a name").as_deref(), Some("only"));
    }

    #[test]
    fn servers_that_are_not_asked_are_none() {
        let told = |dhcp: Value| network(&json!({"HostName": " BMC-1 ", "StaticNameServers": ["10.0.0.1", "0.0.0.0", "", null], "DHCPv4": dhcp}));
        let ours = Some(vec!["10.0.0.1".to_owned()]);
        assert_eq!(told(json!({})), Network { hostname: Some("bmc-1".to_owned()), name_servers: ours.clone() });
        assert_eq!(told(json!({"DHCPEnabled": true, "UseDNSServers": true})).name_servers, Some(Vec::new()));
        assert_eq!(told(json!({"DHCPEnabled": false, "UseDNSServers": true})).name_servers, ours);
        let both = json!({"DHCPv4": {"UseDNSServers": true}, "DHCPv6": {"OperatingMode": "Stateless", "UseDNSServers": true}});
        assert_eq!(takes_theirs(&both), ["DHCPv4", "DHCPv6"]);
        assert!(takes_theirs(&json!({"DHCPv6": {"OperatingMode": "Disabled", "UseDNSServers": true}})).is_empty());
        assert_eq!(network(&json!({})), Network::default());
    }
}
