//! Does the registry answer as the distribution protocol says, and does a real engine pull from it?
#![allow(clippy::unwrap_used)]

mod with_docker;

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use test_sim::registry::{Files, Image, Registry};

fn page(text: &str) -> Image {
    Image::from_files(&Files::default().file("www/index.html", 0o644, text), &json!({"Cmd": ["httpd"]})).unwrap()
}

async fn ask(registry: &Registry, method: Method, path: &str) -> Response {
    let client = Client::builder().no_proxy().build().unwrap();
    client.request(method, format!("http://{}{path}", registry.host())).send().await.unwrap()
}

fn told(response: &Response, header: &str) -> String {
    response.headers().get(header).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

#[tokio::test]
async fn every_piece_of_an_image_has_the_digest_that_names_it() {
    let registry = Registry::start().await.unwrap();
    let digest = registry.put("lab/page", "1", &page("one"));
    assert_eq!(told(&ask(&registry, Method::GET, "/v2/").await, "docker-distribution-api-version"), "registry/2.0");

    let answer = ask(&registry, Method::GET, "/v2/lab/page/manifests/1").await;
    assert_eq!(told(&answer, "docker-content-digest"), digest);
    assert_eq!(told(&answer, "content-type"), "application/vnd.oci.image.manifest.v1+json");
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(digest_of(&bytes), digest);

    let manifest: Value = serde_json::from_slice(&bytes).unwrap();
    let layers = manifest["layers"].as_array().unwrap();
    for part in layers.iter().chain([&manifest["config"]]) {
        let name = part["digest"].as_str().unwrap();
        let blob = ask(&registry, Method::GET, &format!("/v2/lab/page/blobs/{name}")).await.bytes().await.unwrap();
        assert_eq!(digest_of(&blob), name);
        assert_eq!(part["size"], blob.len());
    }
    registry.stop().await;
}

#[tokio::test]
async fn head_tells_digest_and_length_without_the_content() {
    let registry = Registry::start().await.unwrap();
    let digest = registry.put("lab/page", "1", &page("one"));
    let whole = ask(&registry, Method::GET, "/v2/lab/page/manifests/1").await.bytes().await.unwrap();
    for reference in ["1", &digest] {
        let answer = ask(&registry, Method::HEAD, &format!("/v2/lab/page/manifests/{reference}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(told(&answer, "docker-content-digest"), digest);
        assert_eq!(told(&answer, "content-length"), whole.len().to_string());
        assert_eq!(answer.bytes().await.unwrap().len(), 0);
    }
    registry.stop().await;
}

#[tokio::test]
async fn a_moved_tag_leaves_the_old_image_to_be_found_by_its_digest() {
    let registry = Registry::start().await.unwrap();
    let old = registry.put("lab/page", "1", &page("one"));
    let new = registry.put("lab/page", "1", &page("two"));
    assert_ne!(old, new);
    assert_eq!(told(&ask(&registry, Method::HEAD, "/v2/lab/page/manifests/1").await, "docker-content-digest"), new);
    assert_eq!(ask(&registry, Method::HEAD, &format!("/v2/lab/page/manifests/{old}")).await.status(), StatusCode::OK);
    assert_eq!(registry.put("lab/again", "1", &page("one")), old, "equal content has an equal digest");
    registry.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_words_of_the_protocol() {
    let registry = Registry::start().await.unwrap();
    let digest = registry.put("lab/page", "1", &page("one"));
    for (method, path, status, code) in [
        (Method::GET, "/v2/lab/page/manifests/2".to_owned(), 404, "MANIFEST_UNKNOWN"),
        (Method::GET, format!("/v2/lab/other/manifests/{digest}"), 404, "MANIFEST_UNKNOWN"),
        (Method::GET, "/v2/lab/page/blobs/sha256:0".to_owned(), 404, "BLOB_UNKNOWN"),
        (Method::GET, "/v2/_catalog".to_owned(), 404, "NAME_UNKNOWN"),
        (Method::PUT, "/v2/lab/page/manifests/1".to_owned(), 405, "UNSUPPORTED"),
    ] {
        let answer = ask(&registry, method, &path).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["errors"][0]["code"], code, "{path}");
    }
    registry.stop().await;
}
