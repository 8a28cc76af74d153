//! The same on a real Docker engine: pages are fetched, and nothing is left on it.

use std::path::Path;

use crate::{assert_in_order, assert_nothing_is_left_in, demo, story};

/// The engine that was named. `None` is said loudly and is a failure in CI.
fn engine() -> Option<String> {
    let named = std::env::var("IPR_TEST_DOCKER").ok();
    if named.is_none() {
        eprintln!("NOT RUN: no Docker engine is named. Hint: IPR_TEST_DOCKER=unix:///var/run/docker.sock");
        assert!(std::env::var("CI").is_err(), "CI runs every test, and IPR_TEST_DOCKER is not set");
    }
    named
}

#[test]
fn the_edge_asks_the_origin_once_and_nothing_is_left_on_the_engine() {
    let Some(engine) = engine() else { return };
    let folder = tempfile::tempdir().unwrap();
    let story = story(&demo(folder.path(), &engine).output().unwrap());
    assert_in_order(
        &story,
        &[
            "The target is the Docker engine",
            "### ✅ Applied to demo",
            "X-Cache: MISS  Hello from the origin.",
            "X-Cache: HIT   Hello from the origin.",
            "X-Cache: MISS  Hello again, by pull request.",
            "X-Cache: MISS  Hello from the origin.",
            "Containers and network are gone.",
            "Removed from the target: ",
        ],
    );
    assert_nothing_is_left_in(folder.path());
    let prefix = story.split_once("On the target: ").unwrap().1.split_once("cdn-edge").unwrap().0;
    for list in ["containers/json?all=true", "networks", "volumes"] {
        let there = ask(&engine, list);
        assert!(!there.contains(prefix), "{list}: {there}");
    }
}

/// What the engine says to a question, as it is.
#[tokio::main(flavor = "current_thread")]
async fn ask(engine: &str, path: &str) -> String {
    // The program does this when it starts; a client cannot be made without it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let socket = engine.strip_prefix("unix://").expect("IPR_TEST_DOCKER begins with unix://");
    let client = reqwest::Client::builder().unix_socket(Path::new(socket)).build().unwrap();
    client.get(format!("http://docker/{path}")).send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
}
