//! What do the simulator's own tests share?

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_sim::github::{Forge, ForgeOptions, Permission, RepositoryHandle};

/// A forge with `acme/infra`, alice who writes, bob who reads, and a bot that writes.
pub(crate) struct Scene {
    pub(crate) forge: Forge,
    pub(crate) repository: RepositoryHandle,
    pub(crate) bot: Client,
}

pub(crate) const NAME: &str = "acme/infra";

pub(crate) async fn scene() -> Scene {
    let forge = Forge::start(ForgeOptions::default()).await.unwrap();
    let files = [("README.md", "# Infra\n"), ("blueprints/shop.yaml", "version: \"1.0\"\nname: shop\n")];
    let repository = forge.repository(NAME, "main", &files).await.unwrap();
    repository.user("alice", Permission::Write).await.unwrap();
    repository.user("bob", Permission::Read).await.unwrap();
    let token = repository.user("bot", Permission::Write).await.unwrap();
    let bot = Client::new(&forge, &token);
    Scene { forge, repository, bot }
}

impl Scene {
    /// A client that acts as another user.
    pub(crate) fn client_of(&self, login: &str) -> Client {
        Client::new(&self.forge, &self.forge.token_for(login))
    }
}

/// A plain HTTP client of the REST API.
pub(crate) struct Client {
    http: reqwest::Client,
    api: String,
    token: String,
}

pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(forge: &Forge, token: &str) -> Self {
        let root = reqwest::Certificate::from_pem(forge.certificate_pem().as_bytes()).unwrap();
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([root]).timeout(Duration::from_secs(20)).build().unwrap();
        Self { http, api: forge.api_url(), token: token.to_owned() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("https://") { path.to_owned() } else { format!("{}{path}", self.api) };
        self.http.request(method, url).bearer_auth(&self.token).header("Accept", "application/vnd.github+json")
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Got {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.bytes().await.unwrap();
        Got { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Got {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Got {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Got {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Got {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    /// Writes a commit with one file through the Git Data API and answers its id.
    pub(crate) async fn commit(&self, repository: &str, parent: &str, file: (&str, &str)) -> String {
        let base = self.get(&format!("/repos/{repository}/git/commits/{parent}")).await;
        let rows = json!([{ "path": file.0, "mode": "100644", "type": "blob", "content": file.1 }]);
        let tree = json!({ "base_tree": base.body["tree"]["sha"], "tree": rows });
        let tree = self.post(&format!("/repos/{repository}/git/trees"), tree).await;
        assert_eq!(tree.status, StatusCode::CREATED, "{}", tree.body);
        let commit = json!({ "message": format!("Write {}", file.0), "tree": tree.body["sha"], "parents": [parent] });
        let commit = self.post(&format!("/repos/{repository}/git/commits"), commit).await;
        assert_eq!(commit.status, StatusCode::CREATED, "{}", commit.body);
        commit.body["sha"].as_str().unwrap().to_owned()
    }
}

/// Runs the real git client in a folder, trusting only the forge's certificate.
pub(crate) async fn git(forge: &Forge, folder: &Path, arguments: &[&str]) -> Output {
    let certificate = folder.join("forge.pem");
    std::fs::write(&certificate, forge.certificate_pem()).unwrap();
    tokio::process::Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_SSL_CAINFO", &certificate)
        .env("GIT_AUTHOR_NAME", "alice")
        .env("GIT_AUTHOR_EMAIL", "alice@users.example.com")
        .env("GIT_COMMITTER_NAME", "alice")
        .env("GIT_COMMITTER_EMAIL", "alice@users.example.com")
        .env_remove("http_proxy")
        .env_remove("https_proxy")
        .output()
        .await
        .unwrap()
}

/// The address of a repository with a token in it.
pub(crate) fn remote(forge: &Forge, token: &str) -> String {
    forge.git_url(NAME).replace("https://", &format!("https://x-access-token:{token}@"))
}
