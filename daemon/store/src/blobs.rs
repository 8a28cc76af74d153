//! Which bytes have this hash?
//!
//! Plans and other large values are stored once, under the SHA-256 of their bytes.

use sha2::{Digest, Sha256};

use crate::{
    clock::now,
    error::{Attempted, StoreError, within},
    limits::BLOB_BYTES_MAX,
    store::Store,
};

/// Storing again what is stored makes it young again, so that it is not pruned too early.
const PUT: &str = concat!(
    "INSERT INTO blobs (hash, bytes, stored_at) VALUES ($1, $2, ",
    now!(),
    ") ON CONFLICT (hash) DO UPDATE SET stored_at = excluded.stored_at"
);
const GET: &str = "SELECT bytes FROM blobs WHERE hash = $1";

/// The blobs of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Blobs<'a> {
    pub(crate) store: &'a Store,
}

impl Blobs<'_> {
    /// Stores bytes and returns their SHA-256 in lower-case hex.
    pub async fn put(&self, bytes: &[u8]) -> Result<String, StoreError> {
        const ATTEMPT: &str = "store a blob";
        within(ATTEMPT, bytes.len(), BLOB_BYTES_MAX)?;
        let hash = hash(bytes);
        sqlx::query(PUT).bind(&hash).bind(bytes).execute(self.store.pool()).await.attempted(ATTEMPT)?;
        Ok(hash)
    }

    /// The bytes with this hash, verified; none if they are not stored (any more).
    pub async fn get(&self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes: Option<Vec<u8>> = sqlx::query_scalar(GET).bind(hash).fetch_optional(self.store.pool()).await.attempted("read a blob")?;
        if let Some(bytes) = &bytes
            && self::hash(bytes) != hash
        {
            return Err(StoreError::Damaged { hash: hash.to_owned() });
        }
        Ok(bytes)
    }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
