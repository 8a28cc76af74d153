//! What is on the real Docker engine? Asked over its unix socket, beside the daemon.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// An answer larger than this is none that a story asks for.
const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A Docker engine for tests.
#[derive(Debug, Clone)]
pub struct Docker {
    endpoint: String,
    socket: PathBuf,
}

impl Docker {
    /// The engine that `IPR_TEST_DOCKER` names.
    pub fn from_environment() -> Self {
        let endpoint = std::env::var("IPR_TEST_DOCKER").expect("IPR_TEST_DOCKER names a Docker engine; run this through .ci/test or .ci/with-docker");
        let socket = endpoint.strip_prefix("unix://").expect("IPR_TEST_DOCKER is a unix socket").into();
        Self { endpoint, socket }
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// One object by its path, such as `/containers/web-app/json`; `None` if there is none.
    pub async fn get(&self, path: &str) -> Option<Value> {
        let (status, body) = self.request("GET", path, None).await;
        match status {
            200 => Some(serde_json::from_slice(&body).expect("Docker answers JSON")),
            404 => None,
            other => panic!("Docker answered {other} to GET {path}: {}", String::from_utf8_lossy(&body)),
        }
    }

    /// A request that must succeed.
    pub async fn post(&self, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.request("POST", path, body.map(|body| body.to_string().into_bytes())).await;
        assert!((200..300).contains(&status), "Docker answered {status} to POST {path}: {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap_or_default()
    }

    /// Removes an object; that it is gone already is fine.
    pub async fn delete(&self, path: &str) {
        let (status, answer) = self.request("DELETE", path, None).await;
        assert!(matches!(status, 200..300 | 404), "Docker answered {status} to DELETE {path}: {}", String::from_utf8_lossy(&answer));
    }

    /// HTTP/1.0, so that the answer ends with the connection and comes in one piece.
    pub async fn request(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> (u16, Vec<u8>) {
        let exchange = async {
            let mut stream = UnixStream::connect(&self.socket).await.expect("the Docker engine answers");
            let body = body.unwrap_or_default();
            let head =
                format!("{method} {path} HTTP/1.0\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await.expect("the Docker engine reads");
            stream.write_all(&body).await.expect("the Docker engine reads");
            let mut answer = Vec::new();
            stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await.expect("the Docker engine answers");
            answer
        };
        let answer = tokio::time::timeout(REQUEST_TIMEOUT, exchange).await.unwrap_or_else(|_| panic!("Docker does not answer to {method} {path}"));
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("an HTTP answer has a head");
        let head = String::from_utf8_lossy(&answer[..end]);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an HTTP answer has a status");
        (status, answer[end + 4..].to_vec())
    }
}
