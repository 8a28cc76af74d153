//! What travels in a datagram? RMCP's header, the session's header, and the payload: IPMI 2.0, section 13.6.
//!
//! Two kinds are not protected: the questions before a session, in the old format of IPMI 1.5, and the messages that open one.
//! Everything else is encrypted and carries a code; see [`super::seal`].

use super::MalformedPacket;

/// Version 1.0, no acknowledgement wanted, class IPMI.
pub(super) const RMCP_HEADER: [u8; 4] = [0x06, 0x00, 0xff, 0x07];
pub(super) const FORMAT_NONE: u8 = 0x00;
pub(super) const FORMAT_RMCP_PLUS: u8 = 0x06;

/// A longer datagram is not looked at. The longest that BMCs send holds 255 bytes of data and less than 100 around them.
pub(super) const DATAGRAM_BYTES_MAX: usize = 1_024;

/// What an unprotected RMCP+ packet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setup {
    OpenRequest,
    OpenReply,
    Rakp1,
    Rakp2,
    Rakp3,
    Rakp4,
}

impl Setup {
    const ALL: [(Self, u8); 6] =
        [(Self::OpenRequest, 0x10), (Self::OpenReply, 0x11), (Self::Rakp1, 0x12), (Self::Rakp2, 0x13), (Self::Rakp3, 0x14), (Self::Rakp4, 0x15)];

    fn number(self) -> u8 {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or(0, |(_, number)| *number)
    }
}

/// A datagram, as far as it can be understood without keys.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet<'a> {
    /// An IPMI message outside of any session.
    Plain(&'a [u8]),
    Setup(Setup, &'a [u8]),
    /// Everything behind RMCP's header: what the code covers, and the code.
    Sealed(&'a [u8]),
}

pub(super) fn decode(datagram: &[u8]) -> Result<Packet<'_>, MalformedPacket> {
    let rest = datagram.strip_prefix(&RMCP_HEADER).ok_or(MalformedPacket("it does not begin as RMCP does"))?;
    match rest.first() {
        Some(&FORMAT_NONE) => plain(rest),
        Some(&FORMAT_RMCP_PLUS) => plus(rest),
        _ => Err(MalformedPacket("it has an unknown session format")),
    }
}

/// Format, session sequence number, session id, length: no session, so the middle ones are zero.
fn plain(rest: &[u8]) -> Result<Packet<'_>, MalformedPacket> {
    let Some((header, message)) = rest.split_at_checked(10) else {
        return Err(MalformedPacket("its session header is cut off"));
    };
    if header[1..9] != [0; 8] {
        return Err(MalformedPacket("it belongs to a session without protection"));
    }
    // Some BMCs send a byte more than they count.
    message.get(..usize::from(header[9])).map(Packet::Plain).ok_or(MalformedPacket("it is shorter than it says"))
}

fn plus(rest: &[u8]) -> Result<Packet<'_>, MalformedPacket> {
    const ENCRYPTED_AND_AUTHENTICATED: u8 = 0xc0;
    /// An IPMI message without protection, by which some BMCs answer what was asked in the old format.
    const MESSAGE: u8 = 0x00;
    let Some((header, after)) = rest.split_at_checked(12) else {
        return Err(MalformedPacket("its session header is cut off"));
    };
    match header[1] {
        ENCRYPTED_AND_AUTHENTICATED => Ok(Packet::Sealed(rest)),
        number => {
            let kind = Setup::ALL.iter().find(|(_, known)| *known == number).map(|(kind, _)| *kind);
            if kind.is_none() && number != MESSAGE {
                return Err(MalformedPacket("its payload is neither protected nor one that opens a session"));
            }
            if header[2..10] != [0; 8] {
                return Err(MalformedPacket("it belongs to a session without protection"));
            }
            let length = usize::from(u16::from_le_bytes([header[10], header[11]]));
            let payload = after.get(..length).ok_or(MalformedPacket("it is shorter than it says"))?;
            Ok(kind.map_or(Packet::Plain(payload), |kind| Packet::Setup(kind, payload)))
        }
    }
}

/// A question outside of any session. Messages of that kind are a dozen bytes long.
pub(super) fn encode_plain(message: &[u8]) -> Vec<u8> {
    let length = u8::try_from(message.len()).expect("messages outside of sessions are short");
    let mut bytes = RMCP_HEADER.to_vec();
    bytes.push(FORMAT_NONE);
    bytes.extend([0; 8]);
    bytes.push(length);
    bytes.extend(message);
    bytes
}

pub(super) fn encode_setup(kind: Setup, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).expect("messages that open a session are short");
    let mut bytes = RMCP_HEADER.to_vec();
    bytes.extend([FORMAT_RMCP_PLUS, kind.number()]);
    bytes.extend([0; 8]);
    bytes.extend(length.to_le_bytes());
    bytes.extend(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_datagram_is_read_without_a_panic(datagram in prop::collection::vec(any::<u8>(), 0..DATAGRAM_BYTES_MAX)) {
            let _ = decode(&datagram);
        }

        #[test]
        fn anything_behind_a_good_beginning_is_read_without_a_panic(
            format in prop::sample::select(vec![FORMAT_NONE, FORMAT_RMCP_PLUS]), rest in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            let _ = decode(&[&RMCP_HEADER[..], &[format], &rest].concat());
        }

        #[test]
        fn what_is_written_is_read(message in prop::collection::vec(any::<u8>(), 0..255)) {
            let plain = encode_plain(&message);
            prop_assert_eq!(decode(&plain), Ok(Packet::Plain(&message)));
            for (kind, _) in Setup::ALL {
                let setup = encode_setup(kind, &message);
                prop_assert_eq!(decode(&setup), Ok(Packet::Setup(kind, &message)));
            }
        }
    }

    #[test]
    fn an_answer_outside_of_sessions_may_come_in_the_new_format() {
        let answer = [&RMCP_HEADER[..], &[FORMAT_RMCP_PLUS, 0x00], &[0; 8], &[1, 0, 7]].concat();
        assert_eq!(decode(&answer), Ok(Packet::Plain(&[7])));
    }

    #[test]
    fn a_session_without_protection_is_not_listened_to() {
        let mut old = encode_plain(&[1, 2, 3]);
        old[6] = 1;
        assert!(decode(&old).is_err());
        let unprotected_message = [&RMCP_HEADER[..], &[FORMAT_RMCP_PLUS, 0x00, 1], &[0; 7], &[1, 0, 7]].concat();
        assert!(decode(&unprotected_message).is_err());
        let only_authenticated = [&RMCP_HEADER[..], &[FORMAT_RMCP_PLUS, 0x40], &[0; 8], &[1, 0, 7]].concat();
        assert!(decode(&only_authenticated).is_err());
    }
}
