//! How are sessions protected? The algorithms of suites 3 and 17.

use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// Authentication, integrity and confidentiality, by the numbers of IPMI 2.0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Suite {
    pub(crate) id: u8,
    pub(crate) algorithms: [u8; 3],
}

/// Those that can be offered. 0, without any protection, is here so that tests can see that nobody takes it.
pub(crate) const SUITES: [Suite; 3] =
    [Suite { id: 0, algorithms: [0, 0, 0] }, Suite { id: 3, algorithms: [1, 1, 1] }, Suite { id: 17, algorithms: [3, 4, 1] }];

impl Suite {
    pub(crate) fn hmac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        fn of<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
            let mut mac = <M as KeyInit>::new_from_slice(key).expect("any length will do");
            mac.update(data);
            mac.finalize().into_bytes().to_vec()
        }
        if self.id == 17 { of::<Hmac<Sha256>>(key, data) } else { of::<Hmac<Sha1>>(key, data) }
    }

    /// Of the last message of the handshake, and of each packet.
    pub(crate) fn short_code_length(self) -> usize {
        if self.id == 17 { 16 } else { 12 }
    }
}

pub(crate) fn encrypt(key: &[u8; 16], vector: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    let mut bytes = plain.to_vec();
    let mut pad = 0;
    while !(bytes.len() + 1).is_multiple_of(16) {
        pad += 1;
        bytes.push(pad);
    }
    bytes.push(pad);
    let length = bytes.len();
    cbc::Encryptor::<Aes128>::new(key.into(), vector.into()).encrypt_padded::<NoPadding>(&mut bytes, length).expect("whole blocks").to_vec()
}

pub(crate) fn decrypt(key: &[u8; 16], vector: &[u8; 16], encrypted: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = encrypted.to_vec();
    let plain = cbc::Decryptor::<Aes128>::new(key.into(), vector.into()).decrypt_padded::<NoPadding>(&mut bytes).ok()?;
    let (pad, rest) = plain.split_last()?;
    Some(rest[..rest.len().checked_sub(usize::from(*pad))?].to_vec())
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("random numbers");
    bytes
}
