//! How are connections taken, bounded, and let go?
//!
//! A loop of our own instead of axum's: that one sets no limit on headers, on the time they take, or on connections.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

const CONNECTIONS_MAX: usize = 512;
const HEADERS_MAX: usize = 64;
/// The request line and all headers together, give or take one read.
const HEADER_BYTES_MAX: usize = 64 << 10;
/// Also how long an idle connection is kept.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long requests may go on after `stop`.
const FAREWELL: Duration = Duration::from_secs(10);
/// The system has no file handle left, for example. Trying at once would only burn the processor.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(200);

/// Serves until `stop` is cancelled. Then no connection is taken, requests that run get ten seconds to end, and what is
/// still open after that is cut.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    while let Some((stream, place)) = next(&listener, &places, &stop, &mut connections).await {
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEADER_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let serving = graceful.watch(serving);
        connections.spawn(async move {
            if let Err(error) = serving.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "cut connections that did not end in time");
    }
    connections.shutdown().await;
}

/// The next connection and its place; `None` once `stop` is cancelled. Ended connections are reaped meanwhile.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
    connections: &mut JoinSet<()>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    loop {
        tokio::select! {
            () = stop.cancelled() => return None,
            Some(_) = connections.join_next() => {}
            taken = accept(listener, places) => match taken {
                Ok(taken) => return Some(taken),
                Err(error) => {
                    tracing::warn!(%error, "could not take a connection");
                    tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
                }
            },
        }
    }
}

/// Waits for a place first, so that more connections queue in the system and not in our memory.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}
