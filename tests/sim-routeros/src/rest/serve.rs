//! How do requests come in and answers leave?

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use futures::stream;
use http::{Request, Response, StatusCode, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming as Body};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::exchange::{Incoming, Outgoing, exchange};
use crate::fault::Fault;
use crate::shared::Shared;

/// The body of an answer; it may break off.
type Answered = BoxBody<Bytes, io::Error>;

/// Larger requests than this are refused.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Answers requests until one side is done.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: &Shared, connection: u64) {
    let service = service_fn(|request| answer(shared, connection, request));
    // A connection that breaks is the client's affair, or a fault that was asked for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(shared: &Shared, connection: u64, request: Request<Body>) -> io::Result<Response<Answered>> {
    let arrived = Instant::now();
    let Some(incoming) = read(request).await else { return Ok(empty(StatusCode::BAD_REQUEST)) };
    if incoming.path.is_empty() {
        return Ok(empty(StatusCode::NOT_FOUND));
    }
    shared.wait_for_latency(arrived).await;
    let outgoing = exchange(&mut shared.lock(), connection, &incoming);
    shared.settle();
    if !shared.lock().may_answer(connection) {
        std::future::pending::<Infallible>().await;
    }
    send(outgoing).await
}

async fn read(request: Request<Body>) -> Option<Incoming> {
    let (parts, body) = request.into_parts();
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let path = parts.uri.path().strip_prefix("/rest").unwrap_or_default();
    let pairs = parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let query = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (decoded(name), decoded(value)));
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Some(Incoming {
        method: parts.method.to_string(),
        path: percent_decode_str(path).decode_utf8_lossy().into_owned(),
        query: query.collect(),
        authorization: authorization.to_owned(),
        body: Limited::new(body, BODY_BYTES_MAX).collect().await.ok()?.to_bytes().to_vec(),
    })
}

/// An error ends the connection.
async fn send(outgoing: Outgoing) -> io::Result<Response<Answered>> {
    let bytes = outgoing.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    let status = StatusCode::from_u16(outgoing.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match outgoing.fault {
        Some(Fault::DisconnectBefore | Fault::DisconnectAfterEffect | Fault::PowerCutAfterEffect | Fault::Fatal(_)) => {
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Some(Fault::SilenceBefore | Fault::SilenceAfterEffect) => std::future::pending().await,
        Some(Fault::Garbage) => Ok(json(status, whole(b"<html>".to_vec()))),
        Some(Fault::Truncated) => Ok(json(status, broken_off(bytes[..bytes.len() / 2].to_vec()))),
        Some(Fault::TrapBefore(_) | Fault::TrapAfterEffect(_)) | None if bytes.is_empty() => Ok(empty(status)),
        Some(Fault::TrapBefore(_) | Fault::TrapAfterEffect(_)) | None => Ok(json(status, whole(bytes))),
    }
}

fn whole(bytes: Vec<u8>) -> Answered {
    Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed()
}

/// These bytes, and then the end of the connection.
fn broken_off(bytes: Vec<u8>) -> Answered {
    let frames = [Ok(Frame::data(Bytes::from(bytes))), Err(io::ErrorKind::ConnectionReset.into())];
    BodyExt::boxed(StreamBody::new(stream::iter(frames)))
}

fn empty(status: StatusCode) -> Response<Answered> {
    let mut response = Response::new(whole(Vec::new()));
    *response.status_mut() = status;
    response
}

fn json(status: StatusCode, body: Answered) -> Response<Answered> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
