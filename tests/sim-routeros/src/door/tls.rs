//! Which certificate does the router show?

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use sha2::{Digest, Sha256};

use crate::error::RouterError;

/// A self-signed certificate, and what serves it.
pub(crate) struct Identity {
    pub(crate) configuration: Arc<ServerConfig>,
    pub(crate) pem: String,
    pub(crate) fingerprint: [u8; 32],
}

/// Makes a certificate for this machine's loopback.
pub(crate) fn make() -> Result<Identity, RouterError> {
    fn failed<E: std::error::Error + Send + Sync + 'static>(attempt: &'static str) -> impl FnOnce(E) -> RouterError {
        move |source| RouterError::Start { attempt, source: Box::new(source) }
    }
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let own = rcgen::generate_simple_self_signed(names).map_err(failed("make a certificate"))?;
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let configuration = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed("choose TLS versions"))?
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key.into())
        .map_err(failed("use the certificate"))?;
    let fingerprint = Sha256::digest(own.cert.der()).into();
    Ok(Identity { configuration: Arc::new(configuration), pem: own.cert.pem(), fingerprint })
}
