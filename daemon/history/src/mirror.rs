//! What does the remote repository hold? A bare copy of its branches, tags and pull request heads, renewed by fetching.
//!
//! A mirror holds nothing that the remote cannot give back. It can be deleted at any time; the next start clones again.

mod fetch;
mod place;
mod remote;

use std::{
    ops::Deref,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use core_model::Secret;

pub use fetch::FetchReport;
use place::Found;
use remote::Remote;

use crate::{History, HistoryError};

/// Where a mirror is, what it copies and how it may reach it.
#[derive(Debug, Clone)]
pub struct MirrorOptions {
    /// `https://...` without a user or password; plain `http` only to this machine.
    pub url: String,
    /// Made when it is missing. Nothing else may be in it.
    pub directory: PathBuf,
    /// Sent as the password of `x-access-token`, as GitHub wants it. Kept in memory only.
    pub token: Option<Secret>,
    /// Certificate authorities that are trusted beside the system's.
    pub extra_root_certificates_pem: Vec<Vec<u8>>,
    /// The longest that one fetch, or the first clone, may take.
    pub timeout: Duration,
}

/// The daemon's copy of a managed repository. Derefs to [`History`].
pub struct Mirror {
    history: History,
    remote: Arc<Remote>,
    token: Mutex<Option<Secret>>,
    /// Held by the one fetch that runs, even when nobody waits for it any more.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Deref for Mirror {
    type Target = History;

    fn deref(&self) -> &History {
        &self.history
    }
}

impl Mirror {
    /// Opens the mirror in the directory, without any network; clones it where there is none. A clone that was cut off
    /// leaves no mirror behind, and the next call starts anew. One process at a time may use a directory.
    pub async fn open_or_clone(options: MirrorOptions) -> Result<Self, HistoryError> {
        let remote = Arc::new(Remote::new(&options)?);
        let directory = options.directory.clone();
        let found = bounded(&remote, move |_| place::open(&directory)).await?;
        let history = match found {
            Some(Found { history, is_scattered: false }) => history,
            Some(Found { history, is_scattered: true }) => clone(&remote, &options).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the mirror has too many packs and could not be cloned again; it is used as it is");
                history
            }),
            None => clone(&remote, &options).await?,
        };
        Ok(Self { history, remote, token: Mutex::new(options.token), turn: Arc::default() })
    }

    /// Copies what changed: branches, tags and pull request heads are moved, forced where the remote was, and removed
    /// where the remote has none any more. One fetch runs at a time; another waits for its turn, within the same timeout.
    pub async fn fetch(&self) -> Result<FetchReport, HistoryError> {
        let turn = tokio::time::timeout(self.remote.timeout(), self.turn.clone().lock_owned()).await.map_err(|_| self.remote.timed_out())?;
        let (history, remote) = (self.history.clone(), self.remote.clone());
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        bounded(&self.remote, move |interrupt| {
            let _turn = turn;
            fetch::fetch(&history.local(), &remote, token.as_ref(), interrupt)
        })
        .await
    }

    /// The token that the next fetch uses: an App's tokens live for an hour.
    pub fn set_token(&self, token: Option<Secret>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }
}

async fn clone(remote: &Arc<Remote>, options: &MirrorOptions) -> Result<History, HistoryError> {
    let (place, token, source) = (options.directory.clone(), options.token.clone(), remote.clone());
    bounded(remote, move |interrupt| place::clone(&place, &source, token.as_ref(), interrupt)).await
}

/// Runs blocking work within the remote's timeout. The work is told to end when time is up or when nobody waits any more.
async fn bounded<T: Send + 'static>(
    remote: &Remote,
    work: impl FnOnce(&AtomicBool) -> Result<T, HistoryError> + Send + 'static,
) -> Result<T, HistoryError> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let _stop = InterruptOnDrop(interrupt.clone());
    let job = tokio::task::spawn_blocking(move || work(&interrupt));
    match tokio::time::timeout(remote.timeout(), job).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => Err(HistoryError::Stopped { source: error.into() }),
        Err(_) => Err(remote.timed_out()),
    }
}

struct InterruptOnDrop(Arc<AtomicBool>);

impl Drop for InterruptOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
