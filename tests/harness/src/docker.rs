//! What is on the real Docker engine? Asked over its unix socket, beside the daemon.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// An answer larger than this is none that a story asks for.
const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// A container that is not healthy after so many seconds will not be.
const HEALTH_CHECKS_MAX: u32 = 60;
/// What an engine that needs no password is told by those who push to a registry: an empty JSON object in Base64.
const NO_PASSWORD: &str = "e30=";

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

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// One object by its path, such as `/containers/web-app/json`; `None` if there is none.
    pub async fn get(&self, path: &str) -> Option<Value> {
        let (docker, path) = (self.clone(), path.to_owned());
        asked(move || docker.get_now(&path)).await
    }

    /// A request that must succeed.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        let (docker, path) = (self.clone(), path.to_owned());
        asked(move || serde_json::from_slice(&docker.post_now(&path, body.to_string().into_bytes())).unwrap_or_default()).await
    }

    /// Starts a container. Such a request has no body, and the engine reads none.
    pub async fn start(&self, container: &str) {
        let (docker, path) = (self.clone(), format!("/containers/{container}/start"));
        asked(move || docker.post_now(&path, Vec::new())).await;
    }

    /// Pulls an image, so that a story can use it by hand.
    pub async fn pull(&self, image: &str) {
        let (docker, image) = (self.clone(), image.replace('/', "%2F"));
        asked(move || docker.post_now(&format!("/images/create?fromImage={image}"), Vec::new())).await;
    }

    /// What was done to a container so far, in the engine's own words and order.
    pub async fn mutations_of(&self, container: &str) -> Vec<String> {
        let filters = format!("%7B%22container%22%3A%5B%22{container}%22%5D%7D");
        let (docker, path) = (self.clone(), format!("/events?since=0&until={}&filters={filters}", now_s()));
        let events = asked(move || docker.request("GET", &path, &[])).await.1;
        let events = String::from_utf8_lossy(&events).into_owned();
        let actions = events.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()?["Action"].as_str().map(str::to_owned));
        actions.filter(|action| !action.starts_with("exec_") && !action.starts_with("health_status")).collect()
    }

    /// Asks again with every second of the engine's events, until the container's own check is content.
    pub(crate) fn wait_until_healthy_now(&self, container: &str) {
        for _ in 0..HEALTH_CHECKS_MAX {
            let state = self.get_now(&format!("/containers/{container}/json")).expect("the container exists");
            if state["State"]["Health"]["Status"] == "healthy" {
                return;
            }
            // Answers when the next second begins.
            let since = now_s();
            self.request("GET", &format!("/events?since={since}&until={since}"), &[]);
        }
        panic!("`{container}` does not get healthy");
    }

    pub(crate) fn get_now(&self, path: &str) -> Option<Value> {
        let (status, body) = self.request("GET", path, &[]);
        match status {
            200 => Some(serde_json::from_slice(&body).expect("Docker answers JSON")),
            404 => None,
            other => panic!("Docker answered {other} to GET {path}: {}", String::from_utf8_lossy(&body)),
        }
    }

    pub(crate) fn post_now(&self, path: &str, body: Vec<u8>) -> Vec<u8> {
        let (status, answer) = self.request("POST", path, &body);
        assert!((200..300).contains(&status), "Docker answered {status} to POST {path}: {}", String::from_utf8_lossy(&answer));
        answer
    }

    fn request(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        self.try_request(method, path, body).unwrap_or_else(|error| panic!("Docker does not answer to {method} {path}: {error}"))
    }

    /// HTTP/1.0, so that the answer ends with the connection and comes in one piece. The whole request is one write: an engine
    /// that answers without reading a body that came later closes with it unread, and the connection is then reset.
    pub(crate) fn try_request(&self, method: &str, path: &str, body: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(Some(REQUEST_TIMEOUT))?;
        stream.set_write_timeout(Some(REQUEST_TIMEOUT))?;
        let kind = if body.first() == Some(&b'{') { "application/json" } else { "application/x-tar" };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: docker\r\nX-Registry-Auth: {NO_PASSWORD}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
        parsed(&answer).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// Status and body of an HTTP answer.
fn parsed(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    Some((head.split(' ').nth(1)?.parse().ok()?, answer[end + 4..].to_vec()))
}

/// The second that comes next, as Docker counts: what happened in this one is then in the past.
fn now_s() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("this machine's clock is later than 1970").as_secs() + 1
}

/// Runs a blocking exchange away from the test's own thread, on which the forge lives.
pub(crate) async fn asked<T: Send + 'static>(exchange: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(exchange).await {
        Ok(answer) => answer,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
