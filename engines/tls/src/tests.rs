use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

/// A certificate of its own making for `device.lan`, and its key.
fn device() -> (CertificateDer<'static>, KeyPair) {
    let made = generate_simple_self_signed(["device.lan".to_owned()]).expect("a certificate");
    (made.cert.der().clone(), made.signing_key)
}

/// Connects to a server that shows `certificate` and signs with `key`.
async fn connect(trust: &Trust, name: &'static str, certificate: CertificateDer<'static>, key: &KeyPair) -> std::io::Result<()> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let key = provider.key_provider.load_private_key(PrivateKeyDer::Pkcs8(key.serialize_der().into())).expect("the key is loaded");
    // Not `with_single_cert`: that refuses a key that does not belong to the certificate.
    let certified = rustls::sign::CertifiedKey::new(vec![certificate], key);
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the protocol versions are known")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(certified)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serve = async move {
        let (stream, _) = listener.accept().await?;
        TlsAcceptor::from(Arc::new(server)).accept(stream).await.map(drop)
    };
    let client = TlsConnector::from(Arc::new(client_config(trust).expect("the trust can be used")));
    let ask = async move {
        let stream = TcpStream::connect(address).await?;
        client.connect(ServerName::try_from(name).expect("a name"), stream).await.map(drop)
    };
    let (_served, asked) = tokio::join!(serve, ask);
    asked
}

#[tokio::test]
async fn the_pinned_certificate_is_believed_under_any_name() {
    let (certificate, key) = device();
    let trust = Trust::Fingerprint(Fingerprint::of(&certificate));
    connect(&trust, "10.0.0.7", certificate, &key).await.expect("it is the one");
}

#[tokio::test]
async fn another_certificate_than_the_pinned_is_refused_and_shown() {
    let (pinned, _) = device();
    let (shown, key) = device();
    let seen = Fingerprint::of(&shown).to_string();
    let error = connect(&Trust::Fingerprint(Fingerprint::of(&pinned)), "device.lan", shown, &key).await.expect_err("it is another");
    assert!(error.to_string().contains(&seen), "{error}");
}

#[tokio::test]
async fn who_shows_the_pinned_certificate_without_its_key_is_refused() {
    let (certificate, _) = device();
    let (_, thief) = device();
    let trust = Trust::Fingerprint(Fingerprint::of(&certificate));
    let error = connect(&trust, "device.lan", certificate, &thief).await.expect_err("the signature is another's");
    assert!(error.to_string().contains("BadSignature"), "{error}");
}

#[tokio::test]
async fn an_authority_vouches_for_the_name_it_signed_and_no_other() {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).expect("a certificate");
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(["device.lan".to_owned()]).expect("a name");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate").der().clone();

    let trust = Trust::Authority(authority_certificate.pem().into_bytes());
    connect(&trust, "device.lan", certificate.clone(), &key).await.expect("signed for this name");
    let error = connect(&trust, "other.lan", certificate, &key).await.expect_err("signed for another name");
    assert!(error.to_string().contains("not valid for name"), "{error}");
}

#[tokio::test]
async fn the_system_does_not_believe_a_certificate_of_ones_own_making() {
    let (certificate, key) = device();
    let error = connect(&Trust::System, "device.lan", certificate, &key).await.expect_err("nobody signed it");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn a_file_without_a_certificate_is_no_authority() {
    assert!(matches!(client_config(&Trust::Authority(b"nothing".to_vec())), Err(TrustError::NoCertificate)));
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
    assert!(matches!(client_config(&Trust::Authority(broken)), Err(TrustError::BadCertificate(_))));
}
