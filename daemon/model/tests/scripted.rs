//! What becomes of a request when the model's endpoint is slow, broken, lying or hostile? A scripted server on the loopback plays it.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use core_config::Files;
use core_model::Secret;
use core_model::portable;
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use daemon_assistant::{Outcome, Proposer as _, ProposerError, Reading, Request, Turn, View, prompt, read_with};
use daemon_model::{Budget, Budgeted, Endpoint, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Words that the rules cannot read; the model is asked.
const TEXT: &str = "the cahce thing ought to hold 512MB of memory";
const GOOD: &str = r#"{"command":"update","slots":[
    {"slot":"resource","value":"tools.cache","words":"cahce"},
    {"slot":"specs.memory","value":"512MB","words":"512MB"}]}"#;

/// What the server does with one request.
enum Line {
    /// Answers 200 with a completion that holds this text.
    Says(&'static str),
    /// Answers these bytes and closes.
    Sends(Vec<u8>),
    /// Reads the request and never answers.
    Hangs,
}

/// Plays the lines in order, one connection each, and gives back what it was sent.
async fn server(lines: Vec<Line>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}/v1", listener.local_addr().unwrap());
    let played = tokio::spawn(async move {
        let mut seen = Vec::new();
        for line in lines {
            let (mut stream, _) = listener.accept().await.unwrap();
            seen.push(request(&mut stream).await);
            match line {
                Line::Says(text) => stream.write_all(&completion(text)).await.unwrap(),
                // The client may hang up before it has read all of it.
                Line::Sends(bytes) => _ = stream.write_all(&bytes).await,
                Line::Hangs => _ = stream.read(&mut [0; 1]).await,
            }
            _ = stream.shutdown().await;
        }
        seen
    });
    (root, played)
}

async fn request(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).to_string();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()).unwrap();
            if body.len() >= length {
                return text;
            }
        }
        assert!(count > 0, "the client hung up in the middle of its request");
    }
}

fn completion(text: &str) -> Vec<u8> {
    let body = serde_json::json!({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}).to_string();
    response("200 OK", &body)
}

