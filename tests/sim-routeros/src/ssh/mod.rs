//! How does the router talk over SSH? A command, its output, and the end of the channel.

mod console;
mod session;

use std::sync::Arc;

use aws_lc_rs::rand;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey};
use russh::server::{self, Config};
use russh::{MethodKind, MethodSet};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::error::RouterError;
use crate::shared::Shared;
use session::Session;

/// What is on its way between the wire and the session.
const PIPE_BYTES: usize = 64 * 1024;

/// A host key, and what serves it.
pub(crate) struct Identity {
    pub(crate) configuration: Arc<Config>,
    pub(crate) fingerprint: String,
}

/// Makes an Ed25519 key, as `/ip/ssh/regenerate-host-key` does where the router is told so.
pub(crate) fn make() -> Result<Identity, RouterError> {
    let mut seed = [0; 32];
    rand::fill(&mut seed).map_err(|source| RouterError::Start { attempt: "make a host key", source: Box::new(source) })?;
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
    let configuration = Config {
        keys: vec![key],
        methods: MethodSet::from(&[MethodKind::Password, MethodKind::PublicKey][..]),
        // Nobody guesses passwords here, and tests need not wait.
        auth_rejection_time: std::time::Duration::ZERO,
        nodelay: true,
        ..Config::default()
    };
    Ok(Identity { configuration: Arc::new(configuration), fingerprint })
}

/// Serves one client. The session runs in a task of its own; what cuts the wire cuts the pipe to it.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, shared: &Shared, connection: u64, configuration: Arc<Config>) {
    let (mut ours, theirs) = tokio::io::duplex(PIPE_BYTES);
    let session = async {
        // A client that breaks off is its own affair.
        if let Ok(running) = server::run_stream(configuration, theirs, Session::new(shared.clone(), connection)).await {
            let _ = running.await;
        }
    };
    let _ = tokio::join!(tokio::io::copy_bidirectional(&mut stream, &mut ours), session);
}
