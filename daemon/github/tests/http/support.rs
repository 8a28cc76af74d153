//! How do the tests answer a call? A server on the loopback that replies what a test tells it and remembers what it saw.
//! It knows nothing of GitHub; the simulator, which does, is in a package that may depend on this one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use core_model::Secret;
use daemon_github::{ClientOptions, GitHub, RepositoryName};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const TOKEN: &str = "ghp_canary";

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Seen {
    /// `POST /user`, with the query.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self::text(status, &body.to_string())
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: Some(body.to_owned()) }
    }

    /// The connection stays open and nothing comes.
    pub(crate) fn silence() -> Self {
        Self { status: 200, headers: Vec::new(), body: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

type Answer = dyn Fn(&Seen) -> Reply + Send + Sync;
type Log = Arc<Mutex<Vec<Seen>>>;

/// Stops when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Log,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let state: (Arc<Answer>, _) = (Arc::new(answer), seen.clone());
        let routes = axum::Router::new().fallback(reply).with_state(state);
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { address, seen, task }
    }

    /// Every request gets the same reply.
    pub(crate) async fn always(status: u16, body: Value) -> Self {
        Self::start(move |_| Reply::json(status, body.clone())).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn options(&self) -> ClientOptions {
        ClientOptions::new(self.url(), Secret::new(TOKEN))
    }

    pub(crate) fn github(&self) -> GitHub {
        GitHub::new(self.options()).unwrap()
    }

    pub(crate) fn impatient_github(&self) -> GitHub {
        GitHub::new(ClientOptions { request_timeout: Duration::from_millis(150), ..self.options() }).unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn reply(State((answer, seen)): State<(Arc<Answer>, Log)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let request = Seen {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().unwrap().to_string(),
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    seen.lock().unwrap().push(request.clone());
    let reply = answer(&request);
    let Some(body) = reply.body else {
        return std::future::pending().await;
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap();
    for (name, value) in reply.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

pub(crate) fn infra() -> RepositoryName {
    "acme/infra".parse().unwrap()
}
