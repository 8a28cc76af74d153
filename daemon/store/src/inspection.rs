//! How is the database, without touching it? Nothing is created, migrated or voided, and a daemon that has it goes on.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::error::StoreError;
use crate::lock::lock_path;
use crate::migrations;

/// What is known of a database that was only looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspection {
    /// There is none; the first start makes it.
    Absent,
    Present {
        /// The version of its layout.
        version: i64,
        /// A daemon has it open.
        is_in_use: bool,
    },
}

/// Looks at the database. An error says why a daemon could not use it.
pub async fn inspect(path: &Path) -> Result<Inspection, StoreError> {
    if !path.exists() {
        return Ok(Inspection::Absent);
    }
    // Opened for writing and not written: what is asked is whether one may.
    OpenOptions::new().write(true).open(path).map_err(|source| StoreError::File { path: path.to_owned(), source })?;
    let is_in_use = is_locked(&lock_path(path))?;
    let version = version(path, is_in_use).await?;
    let known = migrations::known();
    if version > known {
        return Err(StoreError::Newer { path: path.to_owned(), found: version, known });
    }
    Ok(Inspection::Present { version, is_in_use })
}

/// Whether a process holds the lock. It is let go at once where nobody does.
fn is_locked(path: &Path) -> Result<bool, StoreError> {
    let failed = |source| StoreError::File { path: path.to_owned(), source };
    if !path.exists() {
        return Ok(false);
    }
    match File::open(path).map_err(failed)?.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

async fn version(path: &Path, is_in_use: bool) -> Result<i64, StoreError> {
    let failed = |source| StoreError::Open { path: path.to_owned(), source };
    let mut side_file = path.as_os_str().to_owned();
    side_file.push("-wal");
    // Without its log nobody changes the file, and reading it needs no file beside it.
    let is_settled = !is_in_use && !Path::new(&side_file).exists();
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(is_settled);
    let mut connection = options.connect().await.map_err(failed)?;
    let found = sqlx::query_scalar(migrations::VERSION).fetch_one(&mut connection).await.map_err(failed);
    // Nothing was written that closing could lose.
    let _ = connection.close().await;
    found
}
