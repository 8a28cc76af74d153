//! Who signs records, and whose signatures count? Ed25519 keys in OpenSSH's formats.

use std::fmt;

use core_model::Secret;
use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig, private::Ed25519Keypair, private::KeypairData, public::KeyData};
use zeroize::Zeroizing;

use crate::{error::Cause, record::SIGNATURE_NAMESPACE};

/// A key that cannot be made, read or used. Never holds any part of the key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("could not make a key: the system gives no randomness")]
    Randomness { source: Cause },
    #[error("the text is not an OpenSSH key")]
    Malformed { source: Cause },
    #[error("only Ed25519 keys sign records")]
    OtherAlgorithm,
    #[error("the key is protected by a passphrase; the daemon needs one without")]
    Encrypted,
    #[error("could not use the key")]
    Unusable { source: Cause },
}

/// The daemon's signing key.
pub struct RecordKey(PrivateKey);

/// A key whose signatures are accepted.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordPublicKey(KeyData);

impl fmt::Debug for RecordKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RecordKey({})", self.public().fingerprint())
    }
}

impl fmt::Debug for RecordPublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RecordPublicKey({})", self.fingerprint())
    }
}

impl RecordKey {
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(|error| KeyError::Randomness { source: error.to_string().into() })?;
        Ok(Self(PrivateKey::from(Ed25519Keypair::from_seed(&seed))))
    }

    /// Reads what `ssh-keygen -t ed25519 -N ''` writes.
    pub fn from_openssh(text: &Secret) -> Result<Self, KeyError> {
        let key = PrivateKey::from_openssh(text.expose()).map_err(|error| KeyError::Malformed { source: error.into() })?;
        match key.key_data() {
            KeypairData::Ed25519(_) => Ok(Self(key)),
            KeypairData::Encrypted(_) => Err(KeyError::Encrypted),
            _ => Err(KeyError::OtherAlgorithm),
        }
    }

    /// The private key, for the file that the daemon reads at its next start.
    pub fn to_openssh(&self) -> Result<Secret, KeyError> {
        let text = self.0.to_openssh(LineEnding::LF).map_err(|error| KeyError::Unusable { source: error.into() })?;
        Ok(Secret::new(text.as_str()))
    }

    pub fn public(&self) -> RecordPublicKey {
        RecordPublicKey(self.0.public_key().key_data().clone())
    }

    /// The public key as one line, for `ipr.yaml`.
    pub fn public_openssh(&self) -> Result<String, KeyError> {
        self.public().to_openssh()
    }

    /// An armored SSH signature in our namespace.
    pub(super) fn sign(&self, message: &[u8]) -> Result<String, KeyError> {
        let unusable = |error: ssh_key::Error| KeyError::Unusable { source: error.into() };
        self.0.sign(SIGNATURE_NAMESPACE, HashAlg::Sha512, message).map_err(unusable)?.to_pem(LineEnding::LF).map_err(unusable)
    }
}

impl RecordPublicKey {
    /// Reads `ssh-ed25519 AAAA... comment`.
    pub fn from_openssh(line: &str) -> Result<Self, KeyError> {
        let key = PublicKey::from_openssh(line.trim()).map_err(|error| KeyError::Malformed { source: error.into() })?;
        match key.key_data() {
            KeyData::Ed25519(_) => Ok(Self(key.key_data().clone())),
            _ => Err(KeyError::OtherAlgorithm),
        }
    }

    pub fn to_openssh(&self) -> Result<String, KeyError> {
        PublicKey::from(self.0.clone()).to_openssh().map_err(|error| KeyError::Unusable { source: error.into() })
    }

    /// `SHA256:...`, as `ssh-keygen -l` shows it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The key that a signature says it is by. Nothing is verified yet.
    pub(super) fn claimed_by(signature: &SshSig) -> Self {
        Self(signature.public_key().clone())
    }

    pub(super) fn accepts(&self, message: &[u8], signature: &SshSig) -> bool {
        PublicKey::from(self.0.clone()).verify(SIGNATURE_NAMESPACE, message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_survives_its_text_and_prints_only_its_fingerprint() {
        let key = RecordKey::generate().unwrap();
        let text = key.to_openssh().unwrap();
        let again = RecordKey::from_openssh(&text).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(RecordPublicKey::from_openssh(&key.public_openssh().unwrap()).unwrap(), key.public());
        assert_eq!(format!("{key:?}"), format!("RecordKey({})", key.public().fingerprint()));
        assert_ne!(RecordKey::generate().unwrap().public(), key.public());
    }

    #[test]
    fn a_text_that_is_no_key_is_refused_without_showing_it() {
        let error = RecordKey::from_openssh(&Secret::new("canary")).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("canary"));
    }
}
