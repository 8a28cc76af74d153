//! A server on a port of its own, stopped when the test ends.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use core_model::Secret;
use daemon_store::Store;
use daemon_web::{EnvironmentState, Sample, WebOptions, WebState, router, serve};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{RequestBuilder, Response};
use sha2::Sha256;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(crate) const SECRET: &str = "3b1f6f0b7c2e49d8a5d1c07e9f64b2aa";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) is_ready: Arc<AtomicBool>,
    pub(crate) stop: CancellationToken,
    serving: JoinHandle<()>,
    client: reqwest::Client,
    _folder: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        // Other tests of this process may have been first; one provider is as good as the other's.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let folder = TempDir::new().unwrap();
        let store = Store::open(folder.path().join("ipr.db")).await.unwrap();
        let is_ready = Arc::new(AtomicBool::new(true));
        let asked = is_ready.clone();
        let state = WebState::new(WebOptions {
            store: store.clone(),
            webhook_secret: Secret::new(SECRET),
            version: "1.2.3",
            is_ready: Box::new(move || asked.load(Ordering::SeqCst)),
            environments: Box::new(|| {
                let link = Some("https://github.example/acme/infra".to_owned());
                let prod = EnvironmentState { environment: "acme/infra prod".to_owned(), state: "applied".to_owned(), link };
                Box::pin(std::future::ready(vec![prod]))
            }),
            gauges: Box::new(|| {
                let labels = vec![("target", "rack1/n01".to_owned())];
                vec![Sample { name: "ipr_machine_on", meaning: "Whether the machine is on.", labels, value: 1.0 }]
            }),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, router(state), stop.clone()));
        Self { address, store, is_ready, stop, serving, client: reqwest::Client::new(), _folder: folder }
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("http://{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        answer(self.client.get(format!("http://{}{path}", self.address)).send().await.unwrap()).await
    }

    /// A delivery as GitHub sends it, signed with `secret`.
    pub(crate) fn delivery(&self, secret: &str, id: &str, event: &str, body: impl Into<Vec<u8>>) -> RequestBuilder {
        let body = body.into();
        self.post("/webhook")
            .header("x-github-event", event)
            .header("x-github-delivery", id)
            .header("x-hub-signature-256", sign(secret, &body))
            .body(body)
    }

    /// How many deliveries wait in the inbox.
    pub(crate) async fn waiting(&self) -> i64 {
        self.store.backlog().await.unwrap().deliveries
    }

    /// Ends the server and returns once it has ended.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.serving.await.unwrap();
        self.store.close().await;
    }
}

pub(crate) async fn answer(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

pub(crate) fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// The keys of a `pull_request` delivery.
pub(crate) fn opened(number: u64) -> String {
    format!(r#"{{"action":"opened","number":{number},"pull_request":{{"number":{number}}},"repository":{{"full_name":"acme/infra"}}}}"#)
}
