//! Whose certificate is trusted? Every TLS connection to a target is checked, by authority or by pinned fingerprint.
//!
//! There is no way to turn the check off. Devices with a certificate of their own making, as Proxmox, RouterOS and
//! management controllers have them, are pinned: their fingerprint stands in the daemon's configuration.

mod fingerprint;
mod pinned;
mod words;

use std::sync::Arc;

pub use fingerprint::{Fingerprint, FingerprintError};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
pub use words::words;

/// Why a certificate is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// An authority that the machine trusts has signed it, for the name that was asked for.
    System,
    /// One of these certificates, as PEM, has signed it, for the name that was asked for.
    Authority(Vec<u8>),
    /// It is this very certificate, whatever name stands in it and whenever it ends.
    Fingerprint(Fingerprint),
}

/// The trust that was configured cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("the authority's file holds no certificate (-----BEGIN CERTIFICATE-----)")]
    NoCertificate,
    #[error("a certificate of the authority cannot be read: {0}")]
    BadCertificate(String),
    #[error("the machine's own authorities cannot be loaded: {0}")]
    NoSystem(rustls::Error),
}

/// What a TLS client needs to know: for reqwest's `tls_backend_preconfigured`, or for tokio-rustls.
///
/// No protocol (ALPN) is set; reqwest adds its own.
pub fn client_config(trust: &Trust) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    match trust {
        Trust::System => {
            let verifier = Verifier::new(provider.clone()).map_err(TrustError::NoSystem)?;
            Ok(builder(provider).dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
        }
        Trust::Authority(pem) => Ok(builder(provider).with_root_certificates(roots(pem)?).with_no_client_auth()),
        Trust::Fingerprint(wanted) => {
            let verifier = pinned::PinnedVerifier::new(*wanted, &provider);
            Ok(builder(provider).dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
        }
    }
}

fn builder(provider: Arc<CryptoProvider>) -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("aws-lc-rs has cipher suites for the protocol versions that rustls turns on")
}

fn roots(pem: &[u8]) -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| TrustError::BadCertificate(error.to_string()))?;
        roots.add(certificate).map_err(|error| TrustError::BadCertificate(error.to_string()))?;
    }
    if roots.is_empty() { Err(TrustError::NoCertificate) } else { Ok(roots) }
}

#[cfg(test)]
mod tests;
