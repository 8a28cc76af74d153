//! How does a test make parts of a real daemon unreadable? A proxy before it that refuses chosen requests.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

const REFUSAL: &str = r#"{"message": "the disk is broken"}"#;
const HEAD_LENGTH_MAX: usize = 64 * 1024;

pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    refused: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Proxy {
    /// Before the daemon at `endpoint`, refusing nothing.
    pub(crate) fn before(endpoint: &str) -> Self {
        let daemon = PathBuf::from(endpoint.strip_prefix("unix://").unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("docker.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let refused = Arc::new(Mutex::new(Vec::new()));
        let shared = refused.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (daemon, refused) = (daemon.clone(), shared.clone());
                // A connection that breaks is the client's matter.
                tokio::spawn(async move { pass(stream, &daemon, &refused).await });
            }
        });
        Self { endpoint: format!("unix://{}", path.display()), refused, serving, _folder: folder }
    }

    /// From now on requests whose path holds this are answered with status 500.
    pub(crate) fn refuse(&self, part: impl Into<String>) {
        self.refused.lock().unwrap().push(part.into());
    }

    pub(crate) fn heal(&self) {
        self.refused.lock().unwrap().clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The client opens a connection for each request, so the first head decides.
async fn pass(mut client: UnixStream, daemon: &Path, refused: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") && head.len() < HEAD_LENGTH_MAX {
        if client.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    let path = line.split(' ').nth(1).unwrap_or_default();
    let is_refused = refused.lock().unwrap().iter().any(|part| path.contains(part.as_str()));
    if is_refused {
        let answer = format!("HTTP/1.1 500 Refused\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{REFUSAL}", REFUSAL.len());
        return client.write_all(answer.as_bytes()).await;
    }
    let mut upstream = UnixStream::connect(daemon).await?;
    upstream.write_all(&head).await?;
    tokio::io::copy_bidirectional(&mut client, &mut upstream).await.map(|_| ())
}
