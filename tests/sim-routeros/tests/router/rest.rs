//! Does REST say the same as the API, as strings and with its own statuses?

use reqwest::{Certificate, Client, Method, StatusCode};
use serde_json::{Value, json};
use test_sim_routeros::{Fault, FaultMatch, Router, RouterOptions};

struct Rest {
    router: Router,
    client: Client,
}

impl Rest {
    async fn start() -> Self {
        let router = Router::start(RouterOptions::default()).await.expect("a router");
        let certificate = Certificate::from_pem(router.certificate_pem().as_bytes()).expect("a certificate");
        let client = Client::builder().no_proxy().tls_certs_only([certificate]).build().expect("a client");
        Self { router, client }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<(StatusCode, Value)> {
        let url = format!("https://{}/rest{path}", self.router.rest_address());
        let mut request = self.client.request(method, url).basic_auth(self.router.user(), Some(self.router.password()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let bytes = response.bytes().await?;
        let value = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) };
        Ok((status, value))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await.expect("an answer")
    }
}

#[tokio::test]
async fn entries_are_made_changed_found_and_removed() {
    let rest = Rest::start().await;
    let body = json!({"name": "p", "ranges": "10.0.0.2-10.0.0.9"});
    let (status, made) = rest.ask(Method::PUT, "/ip/pool", Some(body)).await.expect("an answer");
    assert_eq!((status, &made["name"]), (StatusCode::CREATED, &json!("p")));
    let id = made[".id"].as_str().expect("an identity").to_owned();
    let (status, changed) = rest.ask(Method::PATCH, &format!("/ip/pool/{id}"), Some(json!({"comment": "x"}))).await.expect("an answer");
    assert_eq!((status, &changed["comment"]), (StatusCode::OK, &json!("x")));
    assert_eq!(rest.get("/ip/pool?name=p&.proplist=name").await, (StatusCode::OK, json!([{"name": "p"}])));
    assert_eq!(rest.get("/ip/pool/p").await.1["comment"], json!("x"));
    assert_eq!(rest.get("/system/identity").await.1["name"], json!("MikroTik"));
    let removed = rest.ask(Method::DELETE, &format!("/ip/pool/{id}"), None).await.expect("an answer");
    assert_eq!(removed, (StatusCode::NO_CONTENT, Value::Null));
    assert_eq!(rest.get(&format!("/ip/pool/{id}")).await.0, StatusCode::NOT_FOUND);
    rest.router.assert_honest();
    rest.router.stop().await;
}

#[tokio::test]
async fn any_command_can_be_posted() {
    let rest = Rest::start().await;
    let query = json!({".proplist": ["name"], ".query": ["name=ether1", "name=ether2", "#|"]});
    let (_, rows) = rest.ask(Method::POST, "/interface/print", Some(query)).await.expect("an answer");
    assert_eq!(rows, json!([{"name": "ether1"}, {"name": "ether2"}]));
    let (_, children) = rest.ask(Method::POST, "/console/inspect", Some(json!({"request": "child", "path": "ip,pool"}))).await.expect("an answer");
    assert!(children.as_array().is_some_and(|rows| rows.iter().any(|row| row["name"] == "add")), "{children}");
    rest.ask(Method::POST, "/system/identity/set", Some(json!({"name": "posted"}))).await.expect("an answer");
    assert_eq!(rest.router.column("/system/identity", "name"), ["posted"]);
    rest.router.stop().await;
}

#[tokio::test]
async fn a_refusal_has_a_status_and_a_detail() {
    let rest = Rest::start().await;
    let (status, body) = rest.ask(Method::PUT, "/ip/pool", Some(json!({"colour": "red"}))).await.expect("an answer");
    assert_eq!((status, body), (StatusCode::BAD_REQUEST, json!({"error": 400, "message": "Bad Request", "detail": "unknown parameter colour"})));
    let url = format!("https://{}/rest/ip/pool", rest.router.rest_address());
    let stranger = rest.client.get(url).basic_auth("admin", Some("wrong")).send().await.expect("an answer");
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    let (status, body) = rest.ask(Method::POST, "/safe-mode/take", Some(json!({}))).await.expect("an answer");
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    rest.router.stop().await;
}

#[tokio::test]
async fn faults_strike_here_too() {
    let rest = Rest::start().await;
    let body = || Some(json!({"name": "p", "ranges": "10.0.0.2"}));
    rest.router.fault(FaultMatch::command("/ip/pool/add"), Fault::DisconnectAfterEffect, 1);
    assert!(rest.ask(Method::PUT, "/ip/pool", body()).await.is_err());
    assert_eq!(rest.router.entries("/ip/pool").len(), 1);
    rest.router.fault(FaultMatch::command("/ip/pool/print"), Fault::Truncated, 1);
    assert!(rest.ask(Method::GET, "/ip/pool", None).await.is_err());
    rest.router.fault(FaultMatch::command("/ip/pool/print"), Fault::TrapBefore("failure: busy".to_owned()), 1);
    assert_eq!(rest.get("/ip/pool").await.1["detail"], json!("failure: busy"));
    rest.router.stop().await;
}
