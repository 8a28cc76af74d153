//! How is a message protected within a session? Encrypted with AES-CBC-128, then covered by a code (IPMI 2.0, 13.28 and 13.29).

use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

use super::MalformedPacket;
use super::keys::{SessionKeys, same};
use super::packet::{FORMAT_RMCP_PLUS, RMCP_HEADER};

const BLOCK_BYTES: usize = 16;
/// Format, payload type, session id, sequence number, length.
const HEADER_BYTES: usize = 12;
/// An encrypted and authenticated IPMI message.
const PAYLOAD_TYPE: u8 = 0xc0;
/// Always so, says the standard: there is nothing behind.
const NEXT_HEADER: u8 = 0x07;

/// A message of the session, as a datagram. `vector` must be random and never be used again.
pub(super) fn seal(keys: &SessionKeys, session: u32, sequence: u32, vector: [u8; BLOCK_BYTES], message: &[u8]) -> Vec<u8> {
    let encrypted = encrypt(keys, vector, message);
    let length = u16::try_from(vector.len() + encrypted.len()).expect("IPMI messages are short");
    let mut bytes = vec![FORMAT_RMCP_PLUS, PAYLOAD_TYPE];
    bytes.extend(session.to_le_bytes());
    bytes.extend(sequence.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(vector);
    bytes.extend(encrypted);
    // The code covers a multiple of four bytes, the two that follow the filling among them.
    let filling = (4 - (bytes.len() + 2) % 4) % 4;
    bytes.extend(std::iter::repeat_n(0xff, filling));
    bytes.extend([filling as u8, NEXT_HEADER]);
    let trailer = keys.trailer(&bytes);
    [&RMCP_HEADER[..], &bytes, &trailer].concat()
}

/// The filling is 1, 2, 3 and so on; the last byte counts it.
fn encrypt(keys: &SessionKeys, vector: [u8; BLOCK_BYTES], message: &[u8]) -> Vec<u8> {
    let filling = (BLOCK_BYTES - (message.len() + 1) % BLOCK_BYTES) % BLOCK_BYTES;
    let mut plain = message.to_vec();
    plain.extend((1..=filling).map(|number| number as u8));
    plain.push(filling as u8);
    let length = plain.len();
    let cipher = cbc::Encryptor::<Aes128>::new(&(*keys.confidentiality).into(), &vector.into());
    cipher.encrypt_padded::<NoPadding>(&mut plain, length).expect("it is a multiple of the block").to_vec()
}

/// A message of the session as it came: its sequence number and what it holds.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) sequence: u32,
    pub(super) message: Vec<u8>,
}

/// Checks the code first, and looks at nothing before. `rest` is what follows RMCP's header.
pub(super) fn open(keys: &SessionKeys, session: u32, rest: &[u8]) -> Result<Opened, MalformedPacket> {
    let split = rest.len().checked_sub(keys.suite.trailer_bytes()).ok_or(MalformedPacket("it is too short for its code"))?;
    let (protected, trailer) = rest.split_at(split);
    if !same(&keys.trailer(protected), trailer) {
        return Err(MalformedPacket("its code is wrong"));
    }
    let Some((header, after)) = protected.split_at_checked(HEADER_BYTES) else {
        return Err(MalformedPacket("its session header is cut off"));
    };
    let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if number(2) != session {
        return Err(MalformedPacket("it belongs to another session"));
    }
    let length = usize::from(u16::from_le_bytes([header[10], header[11]]));
    let payload = after.get(..length).ok_or(MalformedPacket("it is shorter than it says"))?;
    Ok(Opened { sequence: number(6), message: decrypt(keys, payload)? })
}

fn decrypt(keys: &SessionKeys, payload: &[u8]) -> Result<Vec<u8>, MalformedPacket> {
    let wrong = MalformedPacket("its encrypted part is malformed");
    let (vector, encrypted) = payload.split_first_chunk::<BLOCK_BYTES>().ok_or(wrong)?;
    let mut bytes = encrypted.to_vec();
    let cipher = cbc::Decryptor::<Aes128>::new(&(*keys.confidentiality).into(), &(*vector).into());
    let plain = cipher.decrypt_padded::<NoPadding>(&mut bytes).map_err(|_| wrong)?;
    // What the filling holds is not looked at: the code covered it, and some BMCs fill with zeros.
    let (filling, plain) = plain.split_last().ok_or(wrong)?;
    let end = plain.len().checked_sub(usize::from(*filling)).ok_or(wrong)?;
    Ok(plain[..end].to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ipmi::lan::cipher::Suite;

    fn rest(datagram: &[u8]) -> &[u8] {
        datagram.strip_prefix(&RMCP_HEADER).expect("RMCP's header")
    }

    fn suites() -> impl Strategy<Value = Suite> {
        prop::sample::select(vec![Suite::Three, Suite::Seventeen])
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_opened(
            suite in suites(), key: [u8; 20], session: u32, sequence: u32, vector: [u8; 16], message in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let keys = SessionKeys::derive(suite, &key);
            let datagram = seal(&keys, session, sequence, vector, &message);
            prop_assert_eq!((datagram.len() - RMCP_HEADER.len() - suite.trailer_bytes()) % 4, 0);
            let opened = open(&keys, session, rest(&datagram)).expect("our own packet");
            prop_assert_eq!((opened.sequence, opened.message), (sequence, message));
            prop_assert!(open(&keys, session.wrapping_add(1), rest(&datagram)).is_err());
        }

        #[test]
        fn a_changed_packet_is_refused(suite in suites(), key: [u8; 20], message in prop::collection::vec(any::<u8>(), 0..40),
            place: prop::sample::Index, bit in 0_u8..8) {
            let keys = SessionKeys::derive(suite, &key);
            let mut datagram = seal(&keys, 7, 8, [9; 16], &message);
            let place = RMCP_HEADER.len() + place.index(datagram.len() - RMCP_HEADER.len());
            datagram[place] ^= 1_u8 << bit;
            prop_assert!(open(&keys, 7, rest(&datagram)).is_err());
        }

        #[test]
        fn any_bytes_are_opened_without_a_panic(suite in suites(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let keys = SessionKeys::derive(suite, &[1; 20]);
            prop_assert!(open(&keys, 0, &bytes).is_err());
        }

        /// What a BMC that knows the keys sends may be nonsense all the same.
        #[test]
        fn any_bytes_with_a_good_code_are_opened_without_a_panic(suite in suites(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let keys = SessionKeys::derive(suite, &[1; 20]);
            let signed = [&bytes[..], &keys.trailer(&bytes)].concat();
            let _ = open(&keys, 0, &signed);
            let _ = decrypt(&keys, &bytes);
        }
    }
}
