//! Is it the very certificate that was pinned, and does the other side hold its key?

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use crate::Fingerprint;

/// Believes one certificate. The handshake's signature is still checked: anybody can send a certificate, only its owner can sign.
#[derive(Debug)]
pub(crate) struct PinnedVerifier {
    wanted: Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
}

/// Says what was seen, so that a person can compare it with what the device itself shows.
#[derive(Debug, thiserror::Error)]
#[error("the certificate has the fingerprint {seen}, and {wanted} is pinned; if the device got a new certificate, pin the new fingerprint")]
struct AnotherCertificate {
    seen: Fingerprint,
    wanted: Fingerprint,
}

impl PinnedVerifier {
    pub(crate) fn new(wanted: Fingerprint, provider: &CryptoProvider) -> Self {
        Self { wanted, algorithms: provider.signature_verification_algorithms }
    }
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let seen = Fingerprint::of(end_entity);
        if seen == self.wanted {
            return Ok(ServerCertVerified::assertion());
        }
        let reason = AnotherCertificate { seen, wanted: self.wanted };
        Err(Error::InvalidCertificate(CertificateError::Other(OtherError(std::sync::Arc::new(reason)))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
