//! Is this daemon the only one on the database?
//!
//! The lock is on a file beside the database, not on the database: it must hold even while
//! somebody deletes the database under a running daemon. The operating system releases it
//! when the process ends, however it ends, so there is no stale lock to clean up.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use crate::error::StoreError;

/// Holds the exclusive lock until dropped.
#[derive(Debug)]
pub(crate) struct ExclusiveLock {
    /// Never read: the open file is the lock.
    _file: File,
}

impl ExclusiveLock {
    /// Takes the lock at once, or says that another daemon has it.
    pub(crate) fn take(database: &Path) -> Result<Self, StoreError> {
        let path = lock_path(database);
        let file = private_file(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: database.to_owned() }),
            Err(TryLockError::Error(source)) => Err(StoreError::File { path, source }),
        }
    }
}

pub(crate) fn lock_path(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(".lock");
    PathBuf::from(name)
}

/// Opens or creates a file that only its owner can read. SQLite gives its own side files the
/// permissions of the database, and webhook bodies may come from private repositories.
pub(crate) fn private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| StoreError::File { path: path.to_owned(), source })
}
