//! What becomes of a question when the worker of a local model is missing, slow, broken or lying? A scripted worker plays it.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use daemon_assistant::{Prompt, Proposer as _, ProposerError};
use daemon_model::{Worker, WorkerSettings};
use tempfile::TempDir;

const READY: &str = r#"say {"ready":{"version":"tiny-random-0123456789ab"}}"#;

/// `examples/scripted_worker.rs`, which cargo builds with the tests.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().join("examples/scripted_worker")
}

fn prompt() -> Prompt {
    Prompt {
        instructions: "Read.".to_owned(),
        schema: daemon_assistant::schema(),
        names: vec!["prod".to_owned()],
        text: "more memory".to_owned(),
        complaint: None,
    }
}

fn worker(folder: &TempDir, script: &[&str]) -> Worker {
    let file = folder.path().join("model.gguf");
    std::fs::write(&file, script.join("\n")).unwrap();
    of(&program(), &file)
}

fn of(program: &Path, file: &Path) -> Worker {
    Worker::new(WorkerSettings {
        program: program.to_owned(),
        file: file.to_owned(),
        name: "tiny".to_owned(),
        timeout: Duration::from_millis(1_500),
        start_timeout: Duration::from_millis(1_500),
    })
}

async fn asked(worker: &Worker) -> Result<(String, String), ProposerError> {
    worker.propose(&prompt()).await.map(|proposed| (proposed.text, proposed.version.as_str().to_owned()))
}

#[tokio::test]
async fn a_worker_is_started_once_and_answers_each_question() {
    let folder = TempDir::new().unwrap();
    let worker = worker(&folder, &[READY, "answer one", "answer two"]);
    let version = "tiny-random-0123456789ab";
    assert_eq!(asked(&worker).await, Ok(("one".to_owned(), version.to_owned())));
    assert_eq!(asked(&worker).await, Ok(("two".to_owned(), version.to_owned())));
}

#[tokio::test]
async fn a_worker_inherits_nothing() {
    let folder = TempDir::new().unwrap();
    let worker = worker(&folder, &[READY, "walls"]);
    assert_eq!(asked(&worker).await.unwrap().0, "0 variables in \"/\"");
}

#[tokio::test]
async fn a_worker_that_does_not_keep_to_the_protocol_is_an_error_and_never_an_answer() {
    let long = format!("answer {}", "x".repeat(20_000));
    let cases: Vec<(Vec<&str>, ProposerError)> = vec![
        (vec![], ProposerError::Unreachable),
        (vec!["say <html>"], ProposerError::Malformed),
        (vec!["flood"], ProposerError::Malformed),
        (vec![r#"say {"said":{"number":1,"text":"unasked"}}"#], ProposerError::Malformed),
        (vec!["hang"], ProposerError::Timeout),
        (vec![r#"say {"broken":{"why":"this processor has no AVX2"}}"#], ProposerError::Unusable("this processor has no AVX2".to_owned())),
        (vec![READY], ProposerError::Unreachable),
        (vec![READY, "hang"], ProposerError::Timeout),
        (vec![READY, "wait", r#"say {"said":{"number":7,"text":"of another question"}}"#], ProposerError::Malformed),
        (vec![READY, "wait", r#"say {"declined":{"number":1,"why":"prompt-too-long"}}"#], ProposerError::PromptTooLong),
        (vec![READY, "wait", r#"say {"declined":{"number":1,"why":"out-of-time"}}"#], ProposerError::Timeout),
        (vec![READY, &long], ProposerError::TooLong),
    ];
    for (script, expected) in cases {
        let folder = TempDir::new().unwrap();
        assert_eq!(asked(&worker(&folder, &script)).await, Err(expected), "{script:?}");
    }
}

#[tokio::test]
async fn after_a_failure_the_next_question_has_another_worker() {
    let folder = TempDir::new().unwrap();
    let worker = worker(&folder, &[READY, "answer one", "wait", "say <html>", "answer never"]);
    assert_eq!(asked(&worker).await.unwrap().0, "one");
    assert_eq!(asked(&worker).await, Err(ProposerError::Malformed));
    assert_eq!(asked(&worker).await.unwrap().0, "one", "it begins from the beginning");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_said() {
    let told = asked(&of(Path::new("/nowhere/ipr-model"), Path::new("/nowhere/model.gguf"))).await.unwrap_err().to_string();
    assert!(told.starts_with("the model cannot run: its worker does not start"), "{told}");
}
