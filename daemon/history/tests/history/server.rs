//! A git server like GitHub's: smart HTTP over TLS with a private certificate authority, and a token.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rustls::pki_types::PrivateKeyDer;
use tokio::{io::AsyncWriteExt, net::TcpStream, process::Command, task::JoinHandle};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::fixture::{Fixture, git_command};

/// Serves the repository of a fixture until it is dropped.
pub(crate) struct GitServer {
    pub(crate) url: String,
    pub(crate) authority_pem: Vec<u8>,
    token: Arc<Mutex<String>>,
    serving: JoinHandle<()>,
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[derive(Clone)]
struct Served {
    root: PathBuf,
    token: Arc<Mutex<String>>,
}

impl GitServer {
    pub(crate) async fn start(fixture: &Fixture, token: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/.git", listener.local_addr().unwrap());
        let (acceptor, authority_pem) = tls();
        let token = Arc::new(Mutex::new(token.to_owned()));
        let served = Served { root: fixture.path().to_owned(), token: token.clone() };
        let router = Router::new().fallback(answer).with_state(served);
        let serving = tokio::spawn(async move { axum::serve(TlsListener { listener, acceptor }, router).await.unwrap() });
        Self { url, authority_pem, token, serving }
    }

    pub(crate) fn set_token(&self, token: &str) {
        token.clone_into(&mut self.token.lock().unwrap());
    }

    /// Ends the server; its address answers no more.
    pub(crate) async fn stop(mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }
}

fn tls() -> (TlsAcceptor, Vec<u8>) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new([]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem().into_bytes();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let server = server.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    (TlsAcceptor::from(Arc::new(server)), authority_pem)
}

struct TlsListener {
    listener: tokio::net::TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else {
                continue;
            };
            // A client that does not trust us hangs up here; that is its right.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn answer(State(served): State<Served>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let expected = BASE64_STANDARD.encode(format!("x-access-token:{}", served.token.lock().unwrap()));
    if headers.get("authorization").and_then(|value| value.to_str().ok()) != Some(&format!("Basic {expected}")) {
        return (StatusCode::UNAUTHORIZED, [("www-authenticate", "Basic realm=\"GitHub\"")], "who are you?").into_response();
    }
    let mut backend = Command::from(git_command(&served.root));
    backend.arg("http-backend").env("GIT_PROJECT_ROOT", &served.root).env("GIT_HTTP_EXPORT_ALL", "1");
    backend.env("PATH_INFO", uri.path()).env("QUERY_STRING", uri.query().unwrap_or_default());
    backend.env("REQUEST_METHOD", method.as_str()).env("CONTENT_LENGTH", body.len().to_string());
    for (header, variable) in [("content-type", "CONTENT_TYPE"), ("content-encoding", "HTTP_CONTENT_ENCODING"), ("git-protocol", "GIT_PROTOCOL")] {
        if let Some(value) = headers.get(header) {
            backend.env(variable, value.to_str().unwrap());
        }
    }
    let mut child = backend.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeding = tokio::spawn(async move { input.write_all(&body).await });
    let output = child.wait_with_output().await.unwrap().stdout;
    // The backend may answer without reading all of its input.
    let _ = feeding.await;
    response(&output)
}

/// Turns what a CGI program writes into a response.
fn response(output: &[u8]) -> Response {
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let mut response = Response::builder();
    for line in std::str::from_utf8(&output[..end]).unwrap().lines() {
        let (name, value) = line.split_once(": ").unwrap();
        response = if name.eq_ignore_ascii_case("status") { response.status(&value[..3]) } else { response.header(name, value) };
    }
    response.body(axum::body::Body::from(output[end + 4..].to_vec())).unwrap()
}
