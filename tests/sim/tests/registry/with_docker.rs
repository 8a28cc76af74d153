//! Does a real Docker engine pull our image, and does what is in it run?

use std::path::Path;

use reqwest::Client;
use serde_json::{Value, json};
use test_sim::registry::{Registry, debian};

/// The engine that was named, by its socket. `None` is said loudly and is a failure in CI.
fn engine() -> Option<Client> {
    let Ok(endpoint) = std::env::var("IPR_TEST_DOCKER") else {
        eprintln!("NOT RUN: no Docker engine is named. Hint: IPR_TEST_DOCKER=unix:///var/run/docker.sock");
        assert!(std::env::var("CI").is_err(), "CI runs every test, and IPR_TEST_DOCKER is not set");
        return None;
    };
    let socket = endpoint.strip_prefix("unix://").expect("IPR_TEST_DOCKER begins with unix://");
    Some(Client::builder().unix_socket(Path::new(socket)).build().unwrap())
}

async fn post(engine: &Client, path: &str, body: Value) -> String {
    let answer = engine.post(format!("http://docker{path}")).json(&body).send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {text}");
    text
}

async fn remove(engine: &Client, path: &str) {
    let answer = engine.delete(format!("http://docker{path}?force=true")).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
}

#[tokio::test]
async fn nginx_of_debians_packages_is_pulled_and_runs() {
    let Some(engine) = engine() else { return };
    let image = tokio::task::spawn_blocking(debian::nginx).await.unwrap().unwrap();
    let registry = Registry::start().await.unwrap();
    let digest = registry.put("library/nginx", "stable", &image);
    let repository = format!("{}/library/nginx", registry.host());
    let pulled = post(&engine, &format!("/images/create?fromImage={repository}&tag=stable"), Value::Null).await;
    assert!(!pulled.contains("\"error\""), "{pulled}");
    assert!(pulled.contains(&digest), "{pulled}");

    // Every applet and folder that the shipped blueprint's script uses, and every library of nginx.
    let script = "mkdir -p /a/b && printf '%s' x > /a/b/c && test -s /a/b/c && rm -f /a/b/c && exec nginx -t";
    let order = json!({"Image": format!("{repository}:stable"), "Cmd": ["sh", "-c", script]});
    let made: Value = serde_json::from_str(&post(&engine, "/containers/create", order).await).unwrap();
    let container = format!("/containers/{}", made["Id"].as_str().unwrap());
    post(&engine, &format!("{container}/start"), Value::Null).await;
    let ended: Value = serde_json::from_str(&post(&engine, &format!("{container}/wait"), Value::Null).await).unwrap();
    remove(&engine, &container).await;
    remove(&engine, &format!("/images/{repository}:stable")).await;
    assert_eq!(ended["StatusCode"], 0, "{ended}");
    registry.stop().await;
}
