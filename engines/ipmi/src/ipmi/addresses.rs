//! What does a BMC say of its own addresses, and in which bytes? On the channel that we came in by.

use std::net::Ipv4Addr;

use engine_api::{EngineError, ErrorKind};

use super::client::Client;
use super::command::lan::{ADDRESS, ADDRESS_SOURCE, GATEWAY, GetLanParameter, NETMASK, VLAN};
use crate::driver::{AddressSource, Addresses};

/// Table 23-4, parameter 4. Others are the firmware's and protocols' of which nobody asks.
const SOURCES: &[(u8, AddressSource)] = &[(1, AddressSource::Static), (2, AddressSource::Dhcp)];
/// The top bit of the second byte of parameter 20.
const TAGGED: u8 = 0x80;

/// `None`: it does not tell, or we may not know. An account for power alone need not.
pub(super) async fn read(client: &mut Client) -> Result<Option<Addresses>, EngineError> {
    match parameters(client).await {
        Err(error) if error.kind == ErrorKind::Unauthorised => Ok(None),
        read => read.map(|read| Some(read).filter(|read| *read != Addresses::default())),
    }
}

async fn parameters(client: &mut Client) -> Result<Addresses, EngineError> {
    let source = client.ask_if_there(&GetLanParameter::<1> { parameter: ADDRESS_SOURCE }).await?;
    let vlan = client.ask_if_there(&GetLanParameter::<2> { parameter: VLAN }).await?;
    Ok(Addresses {
        source: source.and_then(|[byte]| SOURCES.iter().find(|(number, _)| *number == byte & 0x0f)).map(|(_, source)| *source),
        address: address(client, ADDRESS).await?,
        netmask: address(client, NETMASK).await?,
        gateway: address(client, GATEWAY).await?,
        vlan: vlan.map(|[low, high]| if high & TAGGED == 0 { 0 } else { u16::from_le_bytes([low, high & 0x0f]) }),
    })
}

async fn address(client: &mut Client, parameter: u8) -> Result<Option<Ipv4Addr>, EngineError> {
    Ok(client.ask_if_there(&GetLanParameter::<4> { parameter }).await?.map(Ipv4Addr::from))
}

/// The tag as it is kept, which it is also while it is not used.
pub(super) async fn tag(client: &mut Client) -> Result<[u8; 2], EngineError> {
    Ok(client.ask_if_there(&GetLanParameter::<2> { parameter: VLAN }).await?.unwrap_or_default())
}

/// A parameter and its bytes, for each thing that is to be set: what only prepares comes before what may cut us off. A tag that is no
/// longer used stays where it is, as ipmitool leaves it: some BMCs do not take a zero.
pub(super) fn written(wanted: &Addresses, tag_now: [u8; 2]) -> Vec<(u8, Vec<u8>)> {
    let source = |wanted: AddressSource| SOURCES.iter().find(|(_, source)| *source == wanted).map(|(number, _)| vec![*number]);
    let source_if = |asked: AddressSource| wanted.source.filter(|source| *source == asked).and_then(source);
    let bytes = |address: Ipv4Addr| address.octets().to_vec();
    let tag = |vlan: u16| match (vlan, vlan.to_le_bytes()) {
        (0, _) => vec![tag_now[0], tag_now[1] & 0x0f],
        (_, [low, high]) => vec![low, high | TAGGED],
    };
    let all = [
        (ADDRESS_SOURCE, source_if(AddressSource::Static)),
        (NETMASK, wanted.netmask.map(bytes)),
        (GATEWAY, wanted.gateway.map(bytes)),
        (ADDRESS, wanted.address.map(bytes)),
        (VLAN, wanted.vlan.map(tag)),
        (ADDRESS_SOURCE, source_if(AddressSource::Dhcp)),
    ];
    all.into_iter().filter_map(|(parameter, bytes)| Some((parameter, bytes?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_cut_us_off_comes_last() {
        let fixed = Addresses {
            source: Some(AddressSource::Static),
            address: Some(Ipv4Addr::new(10, 9, 0, 11)),
            netmask: Some(Ipv4Addr::new(255, 255, 255, 0)),
            gateway: Some(Ipv4Addr::new(10, 9, 0, 1)),
            vlan: Some(0x123),
        };
        let expected: Vec<(u8, Vec<u8>)> =
            vec![(4, vec![1]), (6, vec![255, 255, 255, 0]), (12, vec![10, 9, 0, 1]), (3, vec![10, 9, 0, 11]), (20, vec![0x23, 0x81])];
        assert_eq!(written(&fixed, [0, 0]), expected);
        let by_dhcp = Addresses { source: Some(AddressSource::Dhcp), vlan: Some(0), ..Addresses::default() };
        assert_eq!(written(&by_dhcp, [0x23, 0x81]), [(20, vec![0x23, 0x01]), (4, vec![2])]);
    }
}
