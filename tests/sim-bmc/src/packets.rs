//! What is in a datagram? Taken apart and put together again.

/// A datagram after RMCP's header.
pub(crate) enum Packet<'a> {
    /// IPMI 1.5, outside of any session.
    Plain(&'a [u8]),
    /// RMCP+: payload type, session id, sequence, payload, and everything that a code covers with the code behind it.
    Plus { kind: u8, session: u32, sequence: u32, payload: &'a [u8], covered: &'a [u8] },
}

pub(crate) fn take_apart(datagram: &[u8]) -> Option<Packet<'_>> {
    let rest = datagram.strip_prefix(&[6, 0, 0xff, 7])?;
    match rest.first()? {
        0 if rest.get(1..9)? == [0; 8] => Some(Packet::Plain(rest.get(10..10 + usize::from(*rest.get(9)?))?)),
        6 => {
            let number = |at: usize| rest.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
            let length = usize::from(u16::from_le_bytes(rest.get(10..12)?.try_into().ok()?));
            Some(Packet::Plus { kind: *rest.get(1)?, session: number(2)?, sequence: number(6)?, payload: rest.get(12..12 + length)?, covered: rest })
        }
        _ => None,
    }
}

pub(crate) fn plain(message: &[u8]) -> Vec<u8> {
    [&[6, 0, 0xff, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, message.len() as u8], message].concat()
}

pub(crate) fn setup(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16).to_le_bytes();
    [&[6, 0, 0xff, 7, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0], &length[..], payload].concat()
}

/// A request as it stands in a message.
pub(crate) struct Message {
    pub(crate) function: u8,
    pub(crate) command: u8,
    pub(crate) sequence: u8,
    pub(crate) data: Vec<u8>,
}

impl Message {
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < 7 || sum(&bytes[..3]) != 0 || sum(&bytes[3..]) != 0 {
            return None;
        }
        Some(Self { function: bytes[1] >> 2, sequence: bytes[4] >> 2, command: bytes[5], data: bytes[6..bytes.len() - 1].to_vec() })
    }

    pub(crate) fn answer(&self, completion: u8, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x81, (self.function | 1) << 2];
        bytes.push(sum(&bytes).wrapping_neg());
        bytes.extend([0x20, self.sequence << 2, self.command, completion]);
        bytes.extend(data);
        bytes.push(sum(&bytes[3..]).wrapping_neg());
        bytes
    }
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}
