//! What may a connection do, and what becomes of it when the server stops?

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server::{SECRET, Server, opened, sign};

async fn exchange(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let server = Server::start().await;
    let headers: String = (0..65).map(|number| format!("x-{number}: a\r\n")).collect();
    let answer = exchange(&server, &format!("GET /healthz HTTP/1.1\r\n{headers}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let long = "a".repeat(200_000);
    let answer = exchange(&server, &format!("GET /healthz HTTP/1.1\r\nx-long: {long}\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    server.end().await;
}

#[tokio::test]
async fn a_sender_that_leaves_in_the_middle_leaves_nothing() {
    let server = Server::start().await;
    let body = opened(7);
    let signature = sign(SECRET, body.as_bytes());
    let head = format!(
        "POST /webhook HTTP/1.1\r\nhost: a\r\nx-github-event: pull_request\r\nx-github-delivery: one\r\n\
         x-hub-signature-256: {signature}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(format!("{head}{}", &body[..20]).as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(server.waiting().await, 0);
    server.end().await;
}

#[tokio::test]
async fn a_request_that_runs_when_the_server_stops_is_answered() {
    let server = Server::start().await;
    let body = opened(7);
    let signature = sign(SECRET, body.as_bytes());
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /webhook HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\nx-github-event: pull_request\r\nx-github-delivery: one\r\n\
         x-hub-signature-256: {signature}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body: from here on it works on the request.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.stop.cancel();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    assert_eq!(server.waiting().await, 1);
    server.end().await;
}
