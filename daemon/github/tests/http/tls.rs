//! Whose certificates are trusted? The system's, and those that the options add.

use std::sync::Arc;

use core_model::Secret;
use daemon_github::{ClientOptions, GitHub, GitHubErrorKind};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Answers one request on each connection that is made over TLS. Gives its address and the certificate in PEM.
async fn start() -> (String, Vec<u8>, tokio::task::JoinHandle<()>) {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let task = tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let Ok(mut connection) = acceptor.accept(connection).await else {
                continue;
            };
            let mut request = [0_u8; 4096];
            let _ = connection.read(&mut request).await;
            let body = r#"{"login":"ipr"}"#;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = connection.write_all(format!("{head}{body}").as_bytes()).await;
            let _ = connection.shutdown().await;
        }
    });
    (url, own.cert.pem().into_bytes(), task)
}

#[tokio::test]
async fn an_added_certificate_is_trusted_and_no_other() {
    let (url, certificate, server) = start().await;
    let mut options = ClientOptions::new(url, Secret::new("t"));
    let stranger = GitHub::new(options.clone()).unwrap().viewer().await.unwrap_err();
    assert_eq!(stranger.kind, GitHubErrorKind::Unreachable);
    options.extra_root_certificates_pem = vec![certificate];
    assert_eq!(GitHub::new(options).unwrap().viewer().await.unwrap().as_str(), "ipr");
    server.abort();
}
