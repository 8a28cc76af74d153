//! What goes into `X-Hub-Signature-256`?

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header's value for a body: `sha256=` and the HMAC-SHA256 in hex.
pub fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so this cannot fail; an empty value would be refused by every receiver.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
