//! A store in a directory of its own, and what a test needs to look behind it.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
};

use daemon_store::Store;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// The files that make up a database.
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// Stands for its store. The directory goes when the fixture does.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    directory: TempDir,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(database(&directory)).await.unwrap();
        Self { store, directory }
    }

    pub(crate) fn path(&self) -> PathBuf {
        database(&self.directory)
    }

    /// Closes the store and opens it again, as a restart does.
    pub(crate) async fn restart(self) -> Self {
        self.store.close().await;
        let store = Store::open(database(&self.directory)).await.unwrap();
        Self { store, directory: self.directory }
    }

    /// What a power cut at this moment would leave, opened by the next daemon. The running
    /// store is neither closed nor told.
    pub(crate) async fn crash_image(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for suffix in SUFFIXES {
            let _ = std::fs::copy(with_suffix(&self.path(), suffix), with_suffix(&database(&directory), suffix));
        }
        let store = Store::open(database(&directory)).await.unwrap();
        Self { store, directory }
    }

    /// Runs SQL on the file, past the store.
    pub(crate) async fn execute(&self, sql: &'static str) {
        let mut connection = raw(&self.path()).await;
        sqlx::query(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

impl Deref for Fixture {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

pub(crate) async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path);
    SqliteConnection::connect_with(&options).await.unwrap()
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn database(directory: &TempDir) -> PathBuf {
    directory.path().join("state.db")
}
