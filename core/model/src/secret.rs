//! What may hold a secret, and how can it leave? Only through [`Secret::expose`], which a reader can search for.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A secret text. It cannot be printed, serialised or compared by accident; its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The plain text. Call it at the last moment, and never to format a message.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// The key that turns secret values into fingerprints. It comes from the daemon's configuration, never from the database:
/// who steals the database alone cannot guess short passwords from their fingerprints.
#[derive(Clone, Debug)]
pub struct FingerprintKey {
    id: String,
    key: Secret,
}

impl FingerprintKey {
    /// `id` is shown beside every fingerprint, so that a rotated key is not mistaken for a changed secret.
    pub fn new(id: impl Into<String>, key: Secret) -> Self {
        Self { id: id.into(), key }
    }

    /// `<key id>:<first 16 hex digits of HMAC-SHA-256>`. Equal secrets under one key have equal fingerprints.
    pub fn fingerprint(&self, value: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose().as_bytes()).expect("HMAC takes a key of any length");
        mac.update(value.as_bytes());
        let digest = mac.finalize().into_bytes();
        format!("{}:{}", self.id, hex::encode(&digest[..8]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new("canary")), "Secret(..)");
        let key = FingerprintKey::new("k1", Secret::new("canary"));
        assert!(!format!("{key:?}").contains("canary"));
    }

    #[test]
    fn a_fingerprint_depends_on_key_and_value() {
        let one = FingerprintKey::new("k1", Secret::new("a"));
        let other = FingerprintKey::new("k1", Secret::new("b"));
        assert_eq!(one.fingerprint("x"), one.fingerprint("x"));
        assert_ne!(one.fingerprint("x"), one.fingerprint("y"));
        assert_ne!(one.fingerprint("x"), other.fingerprint("x"));
        assert!(one.fingerprint("x").starts_with("k1:"));
    }
}
