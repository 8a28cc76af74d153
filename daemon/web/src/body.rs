//! How much of a request's body is kept, and how much is kept of all bodies together?

use axum::{
    body::Body,
    http::{HeaderMap, header::CONTENT_LENGTH},
};
use daemon_store::INBOX_BODY_BYTES_MAX;
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

/// What is read of a body that is too large, and thrown away, so that its sender gets to read our answer.
const DISCARDED_BYTES_MAX: u64 = 64 << 20;
const KIBIBYTE: u64 = 1 << 10;
/// All bodies that are being read, together. Two of the largest fit, and thousands of ordinary ones.
const HELD_KIBIBYTES_MAX: u32 = 64 << 10;

/// A body that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyRefusal {
    TooLarge,
    /// The sender went away before the end.
    Cut,
}

/// Room in memory for bodies that nobody has vouched for yet.
#[derive(Debug)]
pub(crate) struct BodyBudget(Semaphore);

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Semaphore::new(HELD_KIBIBYTES_MAX as usize))
    }
}

impl BodyBudget {
    /// Reads a body of at most the size that the inbox takes, and hands it to `work`. Waits for room before the first
    /// byte is read; the room is given back when `work` is done.
    pub(crate) async fn with_body<T>(&self, headers: &HeaderMap, body: Body, work: impl AsyncFnOnce(&[u8]) -> T) -> Result<T, BodyRefusal> {
        let limit = INBOX_BODY_BYTES_MAX as u64;
        let declared = declared_bytes(headers);
        if declared.is_some_and(|size| size > limit) {
            discard(body, 0).await?;
            return Err(BodyRefusal::TooLarge);
        }
        let room = declared.unwrap_or(limit).div_ceil(KIBIBYTE).max(1);
        let room = u32::try_from(room).unwrap_or(HELD_KIBIBYTES_MAX);
        // The semaphore is never closed.
        let _held = self.0.acquire_many(room).await.map_err(|_| BodyRefusal::Cut)?;
        Ok(work(&read(body).await?).await)
    }
}

fn declared_bytes(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(mut body: Body) -> Result<Vec<u8>, BodyRefusal> {
    let mut kept = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyRefusal::Cut)?.into_data() else { continue };
        if kept.len() + data.len() > INBOX_BODY_BYTES_MAX {
            let read = (kept.len() + data.len()) as u64;
            drop(kept);
            discard(body, read).await?;
            return Err(BodyRefusal::TooLarge);
        }
        kept.extend_from_slice(&data);
    }
    Ok(kept)
}

async fn discard(mut body: Body, mut read: u64) -> Result<(), BodyRefusal> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|_| BodyRefusal::Cut)?.into_data() {
            read += data.len() as u64;
        }
        if read > DISCARDED_BYTES_MAX {
            break;
        }
    }
    Ok(())
}
