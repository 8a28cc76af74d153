//! Who answers an HTTP request: the REST API, git, or a page for people?

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::forge::Shared;
use super::pages;
use super::rest::{Answer, Incoming, Reply, exchange};
use super::smart_http;
use super::tls::Cut;

/// Larger requests than this are refused; GitHub's blobs end at 100 MB.
const BODY_BYTES_MAX: usize = 100 * 1024 * 1024;

pub(super) fn router(shared: Shared) -> Router {
    Router::new().fallback(handle).with_state(shared)
}

async fn handle(State(shared): State<Shared>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path();
    let rest_path = path.strip_prefix("/api/v3").map(str::to_owned);
    let incoming = Incoming {
        method: parts.method.to_string(),
        path: rest_path.clone().unwrap_or_else(|| path.to_owned()),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    };
    let latency = shared.lock().latency;
    if !latency.is_zero() {
        // It ends by its time only.
        let _ = tokio::time::timeout(latency, std::future::pending::<()>()).await;
    }
    let outbox = shared.outbox();
    let reply = if rest_path.is_some() {
        shared.change(move |world| exchange(world, &incoming)).await
    } else if smart_http::is_git(&incoming.path) {
        smart_http::answer(&shared, incoming).await
    } else {
        shared.change(move |world| Reply::Send(pages::answer(world, &incoming))).await
    };
    // Deliveries leave after the answer is made, as on GitHub.
    outbox.wake();
    match reply {
        Ok(reply) => send(reply, &cut).await,
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn send(reply: Reply, cut: &Cut) -> Response {
    match reply {
        Reply::Send(answer) => {
            let bytes = answer.bytes();
            response(&answer, bytes)
        }
        Reply::Truncate(answer) => {
            let mut bytes = answer.bytes();
            bytes.truncate(bytes.len() / 2);
            response(&answer, bytes)
        }
        Reply::Cut => {
            cut.now();
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        // Until whoever waits goes away.
        Reply::Silence => std::future::pending().await,
    }
}

fn response(answer: &Answer, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &answer.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}
