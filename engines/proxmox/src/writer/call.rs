//! How is one mutating call made? With the permit that only the gate gives, and followed to the end of its task.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, WritePermit};
use reqwest::Method;

use crate::client::{Body, Client};
use crate::task;

/// How often a refusal for a lock is answered by asking again.
const ATTEMPTS_MAX: u32 = 6;

/// What is asked of the cluster.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Body,
}

/// The way to change a cluster.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    client: &'a Client,
    write_limit: Duration,
    poll: Duration,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(client: &'a Client, write_limit: Duration, poll: Duration) -> Self {
        Self { client, write_limit, poll }
    }

    /// Makes the call and waits for its task. A lock that another task holds is waited for: the call was refused whole, so
    /// that asking again does nothing twice.
    pub(super) async fn make(&self, _: WritePermit, attempt: &str, call: &Call, limit: Duration) -> Result<(), EngineError> {
        let mut pause = self.poll;
        for _ in 1..ATTEMPTS_MAX {
            match self.once(attempt, call, limit).await {
                Err(Refused::Locked(error)) => tracing::debug!(error = %error, "a lock is held; asking again"),
                Err(Refused::Other(error)) => return Err(error),
                Ok(()) => return Ok(()),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.once(attempt, call, limit).await.map_err(|(Refused::Locked(error) | Refused::Other(error))| error)
    }

    async fn once(&self, attempt: &str, call: &Call, limit: Duration) -> Result<(), Refused> {
        let answer = self.client.submit(attempt, call.method.clone(), &call.path, &call.body, self.write_limit).await;
        let answer = answer.map_err(|error| if error.kind == ErrorKind::Busy { Refused::Locked(error) } else { Refused::Other(error) })?;
        match answer.data.as_str() {
            Some(upid) if task::is_task(&answer.data) => task::follow(self.client, attempt, upid, limit, self.poll).await.map_err(Refused::Other),
            _ => Ok(()),
        }
    }
}

enum Refused {
    /// Before anything was done.
    Locked(EngineError),
    Other(EngineError),
}
