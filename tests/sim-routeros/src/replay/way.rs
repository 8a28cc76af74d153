//! How is a router reached? In plain, or over TLS if its certificate is the one that is expected.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The way to a router's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The password can be read by whoever is in between.
    Plain,
    /// The SHA-256 of the router's certificate.
    Pinned([u8; 32]),
}

impl Way {
    /// `plain`, or `sha256:` and the fingerprint as a router or openssl tells it: 64 digits, with or without colons.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "plain" {
            return Some(Self::Plain);
        }
        let digits = text.strip_prefix("sha256:")?.replace(':', "");
        if !digits.is_ascii() || digits.len() != 64 {
            return None;
        }
        let mut fingerprint = [0; 32];
        for (index, byte) in fingerprint.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self::Pinned(fingerprint))
    }

    pub(super) async fn connect(self, address: SocketAddr) -> io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect(address).await?;
        let Self::Pinned(fingerprint) = self else { return Ok(Box::new(stream)) };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Pinned { fingerprint, provider }))
            .with_no_client_auth();
        let stream = TlsConnector::from(Arc::new(config)).connect(ServerName::from(address.ip()), stream).await?;
        Ok(Box::new(stream))
    }
}

/// What words go over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Trusts one certificate, whatever it says of itself.
#[derive(Debug)]
struct Pinned {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if Sha256::digest(certificate)[..] == self.fingerprint {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::General("the certificate is not the one of this fingerprint".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_plain_or_a_fingerprint() {
        assert_eq!(Way::parse("plain"), Some(Way::Plain));
        assert_eq!(Way::parse(&format!("sha256:{}", "ab".repeat(32))), Some(Way::Pinned([0xAB; 32])));
        assert_eq!(Way::parse(&format!("sha256:AB{}", ":AB".repeat(31))), Some(Way::Pinned([0xAB; 32])));
        for wrong in ["", "tls", "sha256:", "sha256:ab", "sha256:é"] {
            assert_eq!(Way::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Way::parse(&format!("sha256:{}", "xy".repeat(32))), None);
    }
}
