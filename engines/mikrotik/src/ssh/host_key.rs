//! Which host key must a router show? The one whose fingerprint the configuration pins.

use std::fmt;
use std::str::FromStr;

use russh::keys::ssh_key::Fingerprint;
use russh::keys::{HashAlg, PublicKey};

/// The fingerprint of a host key, as `ssh-keygen -l` shows it: `SHA256:` and 43 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostKey([u8; 32]);

impl HostKey {
    pub(crate) fn of(key: &PublicKey) -> Option<Self> {
        match key.fingerprint(HashAlg::Sha256) {
            Fingerprint::Sha256(digest) => Some(Self(digest)),
            _ => None,
        }
    }
}

impl FromStr for HostKey {
    type Err = &'static str;

    /// The error completes the sentence "`x` ...".
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().parse() {
            Ok(Fingerprint::Sha256(digest)) => Ok(Self(digest)),
            _ => Err("is no fingerprint such as SHA256: and 43 letters, digits, + and /"),
        }
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fingerprint::Sha256(self.0).fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHOWN: &str = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM";

    #[test]
    fn a_fingerprint_is_read_as_it_is_shown() {
        assert_eq!(SHOWN.parse::<HostKey>().map(|key| key.to_string()).as_deref(), Ok(SHOWN));
        for bad in ["", "SHA256:", "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", "AB:CD", &SHOWN[..40], &SHOWN[7..]] {
            assert!(bad.parse::<HostKey>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_fingerprint_is_read_without_a_panic(text in prop_oneof![".{0,60}", "SHA256:[A-Za-z0-9+/=]{0,50}"]) {
            let _ = text.parse::<HostKey>();
        }
    }
}
