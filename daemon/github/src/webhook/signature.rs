//! Did GitHub send this body? HMAC-SHA-256 over the raw bytes, compared in constant time.

use core_model::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "sha256=";

/// Why a body is not taken for GitHub's. For the log; the sender is told nothing but "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the webhook has no X-Hub-Signature-256 header")]
    Missing,
    #[error("the webhook's signature is not `sha256=` and 64 hexadecimal digits")]
    Malformed,
    #[error("the webhook's signature is not of this secret and body")]
    Mismatch,
    #[error("no webhook secret is configured")]
    NoSecret,
}

/// Checks the value of `X-Hub-Signature-256`. The older SHA-1 header is not accepted.
pub fn verify(secret: &Secret, body: &[u8], header: Option<&str>) -> Result<(), SignatureError> {
    if secret.is_empty() {
        return Err(SignatureError::NoSecret);
    }
    let digits = header.ok_or(SignatureError::Missing)?.strip_prefix(PREFIX).ok_or(SignatureError::Malformed)?;
    let mut claimed = [0_u8; 32];
    hex::decode_to_slice(digits, &mut claimed).map_err(|_| SignatureError::Malformed)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    mac.verify_slice(&claimed).map_err(|_| SignatureError::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of GitHub's documentation.
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    #[test]
    fn githubs_own_example_is_accepted() {
        assert_eq!(verify(&Secret::new(SECRET), BODY, Some(SIGNATURE)), Ok(()));
    }

    #[test]
    fn a_changed_body_secret_or_digit_is_a_mismatch() {
        let flipped = SIGNATURE.replace("757107", "757108");
        assert_eq!(verify(&Secret::new(SECRET), b"Hello, World?", Some(SIGNATURE)), Err(SignatureError::Mismatch));
        assert_eq!(verify(&Secret::new("other"), BODY, Some(SIGNATURE)), Err(SignatureError::Mismatch));
        assert_eq!(verify(&Secret::new(SECRET), BODY, Some(&flipped)), Err(SignatureError::Mismatch));
    }

    #[test]
    fn what_is_no_sha256_signature_is_refused() {
        let secret = Secret::new(SECRET);
        assert_eq!(verify(&secret, BODY, None), Err(SignatureError::Missing));
        let short = &SIGNATURE[..SIGNATURE.len() - 2];
        let long = format!("{SIGNATURE}00");
        let bare = SIGNATURE.trim_start_matches("sha256=");
        let sha1 = "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6";
        for wrong in ["", "sha256=", short, &long, bare, sha1, "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"] {
            assert_eq!(verify(&secret, BODY, Some(wrong)), Err(SignatureError::Malformed), "{wrong}");
        }
    }

    #[test]
    fn an_empty_secret_accepts_nothing() {
        // The signature that an empty key gives for the body, so that only the check refuses it.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").expect("any key length");
        mac.update(BODY);
        let forged = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        assert_eq!(verify(&Secret::new(""), BODY, Some(&forged)), Err(SignatureError::NoSecret));
    }
}
