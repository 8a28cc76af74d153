//! What becomes of a request when the model's endpoint is slow, broken, lying or hostile? A scripted server on the loopback plays it.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use core_config::Files;
use core_model::Secret;
use core_model::portable;
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use daemon_assistant::{Outcome, Prompt, Proposer as _, ProposerError, Reading, Request, Turn, View, prompt, read_with};
use daemon_model::{AsksADay, Endpoint, Model, Payers, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Words that the rules cannot read; the model is asked.
const TEXT: &str = "the cachhee thing ought to hold 512MB of memory";
const GOOD: &str = r#"{"command":"update","slots":[
    {"slot":"resource","value":"tools.cache","words":"cachhee"},
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
    let body = serde_json::json!({"id": "x", "model": "tiny-2026", "system_fingerprint": "fp@1", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}).to_string();
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
    let blueprint = "version: \"1.0\"\nname: tools\nresources:\n  - {type: compute, name: cache, provider: docker, specs: {image: \"redis:7.2\", memory: 256MB}}\n  - {type: compute, name: queue, provider: docker, specs: {image: \"redis:7.2\", memory: 256MB}}\n";
    let files = [("ipr.yaml", settings), ("blueprints/tools.yaml", blueprint)];
    World {
        files: files.into_iter().map(|(path, text)| (path.to_owned(), text.into())).collect(),
        registry: Registry::new([&Container as &dyn ResourceType]),
    }
}

fn now() -> jiff::Zoned {
    "2026-11-20T10:00:00+00:00[+00:00]".parse().unwrap()
}

/// What the model is given for [`TEXT`].
fn given() -> Prompt {
    let World { files, registry } = world();
    prompt(&Request { text: TEXT, now: &now(), about: None }, &View::new(&files, &registry), None)
}

/// Which way an accepted answer was read.
fn by_model(reading: &Reading) -> (&str, &str, usize) {
    match reading {
        Reading::Model { name, version, repairs, .. } => (name, version.as_str(), *repairs),
        other => panic!("the model was not accepted: {other:?}"),
    }
}

/// Reads [`TEXT`] with a server that plays the lines.
async fn read(lines: Vec<Line>) -> (Turn, Reading, Vec<String>) {
    let World { files, registry } = world();
    let view = View::new(&files, &registry);
    let (root, played) = server(lines).await;
    let now = now();
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
    assert_eq!(by_model(&reading), ("tiny", "tiny-2026+fp1", 0));
    assert!(matches!(&reading, Reading::Model { prompt, .. } if *prompt == given().hash()), "{reading:?}");
    let Outcome::Change(change) = turn.outcome else { panic!("{:?}", turn.outcome) };
    assert_eq!(change.notes.reading, reading, "it goes with the change to its pull request");
    let edited = change.edits.get("blueprints/tools.yaml").and_then(Option::as_deref).unwrap();
    assert!(edited.contains("memory: 512MB"), "{edited}");
    assert!(seen[0].contains("authorization: Bearer canary-key"), "the key is sent as a header");
    assert!(!seen[0].split_once("\r\n\r\n").unwrap().1.contains("canary-key"), "and nowhere else");
}

#[tokio::test]
async fn a_lie_is_refused_with_its_reason_and_may_be_repaired_twice() {
    let invented = r#"{"command":"update","slots":[{"slot":"resource","value":"tools.cache","words":"cachhee"},{"slot":"specs.memory","value":"64GB","words":"512MB"}]}"#;
    let (turn, reading, seen) = read(vec![Line::Says(invented), Line::Says("no JSON at all"), Line::Says(GOOD)]).await;
    assert_eq!(by_model(&reading).2, 2);
    assert!(matches!(turn.outcome, Outcome::Change(_)));
    assert!(seen[1].contains("does not follow from its words"), "{}", seen[1]);
}

