//! What was attempted when the store failed?

use std::path::PathBuf;

/// A failed operation of the store. `Display` says what was attempted; the cause is in the
/// source chain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is not a database, or cannot be read or created.
    #[error("could not open the database {}\nHint: check the path and its permissions; a damaged database can be deleted, it is rebuilt from Git, GitHub and the targets", path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// The cause.
        source: sqlx::Error,
    },
    /// Another process holds the lock.
    #[error("could not open the database {}: another daemon is using it\nHint: one SQLite database serves one daemon; stop the other one or give this one its own state directory", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// A file beside the database, or the database itself, could not be created or locked.
    #[error("could not create or lock {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A later program wrote this database.
    #[error("could not use the database {}: it has version {found}, and this program knows versions up to {known}\nHint: delete the database, it is rebuilt from Git, GitHub and the targets", path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// A migration failed; the database is as it was before it.
    #[error("could not bring the database to version {version}")]
    Migrate {
        /// The version that was not reached.
        version: i64,
        /// The cause.
        source: sqlx::Error,
    },
    /// A query failed.
    #[error("could not {attempted} in the database")]
    Query {
        /// What was attempted.
        attempted: &'static str,
        /// The cause.
        source: sqlx::Error,
    },
    /// A bound was reached. Nothing was stored; the sweep finds the work again.
    #[error("could not {attempted}: the limit of {limit} is reached")]
    Full {
        /// What was attempted.
        attempted: &'static str,
        /// The bound, in rows.
        limit: i64,
    },
    /// One value is larger than its table allows. Nothing was stored.
    #[error("could not {attempted}: {size_bytes} bytes are more than the limit of {limit_bytes}")]
    TooLarge {
        /// What was attempted.
        attempted: &'static str,
        /// The size of the value.
        size_bytes: usize,
        /// The bound.
        limit_bytes: usize,
    },
    /// The caller no longer holds the lease: a later attempt took over, or the work ended.
    #[error("could not {attempted}: a later attempt took over or the work has ended")]
    Fenced {
        /// What was attempted.
        attempted: &'static str,
    },
    /// An id that the store does not hold.
    #[error("could not {attempted}: the database does not hold it")]
    Unknown {
        /// What was attempted.
        attempted: &'static str,
    },
    /// An intent that already has a different outcome.
    #[error("could not journal an outcome: the intent already has a different one")]
    OutcomeDiffers,
    /// A blob whose bytes no longer have its hash.
    #[error("could not read the blob {hash}: its bytes have changed\nHint: delete the database, it is rebuilt from Git, GitHub and the targets")]
    Damaged {
        /// The hash it was stored under.
        hash: String,
    },
}

/// Names what a query was for.
pub(crate) trait Attempted<T> {
    fn attempted(self, attempted: &'static str) -> Result<T, StoreError>;
}

impl<T> Attempted<T> for Result<T, sqlx::Error> {
    fn attempted(self, attempted: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Query { attempted, source })
    }
}

/// Refuses a value that is larger than its bound.
pub(crate) fn within(attempted: &'static str, size_bytes: usize, limit_bytes: usize) -> Result<(), StoreError> {
    if size_bytes > limit_bytes {
        return Err(StoreError::TooLarge { attempted, size_bytes, limit_bytes });
    }
    Ok(())
}

/// A fenced write must have touched its row.
pub(crate) fn unless_fenced(attempted: &'static str, rows: u64) -> Result<(), StoreError> {
    if rows == 0 {
        return Err(StoreError::Fenced { attempted });
    }
    Ok(())
}

/// Whether another daemon won the race for the same row. SQLite never gets here, because
/// writes are serial; on PostgreSQL the loser of a claim sees a unique violation.
pub(crate) fn lost_race(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|database| database.is_unique_violation())
}
