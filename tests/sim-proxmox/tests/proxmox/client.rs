//! A client for the tests: form bodies, a token, the simulator's own certificate.

use std::time::Duration;

use serde_json::Value;
use test_sim_proxmox::{ClockSource, Cluster, ClusterOptions};

pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    authorization: Option<String>,
    /// Ticket, and the token that writes need beside it.
    session: Option<(String, Option<String>)>,
}

/// Status and body.
pub(crate) type Answer = (u16, Value);

/// A cluster with the template 9000, whose clock moves with each request.
pub(crate) async fn cluster() -> (Cluster, Client) {
    with_clock(ClockSource::default()).await
}

pub(crate) async fn with_clock(clock: ClockSource) -> (Cluster, Client) {
    let cluster = Cluster::start(ClusterOptions { clock, ..ClusterOptions::default() }).await.unwrap();
    cluster.change(|world| world.add_template(9000, "tmpl-debian13", "pve1"));
    let client = Client::of(&cluster, Some(cluster.authorization()));
    (cluster, client)
}

impl Client {
    pub(crate) fn of(cluster: &Cluster, authorization: Option<String>) -> Self {
        let authority = reqwest::Certificate::from_pem(cluster.certificate_pem().as_bytes()).unwrap();
        let http = reqwest::Client::builder().tls_certs_only([authority]).timeout(Duration::from_secs(30)).build().unwrap();
        Self { http, base: cluster.url(), authorization, session: None }
    }

    pub(crate) fn with_ticket(cluster: &Cluster, ticket: &str, csrf: Option<&str>) -> Self {
        Self { session: Some((ticket.to_owned(), csrf.map(str::to_owned))), ..Self::of(cluster, None) }
    }

    /// The same client for another node's address.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { http: self.http.clone(), base: base.to_owned(), authorization: self.authorization.clone(), session: self.session.clone() }
    }

    /// For another fake, whose certificate nobody knows.
    pub(crate) fn trusting_anyone(base: &str) -> Self {
        let http = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).timeout(Duration::from_secs(30)).build().unwrap();
        let authorization = format!("PVEAPIToken={}={}", Cluster::TOKEN_ID, Cluster::TOKEN_SECRET);
        Self { http, base: base.to_owned(), authorization: Some(authorization), session: None }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Result<Answer, reqwest::Error> {
        let (status, text) = self.send_for_text(method, path, form).await?;
        Ok((status, serde_json::from_str(&text).unwrap()))
    }

    /// The same for bodies that may not be JSON.
    pub(crate) async fn send_text(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        self.send_for_text(method, path, form).await.unwrap()
    }

    async fn send_for_text(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Result<(u16, String), reqwest::Error> {
        let url = format!("{}/api2/json{path}", self.base);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        if let Some((ticket, csrf)) = &self.session {
            request = request.header("cookie", format!("PVEAuthCookie={ticket}"));
            if let Some(csrf) = csrf {
                request = request.header("csrfpreventiontoken", csrf);
            }
        }
        request = if method == "GET" { request.query(form) } else { request.form(form) };
        let response = request.send().await?;
        let status = response.status().as_u16();
        Ok((status, response.text().await?))
    }

    /// The data of an answer that must be 200.
    pub(crate) async fn ok(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Value {
        let (status, mut body) = self.send(method, path, form).await.unwrap();
        assert_eq!(status, 200, "{method} {path}: {body}");
        body["data"].take()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ok("GET", path, &[]).await
    }

    /// Status and message of a refusal; a message about parameters comes with them.
    pub(crate) async fn refused(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let (status, body) = self.send(method, path, form).await.unwrap();
        assert_ne!(status, 200, "{method} {path} was not refused: {body}");
        let message = body["message"].as_str().unwrap_or_default().trim().to_owned();
        match body.get("errors") {
            Some(errors) => (status, format!("{message} {errors}")),
            None => (status, message),
        }
    }

    /// Starts a task, polls it to its end and answers its exit status.
    pub(crate) async fn task(&self, method: &str, path: &str, form: &[(&str, &str)]) -> String {
        let upid = self.ok(method, path, form).await.as_str().unwrap().to_owned();
        self.end_of(&upid).await
    }

    /// Uploads a file and answers the task's UPID.
    pub(crate) async fn upload(&self, path: &str, content: &str, name: &str, bytes: &[u8]) -> String {
        let boundary = "----boundary----";
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\n{content}\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
        let mut request = self.http.post(format!("{}/api2/json{path}", self.base)).body(body);
        request = request.header("content-type", format!("multipart/form-data; boundary={boundary}"));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        let body: Value = response.json().await.unwrap();
        body["data"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn end_of(&self, upid: &str) -> String {
        let node = upid.split(':').nth(1).unwrap();
        let escaped = upid.replace(':', "%3A").replace('!', "%21").replace('@', "%40");
        for _ in 0..2_000 {
            let status = self.get(&format!("/nodes/{node}/tasks/{escaped}/status")).await;
            if status["status"] == "stopped" {
                return status["exitstatus"].as_str().unwrap().to_owned();
            }
        }
        panic!("the task {upid} does not end");
    }
}
