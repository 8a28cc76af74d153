//! What does an IPMI message look like? Addresses, network function, command, data and two checksums (IPMI 2.0, section 13.8).

use zeroize::Zeroizing;

use super::MalformedPacket;

const BMC_ADDRESS: u8 = 0x20;
/// What remote consoles call themselves.
const CONSOLE_ADDRESS: u8 = 0x81;
/// Sequence numbers have six bits.
pub(super) const SEQUENCE_MODULUS: u8 = 64;
/// With every field, and without any data.
const REQUEST_BYTES_MIN: usize = 7;
const REPLY_BYTES_MIN: usize = 8;

/// What is asked of a BMC, as bytes.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) function: u8,
    pub(crate) command: u8,
    pub(crate) data: &'a [u8],
}

impl Request<'_> {
    /// Wiped when it is dropped: one command sets passwords.
    pub(super) fn encode(&self, sequence: u8) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(REQUEST_BYTES_MIN + self.data.len()));
        bytes.extend([BMC_ADDRESS, self.function << 2]);
        let first = checksum(&bytes);
        bytes.extend([first, CONSOLE_ADDRESS, sequence << 2, self.command]);
        bytes.extend(self.data);
        let second = checksum(&bytes[3..]);
        bytes.push(second);
        bytes
    }
}

/// What a BMC answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(super) function: u8,
    pub(super) command: u8,
    pub(super) sequence: u8,
    pub(crate) completion: u8,
    pub(crate) data: Vec<u8>,
}

impl Reply {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, MalformedPacket> {
        let [_, function, _, _, sequence, command, completion, data @ .., _] = bytes else {
            return Err(MalformedPacket("an IPMI message is too short"));
        };
        debug_assert!(bytes.len() >= REPLY_BYTES_MIN);
        if checksum(&bytes[..2]) != bytes[2] || checksum(&bytes[3..bytes.len() - 1]) != bytes[bytes.len() - 1] {
            return Err(MalformedPacket("an IPMI message has a wrong checksum"));
        }
        Ok(Self { function: function >> 2, command: *command, sequence: sequence >> 2, completion: *completion, data: data.to_vec() })
    }

    /// Whether it answers this request. Replies have the function's odd twin.
    pub(super) fn answers(&self, request: &Request<'_>, sequence: u8) -> bool {
        self.function == request.function | 1 && self.command == request.command && self.sequence == sequence
    }
}

/// The number that makes the sum of all bytes zero.
fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Get Channel Authentication Capabilities as ipmitool 1.8.19 sends it.
    #[test]
    fn a_request_has_the_bytes_that_others_send() {
        let request = Request { function: 0x06, command: 0x38, data: &[0x8e, 0x04] };
        assert_eq!(request.encode(0).as_slice(), [0x20, 0x18, 0xc8, 0x81, 0x00, 0x38, 0x8e, 0x04, 0xb5]);
    }

    fn reply(function: u8, sequence: u8, command: u8, completion: u8, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![CONSOLE_ADDRESS, function << 2];
        bytes.push(checksum(&bytes));
        bytes.extend([BMC_ADDRESS, sequence << 2, command, completion]);
        bytes.extend(data);
        bytes.push(checksum(&bytes[3..]));
        bytes
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Reply::decode(&bytes);
        }

        #[test]
        fn a_reply_is_read_as_it_was_written(
            function in 0_u8..32, sequence in 0..SEQUENCE_MODULUS, command: u8, completion: u8, data in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            let function = function * 2 + 1;
            let read = Reply::decode(&reply(function, sequence, command, completion, &data)).expect("well formed");
            let request = Request { function: function - 1, command, data: &[] };
            prop_assert!(read.answers(&request, sequence), "{:?}", read);
            prop_assert_eq!((read.completion, read.data), (completion, data));
        }

        #[test]
        fn a_flipped_bit_is_noticed(data in prop::collection::vec(any::<u8>(), 0..32), place: prop::sample::Index, bit in 0_u8..8) {
            let mut bytes = reply(7, 1, 2, 0, &data);
            let place = place.index(bytes.len());
            bytes[place] ^= 1_u8 << bit;
            prop_assert!(Reply::decode(&bytes).is_err());
        }
    }
}
