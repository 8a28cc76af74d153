//! Which id comes next?
//!
//! Ids are counted in a table instead of by the database engine: SQLite and PostgreSQL then
//! share one text, and an id never comes back after its row is deleted.

use sqlx::SqliteConnection;

const NEXT: &str = "INSERT INTO sequences (name, value) VALUES ($1, 1) \
    ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value";

/// The next id of a table. Call it inside the transaction that uses the id.
pub(crate) async fn next_id(connection: &mut SqliteConnection, table: &'static str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(NEXT).bind(table).fetch_one(connection).await
}
