//! Does the process live, and does it do its work?

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use daemon_store::Backlog;

use crate::state::WebState;

/// A database that takes longer is as good as gone.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(3);

/// 200 as long as the process answers at all. A supervisor that sees nothing else restarts it.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 when the database answers and the daemon's workers run; otherwise 503 and the reason.
pub(crate) async fn ready(State(state): State<WebState>) -> (StatusCode, &'static str) {
    if !(state.shared.options.is_ready)() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the daemon is starting or stopping\n");
    }
    match backlog(&state).await {
        Some(_) => (StatusCode::OK, "ready\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

pub(crate) async fn backlog(state: &WebState) -> Option<Backlog> {
    match tokio::time::timeout(DATABASE_TIMEOUT, state.shared.options.store.backlog()).await {
        Ok(Ok(backlog)) => Some(backlog),
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "could not ask the database");
            None
        }
        Err(_) => {
            tracing::warn!("the database did not answer in time");
            None
        }
    }
}
