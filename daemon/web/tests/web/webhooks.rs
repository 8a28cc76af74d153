//! Which deliveries are taken, which are refused, and what is stored of each?

use std::time::Duration;

use futures::stream;

use crate::server::{SECRET, Server, answer, opened, sign};

#[tokio::test]
async fn a_signed_delivery_is_in_the_inbox_before_its_answer() {
    let server = Server::start().await;
    let body = opened(7);
    let (status, text) = answer(server.delivery(SECRET, "one", "pull_request", body.clone()).send().await.unwrap()).await;
    assert_eq!((status, text.as_str()), (202, "stored\n"));
    let delivery = server.store.inbox().next_delivery(60).await.unwrap().unwrap();
    assert_eq!((delivery.id.as_str(), delivery.event.as_str(), delivery.body), ("one", "pull_request", body.into_bytes()));
    server.end().await;
}

#[tokio::test]
async fn a_delivery_that_comes_again_is_stored_once() {
    let server = Server::start().await;
    for expected in ["stored\n", "this delivery was taken before\n"] {
        let (status, text) = answer(server.delivery(SECRET, "one", "pull_request", opened(7)).send().await.unwrap()).await;
        assert_eq!((status, text.as_str()), (202, expected));
    }
    assert_eq!(server.waiting().await, 1);
    server.end().await;
}

#[tokio::test]
async fn what_github_did_not_sign_is_not_stored() {
    let server = Server::start().await;
    let body = opened(7);
    let plain = || server.post("/webhook").header("x-github-event", "pull_request").header("x-github-delivery", "one").body(body.clone());
    let other_body = sign(SECRET, opened(8).as_bytes());
    for request in [
        plain(),
        plain().header("x-hub-signature-256", ""),
        plain().header("x-hub-signature-256", "sha256=00"),
        plain().header("x-hub-signature-256", other_body),
        plain().header("x-hub-signature", sign(SECRET, body.as_bytes())),
        server.delivery("another secret altogether", "one", "pull_request", body.clone()),
        server.delivery("", "one", "pull_request", body.clone()),
    ] {
        let (status, text) = answer(request.send().await.unwrap()).await;
        assert_eq!((status, text.as_str()), (401, "the signature is missing or wrong\n"));
    }
    assert_eq!(server.waiting().await, 0);
    server.end().await;
}

#[tokio::test]
async fn a_signed_delivery_without_a_header_is_incomplete() {
    let server = Server::start().await;
    let body = opened(7);
    let signed = || server.post("/webhook").header("x-hub-signature-256", sign(SECRET, body.as_bytes())).body(body.clone());
    for request in [
        signed().header("x-github-delivery", "one"),
        signed().header("x-github-event", "pull_request"),
        signed().header("x-github-event", "pull_request").header("x-github-delivery", ""),
        signed().header("x-github-event", "pull_request").header("x-github-delivery", "x".repeat(101)),
    ] {
        assert_eq!(answer(request.send().await.unwrap()).await.0, 400);
    }
    assert_eq!(server.waiting().await, 0);
    server.end().await;
}

#[tokio::test]
async fn a_signed_body_that_is_no_json_is_refused_and_the_server_goes_on() {
    let server = Server::start().await;
    let whole = opened(7);
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        let request = server.delivery(SECRET, "one", "pull_request", &whole.as_bytes()[..cut]);
        assert_eq!(answer(request.send().await.unwrap()).await.0, 400, "{cut}");
    }
    for body in [&b"\xff\xfe"[..], b"[]", b"null", &b"[".repeat(100_000)] {
        assert_eq!(answer(server.delivery(SECRET, "one", "pull_request", body).send().await.unwrap()).await.0, 400);
    }
    assert_eq!(server.waiting().await, 0);
    assert_eq!(answer(server.delivery(SECRET, "one", "pull_request", whole).send().await.unwrap()).await.0, 202);
    server.end().await;
}

#[tokio::test]
async fn events_that_nobody_acts_on_are_accepted_and_not_stored() {
    let server = Server::start().await;
    let locked = opened(7).replace("opened", "locked");
    for (event, body) in [("ping", "{}"), ("star", "{}"), ("pull_request", locked.as_str())] {
        let (status, text) = answer(server.delivery(SECRET, event, event, body).send().await.unwrap()).await;
        assert_eq!((status, text.as_str()), (202, "nothing to do for this event\n"), "{event}");
    }
    assert_eq!(server.waiting().await, 0);
    server.end().await;
}

#[tokio::test]
async fn a_body_of_thirty_megabytes_is_too_large() {
    let server = Server::start().await;
    let body = vec![b' '; 30_000_000];
    let (status, _) = answer(server.delivery(SECRET, "one", "pull_request", body.clone()).send().await.unwrap()).await;
    assert_eq!(status, 413, "with a content-length");

    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = body.chunks(1 << 20).map(|piece| Ok(piece.to_vec())).collect();
    let request = server.delivery(SECRET, "one", "pull_request", body).body(reqwest::Body::wrap_stream(stream::iter(pieces)));
    assert_eq!(answer(request.send().await.unwrap()).await.0, 413, "in pieces, of unknown length");
    assert_eq!(server.waiting().await, 0);
    server.end().await;
}

#[tokio::test]
async fn the_largest_body_that_github_sends_is_taken() {
    let server = Server::start().await;
    let mut body = opened(7).into_bytes();
    body.resize(25 << 20, b' ');
    assert_eq!(answer(server.delivery(SECRET, "one", "pull_request", body.clone()).send().await.unwrap()).await.0, 202);
    body.push(b' ');
    assert_eq!(answer(server.delivery(SECRET, "two", "pull_request", body).send().await.unwrap()).await.0, 413);
    server.end().await;
}

#[tokio::test]
async fn a_database_that_is_gone_is_an_error_and_not_a_promise() {
    let server = Server::start().await;
    server.store.clone().close().await;
    let request = server.delivery(SECRET, "one", "pull_request", opened(7)).timeout(Duration::from_secs(30));
    assert_eq!(answer(request.send().await.unwrap()).await.0, 500);
    server.end().await;
}
