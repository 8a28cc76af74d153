//! How do we speak to an engine? One client whose API version is agreed with the engine, made at first use and renewed by
//! every probe, so that an engine that was down or upgraded needs no restart of ours.

use std::path::PathBuf;
use std::time::Duration;

use bollard::API_DEFAULT_VERSION;
use engine_api::{EngineError, ErrorKind};
use tokio::sync::RwLock;

use crate::fault;

pub(crate) struct Connection {
    socket: PathBuf,
    /// How long the engine may take to begin an answer. Every call has a tighter limit of its own.
    answer_max: Duration,
    handshake_max: Duration,
    client: RwLock<Option<bollard::Docker>>,
}

impl Connection {
    pub(crate) fn new(socket: PathBuf, answer_max: Duration, handshake_max: Duration) -> Self {
        Self { socket, answer_max, handshake_max, client: RwLock::new(None) }
    }

    /// The client of the last handshake, or of a new one.
    pub(crate) async fn client(&self) -> Result<bollard::Docker, EngineError> {
        let known = self.client.read().await.clone();
        match known {
            Some(client) => Ok(client),
            None => self.renew().await,
        }
    }

    /// Agrees on an API version anew.
    pub(crate) async fn renew(&self) -> Result<bollard::Docker, EngineError> {
        let attempt = "connect to the Docker engine";
        let path = self.socket.to_str().ok_or_else(|| EngineError::new(ErrorKind::Rejected, attempt, "the path of the socket is not text"))?;
        let client =
            bollard::Docker::connect_with_unix(path, self.answer_max.as_secs(), API_DEFAULT_VERSION).map_err(|error| fault::of(attempt, error))?;
        let client = match tokio::time::timeout(self.handshake_max, client.negotiate_version()).await {
            Ok(agreed) => agreed.map_err(|error| fault::of(attempt, error))?,
            Err(_) => return Err(EngineError::new(ErrorKind::Timeout, attempt, "the engine did not say its version")),
        };
        *self.client.write().await = Some(client.clone());
        Ok(client)
    }
}
