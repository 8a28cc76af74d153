//! What may be said of the BMC's own network? Its name and name servers over Redfish, its addresses over IPMI.

use std::net::Ipv4Addr;

use core_model::plan::{FieldChange, Risk, Step};
use core_model::resource_type::Finding;
use core_model::schema::{Check, Field, Kind};
use core_model::state::DesiredResource;
use serde_json::Value;

use super::compute::finding;
use super::words::{ADDRESS_SOURCES, HOST_NAME};

/// Whoever changes it may not be heard of any more: it is the way by which it is changed.
const fn way(field: Field) -> Field {
    field.keep_when_unset().risk(Risk::MayDisconnect)
}

pub(super) const FIELDS: &[Field] = &[
    Field::new("hostname", Kind::Checked(&HOST_NAME), "What the BMC calls itself in its network; Redfish only.").keep_when_unset(),
    Field::new("dns", Kind::List(&Kind::Ip), "The name servers that it asks, in place of those that DHCP names; Redfish only.").keep_when_unset(),
    way(Field::new("source", Kind::Word(ADDRESS_SOURCES), "Who says which address it has; IPMI only, as all that follows.")),
    way(Field::new("address", Kind::Checked(&IPV4), "Its address.")),
    way(Field::new("netmask", Kind::Checked(&IPV4), "Which addresses it reaches without a gateway.")),
    way(Field::new("gateway", Kind::Checked(&IPV4), "Where its packets for elsewhere go.")),
    way(Field::new("vlan", Kind::Integer { min: 0, max: 4_094 }, "The tag that its packets carry; 0 for none.")),
];

const IPV4: Check = Check { what: "an IPv4 address", example: "10.9.0.11", parse: parse_ipv4, comparable: Check::whole };

fn parse_ipv4(text: &str) -> Result<String, String> {
    text.parse::<Ipv4Addr>().map(|address| address.to_string()).map_err(|_| "is no IPv4 address".to_owned())
}

const ADDRESSES: [&str; 5] = ["specs.bmc.source", "specs.bmc.address", "specs.bmc.netmask", "specs.bmc.gateway", "specs.bmc.vlan"];

/// Whether a change is of the way by which the BMC is reached.
pub(super) fn is_of_the_way(change: &FieldChange) -> bool {
    ADDRESSES.contains(&change.path.as_str())
}

pub(super) fn findings(resource: &DesiredResource) -> Vec<Finding> {
    let Some(bmc) = resource.spec("bmc") else { return Vec::new() };
    let given = |name: &str| bmc.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Ipv4Addr>().ok());
    let mut findings = Vec::new();
    let by_dhcp = bmc.get("source").is_some_and(|source| source == "dhcp");
    if let Some(name) = ["address", "netmask", "gateway"].into_iter().find(|name| by_dhcp && given(name).is_some()) {
        let detail = format!("`source: dhcp` lets the network say what `{name}` is.");
        findings.push(finding(format!("specs.bmc.{name}"), "Address by two ways", detail, "take one of them out"));
    }
    let netmask = given("netmask").map(u32::from);
    if netmask.is_some_and(|netmask| netmask.leading_ones() + netmask.trailing_zeros() != u32::BITS) {
        let detail = "Behind the first 0 of a netmask there are only zeros.";
        findings.push(finding("specs.bmc.netmask", "No netmask", detail, "for example 255.255.255.0"));
    } else if let (Some(address), Some(netmask), Some(gateway)) = (given("address"), netmask, given("gateway"))
        && u32::from(address) & netmask != u32::from(gateway) & netmask
        && !gateway.is_unspecified()
    {
        let detail = format!("`{gateway}` is not in the network of `{address}`: the BMC could not be reached from elsewhere any more.");
        findings.push(finding("specs.bmc.gateway", "Gateway out of reach", detail, "correct one of address, netmask and gateway"));
    }
    findings
}

/// What a reviewer has to know who lets the way be changed.
pub(super) fn remark(step: &Step) -> Option<String> {
    step.changes.iter().find(|change| is_of_the_way(change))?;
    Some(
        "the BMC is reached by what is changed here: its answer may be lost, and then the step counts as failed and a person has to look. Where it \
         is at another address afterwards, write that as the target's in a pull request of its own; until then the machine is unknown"
            .to_owned(),
    )
}
