//! What does a BMC say of itself before anybody has logged in? Whether it speaks IPMI 2.0, and its cipher suites.
//!
//! Nothing protects these answers. They can make a login fail, or take suite 3 where 17 would have been possible; who wants to
//! rule that out pins the suite.

use super::MalformedPacket;
use super::link::{Link, NoAnswer};
use super::message::{Reply, Request};
use super::packet::{Packet, decode, encode_plain};

const APPLICATION: u8 = 0x06;
const THIS_CHANNEL: u8 = 0x0e;
/// Suites come in pieces of sixteen bytes; there are 64 pieces at most.
const PIECES_MAX: u8 = 64;
const PIECE_BYTES: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capabilities {
    pub(super) speaks_2_0: bool,
    /// The BMC has a key of its own, which sessions need beside the password.
    pub(super) needs_bmc_key: bool,
}

/// Get Channel Authentication Capabilities: IPMI 2.0, table 22-15.
pub(super) async fn capabilities(link: &Link) -> Result<Result<Capabilities, MalformedPacket>, NoAnswer> {
    const EXTENDED: u8 = 0x80;
    const ADMINISTRATOR: u8 = 0x04;
    let data = [EXTENDED | THIS_CHANNEL, ADMINISTRATOR];
    Ok(read_capabilities(&ask(link, 0x38, &data).await?))
}

fn read_capabilities(reply: &Reply) -> Result<Capabilities, MalformedPacket> {
    let [_, methods, status, extended, ..] = reply.data[..] else {
        return Err(MalformedPacket("its answer about authentication is cut off"));
    };
    let is_extended = methods & 0x80 != 0;
    Ok(Capabilities { speaks_2_0: reply.completion == 0 && is_extended && extended & 0x02 != 0, needs_bmc_key: status & 0x20 != 0 })
}

/// Get Channel Cipher Suites: IPMI 2.0, table 22-17. `None` where the BMC does not tell.
pub(super) async fn suites(link: &Link) -> Option<Vec<u8>> {
    const BY_SUITE: u8 = 0x80;
    let mut records = Vec::new();
    for piece in 0..PIECES_MAX {
        let reply = ask(link, 0x54, &[THIS_CHANNEL, 0x00, BY_SUITE | piece]).await.ok().filter(|reply| reply.completion == 0)?;
        let bytes = reply.data.get(1..)?;
        records.extend(bytes.iter().take(PIECE_BYTES));
        if bytes.len() < PIECE_BYTES {
            break;
        }
    }
    let found = ids(&records);
    // An empty list is a BMC that does not implement the question.
    (!found.is_empty()).then_some(found)
}

/// Suites among records: a tag, a number, a vendor's number where the tag says so, and algorithms, whose top bits say of what
/// kind they are. A vendor's suites are passed over.
fn ids(records: &[u8]) -> Vec<u8> {
    const STANDARD: u8 = 0xc0;
    const VENDORS: u8 = 0xc1;
    let (mut found, mut rest) = (Vec::new(), records);
    while let [tag, after @ ..] = rest {
        rest = match (*tag, after) {
            (STANDARD, [id, after @ ..]) => {
                found.push(*id);
                after
            }
            (VENDORS, [_, _, _, _, after @ ..]) => after,
            _ => after,
        };
    }
    found
}

async fn ask(link: &Link, command: u8, data: &[u8]) -> Result<Reply, NoAnswer> {
    // Outside of sessions any number will do; questions differ by their command.
    let request = Request { function: APPLICATION, command, data };
    let datagram = encode_plain(&request.encode(0));
    let take = |bytes: &[u8]| match decode(bytes)? {
        Packet::Plain(message) => {
            let reply = Reply::decode(message)?;
            if reply.answers(&request, 0) { Ok(reply) } else { Err(MalformedPacket("it answers another question")) }
        }
        _ => Err(MalformedPacket("it belongs to a session")),
    };
    link.ask(|| datagram.clone(), take).await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn suites_are_found_among_records() {
        for (records, expected) in [
            (&[0xc0, 3, 0x01, 0x41, 0x81, 0xc0, 17, 0x03, 0x44, 0x81][..], vec![3, 17]),
            (&[0xc1, 99, 1, 2, 3, 0x01, 0xc0, 17, 0x03, 0x44, 0x81][..], vec![17]),
            (&[0xc0][..], vec![]),
            (&[0xc1, 1][..], vec![]),
            (&[][..], vec![]),
        ] {
            assert_eq!(ids(records), expected, "{records:02x?}");
        }
    }

    proptest! {
        #[test]
        fn any_records_are_read_without_a_panic(records in prop::collection::vec(any::<u8>(), 0..1_024)) {
            prop_assert!(ids(&records).len() <= records.len());
        }
    }
}
