//! How is a target's HTTPS interface spoken to? With its trust, without detours, and with a bound on everything.
//!
//! What the engines with an API over HTTPS have in common, and nothing that one of them means: no paths, no kinds of refusals.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind};
use engine_tls::Trust;
use reqwest::Response;

/// A client that goes nowhere but where it is sent, and repeats nothing by itself. The error is a sentence.
pub fn client(trust: &Trust, connect_within: Duration) -> Result<reqwest::Client, String> {
    let tls = engine_tls::client_config(trust).map_err(|error| error.to_string())?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .connect_timeout(connect_within)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .user_agent("ipr")
        .build()
        .map_err(|error| error.to_string())
}

/// No answer at all.
pub fn unanswered(attempt: &str, error: reqwest::Error) -> EngineError {
    // A way in that is not there is asked for first: nothing of the request has left us, however long it took to find out.
    let kind = if error.is_timeout() && !error.is_connect() { ErrorKind::Timeout } else { ErrorKind::Unreachable };
    let message = engine_tls::words(&error);
    // The address in reqwest's own words may be long, and says nothing new.
    EngineError::new(kind, attempt, message).with_source(error.without_url())
}

/// The body of an answer, as far as it may go.
pub async fn body(attempt: &str, mut response: Response, mebibytes_max: usize) -> Result<Vec<u8>, EngineError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(attempt, error))? {
        if bytes.len() + chunk.len() > mebibytes_max << 20 {
            return Err(EngineError::new(ErrorKind::Protocol, attempt, format!("the answer is longer than {mebibytes_max} MiB")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
