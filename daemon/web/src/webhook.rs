//! What becomes of a webhook? Checked, stored durably, acknowledged: in this order, and nothing before the signature.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use daemon_github::{Wake, parse, verify};
use daemon_store::{Received, StoreError};

use crate::{body::BodyRefusal, state::WebState};

const SIGNATURE: &str = "x-hub-signature-256";
const EVENT: &str = "x-github-event";
const DELIVERY: &str = "x-github-delivery";
/// GitHub's delivery ids have 36 characters, and its longest event name is not much longer.
const HEADER_LENGTH_MAX: usize = 100;

/// What became of a webhook. Each has its own counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Stored,
    Duplicate,
    /// Nothing that the daemon acts on.
    Ignored,
    /// Not GitHub's, as far as can be told.
    Unsigned,
    /// Signed, but a header is missing.
    Incomplete,
    /// Signed, but not what GitHub describes.
    Unreadable,
    TooLarge,
    /// The sender went away.
    Cut,
    /// Too many deliveries wait.
    Full,
    /// The database failed.
    Failed,
}

impl Outcome {
    pub(crate) const ALL: [Self; 10] = [
        Self::Stored,
        Self::Duplicate,
        Self::Ignored,
        Self::Unsigned,
        Self::Incomplete,
        Self::Unreadable,
        Self::TooLarge,
        Self::Cut,
        Self::Full,
        Self::Failed,
    ];

    /// The status, the word that metrics use, and what the sender is told.
    fn facts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Stored => (StatusCode::ACCEPTED, "stored", "stored"),
            Self::Duplicate => (StatusCode::ACCEPTED, "duplicate", "this delivery was taken before"),
            Self::Ignored => (StatusCode::ACCEPTED, "ignored", "nothing to do for this event"),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "unsigned", "the signature is missing or wrong"),
            Self::Incomplete => (StatusCode::BAD_REQUEST, "incomplete", "X-GitHub-Event or X-GitHub-Delivery is missing"),
            Self::Unreadable => (StatusCode::BAD_REQUEST, "unreadable", "the body is not the JSON that GitHub describes"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is larger than 25 MiB"),
            Self::Cut => (StatusCode::BAD_REQUEST, "cut", "the body ended early"),
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, "full", "too many deliveries wait; deliver it again later"),
            Self::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "failed", "the delivery could not be stored; the daemon's log says why"),
        }
    }

    pub(crate) fn word(self) -> &'static str {
        self.facts().1
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let (status, _, message) = self.facts();
        (status, format!("{message}\n")).into_response()
    }
}

pub(crate) async fn receive(State(state): State<WebState>, request: Request) -> Outcome {
    let (parts, body) = request.into_parts();
    let headers = parts.headers;
    let taken = state.shared.bodies.with_body(&headers, body, async |body| take(&state, &headers, body).await).await;
    let outcome = taken.unwrap_or_else(|refusal| match refusal {
        BodyRefusal::TooLarge => Outcome::TooLarge,
        BodyRefusal::Cut => Outcome::Cut,
    });
    state.shared.webhooks.count(outcome);
    outcome
}

async fn take(state: &WebState, headers: &HeaderMap, body: &[u8]) -> Outcome {
    if let Err(refusal) = verify(&state.shared.options.webhook_secret, body, text(headers, SIGNATURE)) {
        // Anybody can send such a request, so it must not fill the log.
        tracing::debug!(%refusal, "refused a webhook");
        return Outcome::Unsigned;
    }
    let (Some(event), Some(delivery)) = (text(headers, EVENT), text(headers, DELIVERY)) else {
        tracing::warn!("refused a signed webhook without its event's name or delivery id");
        return Outcome::Incomplete;
    };
    match parse(event, body) {
        Ok(Wake::Ignored { .. } | Wake::Ping) => Outcome::Ignored,
        Ok(_) => store(state, delivery, event, body).await,
        Err(error) => {
            tracing::warn!(%error, delivery, "refused a signed webhook");
            Outcome::Unreadable
        }
    }
}

async fn store(state: &WebState, delivery: &str, event: &str, body: &[u8]) -> Outcome {
    match state.shared.options.store.inbox().receive(delivery, event, body).await {
        Ok(Received::New) => Outcome::Stored,
        Ok(Received::Duplicate) => Outcome::Duplicate,
        Err(error @ StoreError::Full { .. }) => {
            tracing::warn!(%error, delivery, "turned a delivery away");
            Outcome::Full
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, delivery, "could not store a delivery");
            Outcome::Failed
        }
    }
}

/// A header that is there, plain, and of a length that GitHub would send.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty() && text.len() <= HEADER_LENGTH_MAX)
}
