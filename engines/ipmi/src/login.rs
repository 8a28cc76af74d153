//! How is a BMC reached without wearing it out? One session at a time, few at once in the whole program, and each is closed.

use std::sync::Arc;

use engine_api::{EngineError, ErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::driver::{Bmc, Driver};

/// Sessions of all machines together. A rack that is down takes the time of its timeouts, and others go on beside it.
const SESSIONS_MAX: usize = 64;
static SESSIONS: Semaphore = Semaphore::const_new(SESSIONS_MAX);

/// The door of one BMC.
pub(crate) struct Door {
    pub(crate) driver: Arc<dyn Driver>,
    turn: Arc<Semaphore>,
}

/// An open session. It is closed by [`Login::close`]; dropped in the middle it is only announced as closed.
pub(crate) struct Login {
    pub(crate) bmc: Box<dyn Bmc>,
    _turn: OwnedSemaphorePermit,
    _session: SemaphorePermit<'static>,
}

impl Door {
    pub(crate) fn new(driver: Arc<dyn Driver>) -> Self {
        Self { driver, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Waits for the turn: a plan that looks and a run that works are never logged in at the same time.
    pub(crate) async fn open(&self) -> Result<Login, EngineError> {
        let closed = |_| EngineError::new(ErrorKind::Busy, "log in to the BMC", "the program is ending");
        let turn = self.turn.clone().acquire_owned().await.map_err(closed)?;
        let session = SESSIONS.acquire().await.map_err(closed)?;
        Ok(Login { bmc: self.driver.open().await?, _turn: turn, _session: session })
    }
}

impl Login {
    /// What cannot be closed ends by itself after a while, so a failure changes nothing for whoever is done.
    pub(crate) async fn close(self) {
        if let Err(error) = self.bmc.close().await {
            tracing::debug!(%error, "a session was not closed");
        }
    }
}
