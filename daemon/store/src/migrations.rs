//! Which layout does the database have, and how does it get to ours?
//!
//! Migrations are numbered, embedded and only go up. Each runs in one transaction with its
//! version row, so a crash leaves either the old layout or the new one. There is no way down:
//! a database of a newer version is refused, and deleting it is the downgrade.

use std::path::Path;

use sqlx::SqlitePool;

use crate::{clock::now, error::StoreError};

const SCHEMA_VERSION: &str = include_str!("../migrations/0000_schema_version.sql");

/// The text of version N is at index N - 1. Texts that were released never change.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_initial.sql"), include_str!("../migrations/0002_requests.sql")];

pub(crate) const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
const RECORD: &str = concat!("INSERT INTO schema_version (version, applied_at) VALUES ($1, ", now!(), ")");

/// Brings the database to this program's version, or refuses a newer one untouched.
pub(crate) async fn migrate(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let found = version(pool).await.map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
    let known = known();
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    for (version, text) in (1..).zip(MIGRATIONS) {
        if version > found {
            apply(pool, version, text).await.map_err(|source| StoreError::Migrate { version, source })?;
        }
    }
    Ok(())
}

/// The newest version that this program knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.len() as i64
}

async fn version(pool: &SqlitePool) -> Result<i64, sqlx::Error> {
    sqlx::raw_sql(SCHEMA_VERSION).execute(pool).await?;
    sqlx::query_scalar(VERSION).fetch_one(pool).await
}

async fn apply(pool: &SqlitePool, version: i64, text: &'static str) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(text).execute(&mut *transaction).await?;
    sqlx::query(RECORD).bind(version).execute(&mut *transaction).await?;
    transaction.commit().await
}
