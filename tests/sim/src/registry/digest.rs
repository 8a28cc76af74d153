//! What names a piece of content? The hash of its bytes.

use sha2::{Digest as _, Sha256};

/// `sha256:` and the hash in hexadecimal digits.
pub(super) fn of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}
