//! How does the simulator speak TLS, and how does it cut a connection?

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::StartError;

/// A client that takes longer than this for its handshake is dropped.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// More clients than this at once in their handshake wait in the kernel's queue.
const HANDSHAKES_MAX: usize = 256;

/// A self-signed certificate for this machine's loopback.
pub(crate) struct Certificate {
    pub(crate) pem: String,
    /// SHA-256 of the certificate's DER form.
    pub(crate) fingerprint: [u8; 32],
    acceptor: TlsAcceptor,
}

fn failed<E: std::error::Error + Send + Sync + 'static>(attempt: &'static str) -> impl FnOnce(E) -> StartError {
    move |source| StartError { attempt, source: Box::new(source) }
}

impl Certificate {
    pub(crate) fn new() -> Result<Self, StartError> {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let own = rcgen::generate_simple_self_signed(names).map_err(failed("make a certificate"))?;
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut configuration = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed("choose TLS versions"))?
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key.into())
            .map_err(failed("use the certificate"))?;
        configuration.alpn_protocols = vec![b"http/1.1".to_vec()];
        let fingerprint = Sha256::digest(own.cert.der()).into();
        Ok(Self { pem: own.cert.pem(), fingerprint, acceptor: TlsAcceptor::from(Arc::new(configuration)) })
    }

    /// Listens on loopback; port 0 takes a free one.
    pub(crate) async fn listen(&self, port: u16) -> Result<(TlsListener, SocketAddr), StartError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed("listen on 127.0.0.1"))?;
        let address = listener.local_addr().map_err(failed("read the own address"))?;
        Ok((TlsListener { listener, acceptor: self.acceptor.clone(), handshakes: JoinSet::new() }, address))
    }
}

/// Accepts connections; handshakes run beside each other, so that one slow client holds up nobody.
pub(crate) struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl Listener for TlsListener {
    type Io = Cuttable;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if self.handshakes.len() < HANDSHAKES_MAX => {
                    let Ok((stream, address)) = accepted else { continue };
                    // Answers are not held back to be sent together. Where it cannot be set, the connection is gone already.
                    _ = stream.set_nodelay(true);
                    let handshake = self.acceptor.accept(stream);
                    self.handshakes.spawn(async move {
                        let finished = tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake).await;
                        finished.ok()?.ok().map(|stream| (stream, address))
                    });
                }
                Some(finished) = self.handshakes.join_next() => {
                    if let Ok(Some((stream, address))) = finished {
                        return (Cuttable { stream, cut: Cut::default() }, address);
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// The switch that ends a connection without an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<AtomicBool>);

impl Cut {
    pub(crate) fn now(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> io::Result<()> {
        match self.0.load(Ordering::SeqCst) {
            true => Err(io::ErrorKind::ConnectionReset.into()),
            false => Ok(()),
        }
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        stream.io().cut.clone()
    }
}

/// A stream whose reads and writes fail once it was cut.
pub(crate) struct Cuttable {
    stream: TlsStream<TcpStream>,
    cut: Cut,
}

impl AsyncRead for Cuttable {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Cuttable {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
