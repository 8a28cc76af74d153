//! Which language model does a story have? One that answers as the story wrote it, over the wire that OpenAI's clients speak.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const KEY_VARIABLE: &str = "IPR_MODEL_KEY";
pub(crate) const KEY: &str = "canary-model-key-77c1";
/// More is no request of the daemon's.
const REQUEST_BYTES_MAX: usize = 256 << 10;

/// What the model does when it is asked the next time.
#[derive(Debug, Clone)]
pub enum Line {
    Says(String),
    /// Says it after this time.
    SaysLate(Duration, String),
    /// Answers with this status.
    Fails(u16),
    /// Reads the question and never answers.
    Hangs,
    /// Answers with bytes that are no answer.
    Babbles,
}

/// How the daemon is told of its model.
#[derive(Debug, Clone)]
pub struct Script {
    pub lines: Vec<Line>,
    /// `2s`, as in the daemon's configuration.
    pub timeout: &'static str,
    pub asks_of_an_author: u32,
}

/// A model that plays a script. It ends with the story.
#[derive(Debug)]
pub struct Model {
    address: SocketAddr,
    script: Script,
    seen: Arc<Mutex<Vec<String>>>,
    playing: JoinHandle<()>,
}

impl Drop for Model {
    fn drop(&mut self) {
        self.playing.abort();
    }
}

impl Model {
    pub(crate) async fn start(script: &Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of this machine is free");
        let address = listener.local_addr().expect("a listener has an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let playing = tokio::spawn(play(listener, script.lines.clone().into(), seen.clone()));
        Self { address, script: script.clone(), seen, playing }
    }

    /// The bodies of all questions so far.
    pub fn seen(&self) -> Vec<String> {
        lock(&self.seen).clone()
    }

    /// The section of the daemon's configuration.
    pub(crate) fn configuration(&self, repository: &str) -> String {
        let Script { timeout, asks_of_an_author, .. } = self.script;
        format!(
            "model:\n  endpoint: http://{}/v1\n  name: tiny\n  key: {{env: {KEY_VARIABLE}}}\n  timeout: {timeout}\n  \
             asks_a_day: {{author: {asks_of_an_author}}}\n  repositories: [{repository}]\n",
            self.address
        )
    }
}

fn lock(seen: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection for each line; whoever asks once more than the story foresaw gets a failure.
async fn play(listener: TcpListener, mut lines: VecDeque<Line>, seen: Arc<Mutex<Vec<String>>>) {
    let mut hanging = Vec::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(body) = question(&mut stream).await else { continue };
        lock(&seen).push(body);
        let answer = match lines.pop_front() {
            Some(Line::Says(text)) => response(200, &completion(&text)),
            Some(Line::SaysLate(delay, text)) => {
                // It ends by its time only.
                let _ = tokio::time::timeout(delay, std::future::pending::<()>()).await;
                response(200, &completion(&text))
            }
            Some(Line::Fails(status)) => response(status, "{}"),
            Some(Line::Babbles) => response(200, "<html>"),
            None => response(500, "{}"),
            Some(Line::Hangs) => {
                hanging.push(stream);
                continue;
            }
        };
        // The daemon may be gone by now; the story notices elsewhere.
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

/// The body of a request, or nothing where it is none.
async fn question(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while bytes.len() < REQUEST_BYTES_MAX {
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok())?;
            if body.len() >= length {
                assert!(head.contains(&format!("Bearer {KEY}")), "the daemon says who it is: {head}");
                return Some(body.to_owned());
            }
        }
    }
    None
}

fn completion(text: &str) -> String {
    let choice = serde_json::json!({"index": 0, "message": {"role": "assistant", "content": text}});
    serde_json::json!({"id": "x", "model": "tiny-2026", "choices": [choice]}).to_string()
}

fn response(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}