fn response(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

fn endpoint(root: &str, timeout: Duration) -> Endpoint {
    _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let key = Some(Secret::new("canary-key"));
    Endpoint::new(Settings { root: root.parse().unwrap(), model: "tiny".to_owned(), key, timeout }).unwrap()
}

/// The only type that the script talks about.
struct Container;

const FACTS: TypeFacts = TypeFacts {
    name: "compute",
    provider: "docker",
    meaning: "A container.",
    specs: &[portable::IMAGE.required(), portable::MEMORY],
    metadata: &[],
    ownership: Ownership::Marked,
    naming: Naming::BlueprintAndResource,
    data_bearing: false,
};

impl ResourceType for Container {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}

struct World {
    files: Files,
    registry: Registry,
}

fn world() -> World {
    let settings = "version: \"1.0\"\nowner_id: 6f0c2a9e\nenvironments:\n  prod: {id: prod, targets: {docker: dock-01}}\n";
    let blueprint = "version: \"1.0\"\nname: tools\nresources:\n  - {type: compute, name: cache, provider: docker, specs: {image: \"redis:7.2\", memory: 256MB}}\n";
    let files = [("ipr.yaml", settings), ("blueprints/tools.yaml", blueprint)];
    World {
        files: files.into_iter().map(|(path, text)| (path.to_owned(), text.into())).collect(),
        registry: Registry::new([&Container as &dyn ResourceType]),
    }
}

/// Reads [`TEXT`] with a server that plays the lines.
async fn read(lines: Vec<Line>) -> (Turn, Reading, Vec<String>) {
    let World { files, registry } = world();
    let view = View::new(&files, &registry);
    let (root, played) = server(lines).await;
    let now = "2026-11-20T10:00:00+00:00[+00:00]".parse().unwrap();
    let endpoint = endpoint(&root, Duration::from_secs(2));
    let (turn, reading) = read_with(&Request { text: TEXT, now: &now, about: None }, &view, &endpoint).await;
    let seen = tokio::time::timeout(Duration::from_secs(20), played).await.expect("every line of the script is played").unwrap();
    (turn, reading, seen)
}

fn reason(reading: &Reading) -> &str {
    match reading {
        Reading::ModelFailed { reason, .. } => reason,
        other => panic!("the model was accepted: {other:?}"),
    }
}

#[tokio::test]
async fn a_good_answer_becomes_a_change() {
    let (turn, reading, seen) = read(vec![Line::Says(GOOD)]).await;
    assert_eq!(reading, Reading::Model { name: "tiny".to_owned(), repairs: 0 });
    let Outcome::Change(change) = turn.outcome else { panic!("{:?}", turn.outcome) };
    let edited = change.edits.get("blueprints/tools.yaml").and_then(Option::as_deref).unwrap();
    assert!(edited.contains("memory: 512MB"), "{edited}");
    assert!(seen[0].contains("authorization: Bearer canary-key"), "the key is sent as a header");
    assert!(!seen[0].split_once("\r\n\r\n").unwrap().1.contains("canary-key"), "and nowhere else");
}

#[tokio::test]
async fn a_lie_is_refused_with_its_reason_and_may_be_repaired_twice() {
    let invented = r#"{"command":"update","slots":[{"slot":"resource","value":"tools.cache","words":"cahce"},{"slot":"specs.memory","value":"64GB","words":"512MB"}]}"#;
    let (turn, reading, seen) = read(vec![Line::Says(invented), Line::Says("no JSON at all"), Line::Says(GOOD)]).await;
    assert_eq!(reading, Reading::Model { name: "tiny".to_owned(), repairs: 2 });
    assert!(matches!(turn.outcome, Outcome::Change(_)));
    assert!(seen[1].contains("does not follow from its words"), "{}", seen[1]);
}

#[tokio::test]
async fn a_model_that_keeps_lying_changes_nothing() {
    let delete = r#"{"command":"delete","slots":[{"slot":"resource","value":"tools.cache","words":"cahce"}]}"#;
    let (turn, reading, seen) = read(vec![Line::Says(delete), Line::Says(delete), Line::Says(delete)]).await;
    assert_eq!(reason(&reading), "a model may not propose `delete`");
    assert!(!matches!(turn.outcome, Outcome::Change(_)));
    assert_eq!(seen.len(), 3, "it is asked once, and repaired twice");
}

#[tokio::test]
async fn a_slow_broken_or_hostile_server_is_left_alone() {
    let long = "x".repeat(200_000);
    let cases: Vec<(Line, ProposerError)> = vec![
        (Line::Hangs, ProposerError::Timeout),
        (Line::Sends(Vec::new()), ProposerError::Unreachable),
        (Line::Sends(response("500 Internal Server Error", "{}")), ProposerError::Refused(500)),
        (Line::Sends(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec()), ProposerError::Refused(302)),
        (Line::Sends(response("200 OK", "<html>")), ProposerError::Malformed),
        (Line::Sends(response("200 OK", "{\"choices\": []}")), ProposerError::Malformed),
        (Line::Sends(response("200 OK", &long)), ProposerError::TooLong),
    ];
    for (line, expected) in cases {
        let (turn, reading, _) = read(vec![line]).await;
        assert_eq!(reason(&reading), expected.to_string());
        assert!(!matches!(turn.outcome, Outcome::Change(_)));
    }
}

#[tokio::test]
async fn a_budget_is_for_everyone_who_pays() {
    let World { files, registry } = world();
    let view = View::new(&files, &registry);
    let (root, played) = server(vec![Line::Says(GOOD)]).await;
    let endpoint = endpoint(&root, Duration::from_secs(5));
    let budget = Budget::new(1);
    let ask = |author: &str| Budgeted::new(&endpoint, &budget, vec![author.to_owned(), "acme/infra".to_owned()]);
    let prompt = prompt(TEXT, &view, None);
    assert_eq!(ask("anna").propose(&prompt).await, Ok(GOOD.to_owned()));
    assert_eq!(ask("bruno").propose(&prompt).await, Err(ProposerError::Budget), "the repository has nothing left");
    assert_eq!(played.await.unwrap().len(), 1);
}
