//! How does a client come in?
//!
//! A door is a listener on 127.0.0.1 that stands for one port of the router. What answers there is decided by `/ip/service`
//! for every new connection.

mod doors;
pub(crate) mod tls;

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

pub use doors::Doors;
pub(crate) use doors::Frame;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::api;
use crate::behaviour::Cut;
use crate::network::ClientPath;
use crate::rest;
use crate::shared::Shared;
use crate::ssh;
use crate::world::{Line, Protocol, Service};

/// A client that takes longer than this for its handshake is dropped.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// More clients than this at once wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 256;

/// By what the router proves who it is.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) tls: Arc<ServerConfig>,
    pub(crate) ssh: Arc<russh::server::Config>,
}

/// A listener that stands for a port of the router.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    path: ClientPath,
    pub(crate) port: u16,
    listener: TcpListener,
}

impl Door {
    pub(crate) async fn open(path: ClientPath, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        Ok(Self { address: listener.local_addr()?, path, port, listener })
    }

    /// Lets clients in until the router stops.
    pub(crate) async fn serve(self, shared: Shared, keys: Keys, mut stop: watch::Receiver<bool>) {
        let mut clients = JoinSet::new();
        loop {
            tokio::select! {
                // An error means that the router is gone, which is a reason to stop as well.
                _ = stop.wait_for(|stop| *stop) => return,
                Some(_) = clients.join_next() => {}
                accepted = self.listener.accept(), if clients.len() < CONNECTIONS_MAX => {
                    let Ok((stream, _)) = accepted else { continue };
                    let connected = shared.lock().connect(&self.path, self.port);
                    if let Some((id, service, line)) = connected {
                        clients.spawn(talk(stream, Guard { shared: shared.clone(), id }, service, line, keys.clone()));
                    }
                }
            }
        }
    }
}

/// Says that a connection is over, however it ends.
struct Guard {
    shared: Shared,
    id: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut world = self.shared.lock();
        world.disconnect(self.id);
        world.run_due();
    }
}

/// Talks until the client leaves or the router's configuration cuts the line.
async fn talk(stream: TcpStream, guard: Guard, service: Service, mut line: watch::Receiver<Line>, keys: Keys) {
    let talking = async {
        // Small answers must not wait for more to come.
        let _ = stream.set_nodelay(true);
        if service.is_tls {
            let handshake = TlsAcceptor::from(keys.tls.clone()).accept(stream);
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake).await {
                speak(stream, &guard, &service, &keys).await;
            }
        } else {
            speak(stream, &guard, &service, &keys).await;
        }
    };
    let mut talking = pin!(talking);
    let cut = guard.shared.lock().behaviour.cut;
    loop {
        let is_over = tokio::select! {
            biased;
            () = &mut talking => true,
            changed = line.wait_for(|line| line.is_cut()) => changed.is_err() || cut == Cut::Closed,
        };
        // On a silent wire nothing moves until the way opens again or the router gives up.
        if is_over || line.wait_for(|line| line.is_ended || !line.is_cut()).await.is_ok_and(|line| line.is_ended) {
            return;
        }
    }
}

async fn speak<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static>(stream: S, guard: &Guard, service: &Service, keys: &Keys) {
    match service.protocol {
        Protocol::Api => api::serve(stream, &guard.shared, guard.id).await,
        Protocol::Rest => rest::serve(stream, &guard.shared, guard.id).await,
        Protocol::Ssh => ssh::serve(stream, &guard.shared, guard.id, keys.ssh.clone()).await,
    }
}
