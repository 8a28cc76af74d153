//! What does the engine make of a server that is no Docker daemon? One that gives every request the same answer, or none.

use std::time::Duration;

use engine_api::{Engine, EngineError, Probe};
use engine_docker::{Docker, DockerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

pub(crate) struct CannedServer {
    endpoint: String,
    serving: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl CannedServer {
    /// Every request gets this status and body.
    pub(crate) fn answering(status: u16, body: &str) -> Self {
        let head =
            format!("HTTP/1.1 {status} Canned\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        Self::serve(Some(format!("{head}{body}")))
    }

    /// Requests are taken and never answered.
    pub(crate) fn silent() -> Self {
        Self::serve(None)
    }

    fn serve(answer: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("docker.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let serving = tokio::spawn(async move {
            // Connections are kept, so that a silent one stays open.
            let mut open = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.extend(Self::answer(stream, answer.as_deref()).await);
            }
        });
        Self { endpoint: format!("unix://{}", path.display()), serving, _folder: folder }
    }

    async fn answer(mut stream: UnixStream, answer: Option<&str>) -> Option<UnixStream> {
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request).await;
        let Some(answer) = answer else { return Some(stream) };
        let _ = stream.write_all(answer.as_bytes()).await;
        None
    }

    /// Asks this server, as an engine with little patience.
    pub(crate) async fn probe(&self) -> Result<Probe, EngineError> {
        let mut options = DockerOptions::new(&self.endpoint, "owner");
        options.timeouts.read = Duration::from_secs(1);
        Docker::connect(options).expect("good options").probe().await
    }
}

impl Drop for CannedServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
