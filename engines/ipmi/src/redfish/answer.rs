//! What does an answer say? Its status, the few headers that matter, and a body of JSON that is not without bound.

use engine_api::EngineError;
use reqwest::Response;
use reqwest::header::{ETAG, HeaderMap, LOCATION};
use serde_json::Value;

use super::fault;

/// The registry of a large firmware's settings has five.
const BODY_MEBIBYTES_MAX: usize = 32;

pub(super) struct Answer {
    pub(super) status: u16,
    /// Null where there is none.
    pub(super) body: Value,
    /// The body is something else than JSON. Of a change that was accepted it does not matter.
    is_garbled: bool,
    pub(super) etag: Option<String>,
    /// Where what was made is, or the task that goes on.
    pub(super) location: Option<String>,
    pub(super) headers: HeaderMap,
}

impl Answer {
    pub(super) async fn read(attempt: &str, response: Response) -> Result<Self, EngineError> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (header_etag, location) = (text(ETAG), text(LOCATION));
        let bytes = engine_http::body(attempt, response, BODY_MEBIBYTES_MAX).await?;
        let parsed = serde_json::from_slice::<Value>(&bytes);
        let is_garbled = parsed.is_err() && !bytes.is_empty();
        // Some refuse in plain words.
        let plain = || if is_garbled { Value::String(String::from_utf8_lossy(&bytes).into_owned()) } else { Value::Null };
        let body = parsed.unwrap_or_else(|_| plain());
        let etag = header_etag.or_else(|| body.get("@odata.etag").and_then(Value::as_str).map(str::to_owned));
        Ok(Self { status, body, is_garbled, etag, location, headers })
    }

    /// The answer to a question, which says something.
    pub(super) fn readable(self, attempt: &str) -> Result<Self, EngineError> {
        if self.is_success() && self.is_garbled {
            return Err(fault::senseless(attempt, "the answer is not JSON; is this the address of a BMC?"));
        }
        Ok(self)
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answer, unless it refuses.
    pub(super) fn accepted(self, attempt: &str) -> Result<Self, EngineError> {
        if self.is_success() { Ok(self) } else { Err(fault::refused(attempt, self.status, &self.body)) }
    }
}
