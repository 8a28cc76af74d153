//! Which public key belongs to a private one?

use aws_lc_rs::agreement::{PrivateKey, X25519};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The public key of X25519, in base64; nothing if the private key is none.
pub(crate) fn public_key(private: &str) -> Option<String> {
    let bytes: [u8; 32] = STANDARD.decode(private).ok()?.try_into().ok()?;
    let key = PrivateKey::from_private_key(&X25519, &bytes).ok()?;
    Some(STANDARD.encode(key.compute_public_key().ok()?.as_ref()))
}

/// A private key as a router makes one up; the same for the same seed, so that a test can be repeated.
pub(crate) fn made_up_key(seed: u64) -> String {
    let mut bytes: [u8; 32] = Sha256::digest(format!("wireguard key {seed}").as_bytes()).into();
    bytes[0] &= 248;
    bytes[31] = (bytes[31] & 127) | 64;
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_key_is_that_of_rfc_7748() {
        let alice = STANDARD.encode([
            0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99,
            0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a,
        ]);
        let public = STANDARD.encode([
            0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b, 0x7d, 0xdc, 0xb4, 0x3e, 0xf7, 0x5a, 0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38, 0x1a,
            0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b, 0x4e, 0x6a,
        ]);
        assert_eq!(public_key(&alice), Some(public));
        assert_eq!(public_key("short"), None);
    }
}
