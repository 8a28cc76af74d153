//! Who answers a pull, and from what?

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::digest;
use super::error::RegistryError;
use super::image::{Image, MANIFEST_TYPE};
use super::path::{Asked, parse};

/// Pulls that are still going on after this long are cut off at the end.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
const BLOB_TYPE: &str = "application/octet-stream";

#[derive(Debug, Default)]
struct Content {
    repositories: BTreeMap<String, Repository>,
}

#[derive(Debug, Default)]
struct Repository {
    /// Digests by tag.
    tags: BTreeMap<String, String>,
    manifests: BTreeMap<String, Bytes>,
    blobs: BTreeMap<String, Bytes>,
}

type Shared = Arc<Mutex<Content>>;

/// A registry on a free port of 127.0.0.1. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Registry {
    content: Shared,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Registry {
    /// Starts a registry without images.
    pub async fn start() -> Result<Self, RegistryError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let content = Shared::default();
        let router = Router::new().fallback(answer).with_state(content.clone());
        let (stop, mut stopped) = watch::channel(false);
        let server = tokio::spawn(async move {
            let serve = axum::serve(listener, router).with_graceful_shutdown(async move {
                // An error means that the registry is gone, which is a reason to stop as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            });
            // Serving ends by the signal only; it has no other error to report.
            let _ = serve.await;
        });
        Ok(Self { content, address, stop, server })
    }

    /// `127.0.0.1:port`, the first part of its images' references.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Holds an image under a tag from now on, and answers its digest. The tag may have been another image's: that one is still
    /// found by its digest.
    pub fn put(&self, repository: &str, tag: &str, image: &Image) -> String {
        let digest = image.digest();
        let mut content = lock(&self.content);
        let held = content.repositories.entry(repository.to_owned()).or_default();
        held.tags.insert(tag.to_owned(), digest.clone());
        held.manifests.insert(digest.clone(), image.manifest.clone());
        held.blobs.extend(image.blobs.iter().cloned());
        digest
    }

    /// Stops serving, after the answers that are being given.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(STOP_TIMEOUT, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

fn lock(content: &Shared) -> MutexGuard<'_, Content> {
    content.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(content): State<Shared>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED");
    }
    let content = lock(&content);
    match parse(uri.path()) {
        Asked::Version => send("application/json", None, Bytes::from_static(b"{}")),
        Asked::Manifest { repository, reference } => match content.manifest(repository, reference) {
            Some(manifest) => send(MANIFEST_TYPE, Some(digest::of(&manifest)), manifest),
            None => refuse(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
        },
        Asked::Blob { repository, digest } => match content.repositories.get(repository).and_then(|held| held.blobs.get(digest)) {
            Some(blob) => send(BLOB_TYPE, Some(digest.to_owned()), blob.clone()),
            None => refuse(StatusCode::NOT_FOUND, "BLOB_UNKNOWN"),
        },
        Asked::Nothing => refuse(StatusCode::NOT_FOUND, "NAME_UNKNOWN"),
    }
}

impl Content {
    fn manifest(&self, repository: &str, reference: &str) -> Option<Bytes> {
        let held = self.repositories.get(repository)?;
        let digest = held.tags.get(reference).map_or(reference, String::as_str);
        held.manifests.get(digest).cloned()
    }
}

/// The whole content; for HEAD the server leaves the body out and keeps its length.
fn send(kind: &'static str, digest: Option<String>, content: Bytes) -> Response {
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_LENGTH, content.len())
        .header("docker-distribution-api-version", "registry/2.0");
    if let Some(digest) = digest {
        response = response.header("docker-content-digest", digest);
    }
    response.body(Body::from(content)).unwrap_or_else(|_| refuse(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"))
}

fn refuse(status: StatusCode, code: &str) -> Response {
    let errors = json!({"errors": [{"code": code, "message": status.canonical_reason()}]});
    let mut response = Response::new(Body::from(errors.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
