//! Which address leads where, and how long may an answer take?

use std::time::Duration;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use tower_http::timeout::TimeoutLayer;

use crate::{health, metrics, page, state::WebState, webhook};

/// GitHub waits ten seconds for an answer. A slower sender is cut off, so that it does not hold its place.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// All routes of the daemon.
pub fn router(state: WebState) -> Router {
    Router::new()
        .route("/", get(page::show))
        .route("/webhook", post(webhook::receive))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_TIMEOUT))
        .with_state(state)
}