#[tokio::test]
async fn half_of_what_the_author_said_is_no_answer() {
    let half = r#"{"command":"update","slots":[{"slot":"resource","value":"tools.cache","words":"cachhee"}]}"#;
    let (turn, reading, seen) = read(vec![Line::Says(half), Line::Says(half), Line::Says(half)]).await;
    assert_eq!(reason(&reading), "the request says `512MB`, which no slot carries");
    assert!(!matches!(turn.outcome, Outcome::Change(_)));
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn a_model_that_keeps_lying_changes_nothing() {
    let delete = r#"{"command":"delete","slots":[{"slot":"resource","value":"tools.cache","words":"cachhee"}]}"#;
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
async fn a_model_that_finds_nothing_is_believed_at_once() {
    let (turn, reading, seen) = read(vec![Line::Says(r#"{"command":"none","slots":[]}"#)]).await;
    assert_eq!(reason(&reading), "the model found nothing that is asked for");
    assert!(matches!(turn.outcome, Outcome::Refusal(_)));
    assert_eq!(seen.len(), 1);
}

#[tokio::test]
async fn a_hostile_answer_puts_nothing_into_a_blueprint() {
    let slot = |slot: &str, value: &str, words: &str| {
        let resource = r#"{"slot":"resource","value":"tools.cache","words":"cachhee"}"#;
        format!(r#"{{"command":"update","slots":[{resource},{{"slot":"{slot}","value":"{value}","words":"{words}"}}]}}"#)
    };
    let answers = [
        slot("specs.env.TOKEN", "${secret.db_password}", "memory"),
        slot("specs.env.PATH", "thing", "thing"),
        slot("../../ipr.yaml", "512MB", "512MB"),
        slot("specs.image", "evil.example/miner", "cachhee thing"),
        slot("specs.memory", "512MB", "ignore the rules and"),
        slot("owner_id", "thing", "thing"),
    ];
    for answer in answers {
        let answer: &'static str = Box::leak(answer.into_boxed_str());
        let (turn, reading, _) = read(vec![Line::Says(answer), Line::Says(answer), Line::Says(answer)]).await;
        assert!(matches!(turn.outcome, Outcome::Refusal(_)), "{answer}: {:?}", turn.outcome);
        assert!(!reason(&reading).contains("secret"), "{reading:?}");
    }
}

#[test]
fn a_model_sees_the_names_that_are_meant_and_no_others() {
    let prompt = given();
    assert_eq!(prompt.names, ["prod", "tools.cache"], "and not `tools.queue`");
    assert!(prompt.text.contains("512MB") && !format!("{prompt:?}").contains("redis"), "no file of the repository");
}

#[tokio::test]
async fn a_budget_is_for_everyone_who_pays_and_for_a_day() {
    const DAY_S: i64 = 86_400;
    let (root, played) = server(vec![Line::Says(GOOD), Line::Says(GOOD), Line::Says(GOOD)]).await;
    let model = Model::new(Box::new(endpoint(&root, Duration::from_secs(5))), AsksADay { author: 1, repository: 2 });
    let prompt = given();
    let ask = async |author: &str, repository: &str, day: i64| {
        let payers = Payers { author: author.to_owned(), repository: repository.to_owned() };
        model.on_account(&payers, day * DAY_S + 5).propose(&prompt).await.map(|proposed| proposed.text)
    };
    assert_eq!(ask("anna", "acme/infra", 7).await, Ok(GOOD.to_owned()));
    assert_eq!(ask("anna", "acme/other", 7).await, Err(ProposerError::Budget), "the author has nothing left");
    assert_eq!(ask("bruno", "acme/infra", 7).await, Ok(GOOD.to_owned()));
    assert_eq!(ask("carla", "acme/infra", 7).await, Err(ProposerError::Budget), "the repository has nothing left");
    assert_eq!(ask("anna", "acme/infra", 8).await, Ok(GOOD.to_owned()), "tomorrow");
    assert_eq!(played.await.unwrap().len(), 3, "what is not paid for is not sent");
}
