//! How is the database opened, and what hangs off it?

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::runtime::Handle;

use crate::{
    blobs::Blobs,
    error::{Attempted, StoreError},
    facts::Facts,
    inbox::Inbox,
    journal::Journal,
    lock::{ExclusiveLock, private_file},
    migrations::migrate,
    outbox::Outbox,
    plans::Plans,
    queue::Queue,
    requests::Requests,
    runs::Runs,
    wakeup::Wakeups,
};

/// How long a statement waits for a reader of another process, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Nobody else can be alive while we hold the lock, so every lease is of a dead process.
const VOID_LEASES: [&str; 3] = [
    "UPDATE inbox SET lease_until = 0 WHERE state = 'claimed'",
    "UPDATE queue SET lease_until = 0 WHERE state = 'running'",
    "UPDATE outbox SET lease_until = 0 WHERE state = 'sending'",
];

/// The open database. Clones share it. What a call has returned is on disk.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    pool: SqlitePool,
    wakeups: Wakeups,
    path: PathBuf,
    /// Released once the connection is closed, and not before: closing SQLite removes its
    /// side files by name, and by then they could be those of a new database.
    lock: Mutex<Option<ExclusiveLock>>,
}

impl Store {
    /// Opens or creates the database, brings it to this program's version and voids the
    /// leases of the process before. Refuses while another daemon has it open, and refuses a
    /// database that a newer program wrote.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let lock = ExclusiveLock::take(&path)?;
        drop(private_file(&path)?);
        let pool = connect(&path).await?;
        migrate(&pool, &path).await?;
        for text in VOID_LEASES {
            sqlx::query(text).execute(&pool).await.attempted("void old leases")?;
        }
        let store = Self { inner: Arc::new(Inner { pool, wakeups: Wakeups::default(), path, lock: Mutex::new(Some(lock)) }) };
        store.prune().await?;
        Ok(store)
    }

    /// Closes the database, folds its write-ahead log into the file and releases the lock.
    /// Other clones get errors from then on. A process that ends without it loses nothing;
    /// one that opens the same database again calls it first.
    pub async fn close(self) {
        self.inner.pool.close().await;
        drop(self.inner.take_lock());
    }

    /// Webhook deliveries, taken once.
    pub fn inbox(&self) -> Inbox<'_> {
        Inbox { store: self }
    }

    /// Jobs, serial in their lane.
    pub fn queue(&self) -> Queue<'_> {
        Queue { store: self }
    }

    /// Intents and outcomes of the write gate.
    pub fn journal(&self) -> Journal<'_> {
        Journal { store: self }
    }

    /// Writes to GitHub that are still to be made.
    pub fn outbox(&self) -> Outbox<'_> {
        Outbox { store: self }
    }

    /// Bytes by their hash.
    pub fn blobs(&self) -> Blobs<'_> {
        Blobs { store: self }
    }

    /// Which plan belongs to which pull request, head and environment.
    pub fn plans(&self) -> Plans<'_> {
        Plans { store: self }
    }

    /// Small remembered values: comment ids, cursors, ETags, last tips.
    pub fn facts(&self) -> Facts<'_> {
        Facts { store: self }
    }

    /// What was asked of the assistant.
    pub fn requests(&self) -> Requests<'_> {
        Requests { store: self }
    }

    /// The index of open runs.
    pub fn runs(&self) -> Runs<'_> {
        Runs { store: self }
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.inner.pool
    }

    pub(crate) fn wakeups(&self) -> &Wakeups {
        &self.inner.wakeups
    }
}

impl Inner {
    fn take_lock(&self) -> Option<ExclusiveLock> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Without a runtime the process is ending, and the system closes everything.
        if let (Some(lock), Ok(runtime)) = (self.take_lock(), Handle::try_current()) {
            let pool = self.pool.clone();
            runtime.spawn(async move {
                pool.close().await;
                drop(lock);
            });
        }
    }
}

/// One connection: SQLite writes one at a time anyway, and a single connection never sees
/// "database is locked" from itself. It is kept for the life of the daemon.
async fn connect(path: &Path) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true);
    SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(|source| StoreError::Open { path: path.to_owned(), source })
}
