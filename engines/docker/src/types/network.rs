//! What is a Docker network? Its table. Docker can change nothing on an existing network, so every change makes it anew.

use std::net::IpAddr;

use core_model::plan::Risk;
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::Value;

use super::names::{label_findings, name_findings};
use super::{METADATA, PROVIDER};

/// A replaced network disconnects what is attached to it for a moment.
const fn remade(field: Field) -> Field {
    field.replace().risk(Risk::MayDisconnect)
}

const SPECS: &[Field] = &[
    remade(Field::new("name", Kind::Text, "What the network is called, in place of `<prefix><blueprint>-<resource>`.")),
    remade(Field::new("driver", Kind::Text, "The network driver; `bridge` when left out.")),
    remade(Field::new("internal", Kind::Boolean, "Whether the network has no way out of the host.")),
    remade(Field::new("attachable", Kind::Boolean, "Whether containers may join a network of a swarm by hand.")),
    remade(Field::new("subnet", Kind::Cidr, "The addresses of the network; Docker chooses when left out.")),
    remade(Field::new("gateway", Kind::Ip, "The host's address in the network; Docker chooses when left out.")),
    remade(Field::new("labels", Kind::Map(&Kind::Text), "Labels; `ipr.` at the start is ours.")),
];

/// A Docker network.
#[derive(Debug, Clone, Copy)]
pub struct Network;

impl ResourceType for Network {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "network",
            provider: PROVIDER,
            meaning: "A network between containers of one Docker engine.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::BlueprintAndResource,
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mut findings = name_findings(resource);
        findings.extend(label_findings(resource));
        findings.extend(address_finding(resource));
        findings
    }
}

fn address_finding(resource: &DesiredResource) -> Option<Finding> {
    let text = |name: &str| resource.spec(name).and_then(Value::as_str);
    let finding = |path: &str, detail: String, hint: &str| {
        Some(Finding { path: path.to_owned(), summary: "Addresses do not fit", detail, hint: Some(hint.to_owned()) })
    };
    let Some(subnet) = text("subnet") else {
        let gateway = text("gateway")?;
        return finding("specs.gateway", format!("The gateway {gateway} is given without a subnet."), "give `subnet` too");
    };
    let (network, length) = subnet.split_once('/')?;
    let (network, length): (IpAddr, u32) = (network.parse().ok()?, length.parse().ok()?);
    if masked(network, length) != masked(network, 128) {
        return finding("specs.subnet", format!("{subnet} is an address in a network, not a network."), "write the network's first address");
    }
    let gateway: IpAddr = text("gateway")?.parse().ok()?;
    if masked(gateway, length) != masked(network, length) || gateway.is_ipv4() != network.is_ipv4() {
        return finding("specs.gateway", format!("The gateway {gateway} is not in {subnet}."), "choose an address of the subnet");
    }
    None
}

/// The first `length` bits of an address, the others zero.
fn masked(address: IpAddr, length: u32) -> u128 {
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let dropped = 128 - length.min(width);
    let top = bits << (128 - width);
    if dropped == 128 { 0 } else { (top >> dropped) << dropped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked() {
        let masked = |text: &str, length| masked(text.parse().expect("an address"), length);
        assert_eq!(masked("10.1.2.3", 24), masked("10.1.2.0", 32));
        assert_ne!(masked("10.1.2.3", 24), masked("10.1.3.0", 32));
        assert_eq!(masked("fd00::1", 64), masked("fd00::", 128));
        assert_eq!(masked("10.1.2.3", 0), 0);
    }
}
