//! What happens around every REST request: faults, authentication, headers, judgement, record.

use axum::http::HeaderMap;
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::github::clock::http_date;
use crate::github::contract::Exchange;
use crate::github::fault::Fault;
use crate::github::inspect::RequestRecord;
use crate::github::refusal::Refusal;
use crate::github::world::World;

use super::answer::{Answer, Content, Outcome};
use super::call::Call;
use super::credentials::authenticate;
use super::rate::RATE_LIMIT;
use super::routes::dispatch;

/// A request, below `/api/v3`.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn record(&self, actor: Option<&str>, status: u16) -> RequestRecord {
        let path = if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) };
        RequestRecord {
            method: self.method.clone(),
            path,
            actor: actor.map(str::to_owned),
            status,
            body: String::from_utf8_lossy(&self.body).into_owned(),
        }
    }
}

/// What the connection has to do.
#[derive(Debug)]
pub(crate) enum Reply {
    Send(Answer),
    /// Send only the first half of the body.
    Truncate(Answer),
    /// Cut the connection without a word.
    Cut,
    /// Keep the connection without a word.
    Silence,
}

impl Reply {
    fn status(&self) -> u16 {
        match self {
            Self::Send(answer) | Self::Truncate(answer) => answer.status,
            Self::Cut | Self::Silence => 0,
        }
    }
}

pub(crate) fn exchange(world: &mut World, incoming: &Incoming) -> Reply {
    let path = canonical_path(world, &incoming.path);
    let fault = world.faults.take(&incoming.method, &path);
    let actor = authenticate(world, incoming.header("authorization"));
    let reply = match fault {
        Some(fault) if fault.is_before_effect() => break_before(fault),
        _ => {
            let answer = answered(world, incoming, &path, actor.as_deref());
            let answer = finished(world, incoming, actor.as_deref().unwrap_or_default(), answer);
            break_after(fault, answer)
        }
    };
    let record = incoming.record(actor.as_deref().ok(), reply.status());
    world.record(record);
    reply
}

fn answered(world: &mut World, incoming: &Incoming, path: &str, actor: Result<&str, &Refusal>) -> Answer {
    let outcome = match actor {
        Err(Refusal::Unauthorised(message)) => Err(Refusal::Unauthorised(message)),
        Err(_) => Err(Refusal::NOT_FOUND),
        Ok(actor) => handled(world, incoming, path, actor),
    };
    let answer = outcome.unwrap_or_else(Answer::from);
    let response = match &answer.content {
        Content::Json(value) => Some(value),
        _ => None,
    };
    let request = serde_json::from_slice(&incoming.body).ok();
    world.judge.exchange(&Exchange {
        method: &incoming.method,
        path,
        query: &incoming.query,
        request: request.as_ref(),
        status: answer.status,
        response,
    });
    answer
}

fn handled(world: &mut World, incoming: &Incoming, path: &str, actor: &str) -> Outcome {
    let body = match incoming.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&incoming.body).map_err(|_| Refusal::BadBody)?,
    };
    let segments: Vec<String> = path.split('/').skip(1).map(decode).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (repository, path_below) = match segments.as_slice() {
        ["repos", owner, name, below @ ..] => (format!("{owner}/{name}"), below.iter().map(|part| format!("/{part}")).collect()),
        _ => (String::new(), String::new()),
    };
    let query = url::form_urlencoded::parse(incoming.query.as_bytes()).into_owned().collect();
    let wants_raw = incoming.headers.get_all("accept").iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("raw")));
    let mut call = Call { world, actor, repository, query, body, wants_raw, path_below };
    dispatch(&mut call, &incoming.method, &segments)
}

/// Adds GitHub's headers and answers 304 to a caller who has the same already.
fn finished(world: &mut World, incoming: &Incoming, actor: &str, mut answer: Answer) -> Answer {
    if incoming.method == "GET" && answer.status == 200 {
        let digest = Sha256::digest(answer.bytes());
        let tag = format!("W/\"{}\"", hex::encode(digest));
        if incoming.header("if-none-match") == Some(&tag) {
            answer = Answer { status: 304, headers: Vec::new(), content: Content::Nothing };
        }
        answer = answer.with_header("etag", tag);
    }
    let is_free = answer.status == 304 || incoming.path == "/rate_limit";
    let used = world.spend(actor, u64::from(!is_free));
    let id = world.next_id();
    let now = world.clock.now();
    if matches!(answer.content, Content::Json(_)) {
        answer = answer.with_header("content-type", "application/json; charset=utf-8".to_owned());
    }
    answer
        .with_header("x-ratelimit-limit", RATE_LIMIT.to_string())
        .with_header("x-ratelimit-used", used.to_string())
        .with_header("x-ratelimit-remaining", RATE_LIMIT.saturating_sub(used).to_string())
        .with_header("x-ratelimit-reset", world.rate_reset().to_string())
        .with_header("x-ratelimit-resource", "core".to_owned())
        .with_header("x-github-request-id", format!("{id:08X}:0001"))
        .with_header("x-github-media-type", "github.v3; format=json".to_owned())
        .with_header("x-github-api-version-selected", "2022-11-28".to_owned())
        .with_header("date", http_date(now))
}

/// Turns `/repositories/{id}/...`, which pagination links use, into `/repos/{owner}/{repo}/...`.
fn canonical_path(world: &World, path: &str) -> String {
    let named = path.strip_prefix("/repositories/").and_then(|rest| {
        let (id, below) = rest.split_once('/').unwrap_or((rest, ""));
        let id: u64 = id.parse().ok()?;
        let (name, _) = world.repositories.iter().find(|(_, repository)| repository.id == id)?;
        Some(if below.is_empty() { format!("/repos/{name}") } else { format!("/repos/{name}/{below}") })
    });
    named.unwrap_or_else(|| path.trim_end_matches('/').to_owned())
}

fn decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn break_before(fault: Fault) -> Reply {
    match fault {
        Fault::SecondaryLimit { retry_after_s } => {
            let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            let body = json!({ "message": message, "documentation_url": "https://docs.example.com/rest" });
            let answer = Answer::json(403, body);
            Reply::Send(match retry_after_s {
                Some(seconds) => answer.with_header("retry-after", seconds.to_string()),
                None => answer,
            })
        }
        Fault::StatusBefore(status) => Reply::Send(broken(status)),
        _ => Reply::Cut,
    }
}

fn break_after(fault: Option<Fault>, answer: Answer) -> Reply {
    match fault {
        Some(Fault::StatusAfterEffect(status)) => Reply::Send(broken(status)),
        Some(Fault::TruncatedJson) => Reply::Truncate(answer),
        Some(Fault::DisconnectAfterEffect) => Reply::Cut,
        Some(Fault::SilentAfterEffect) => Reply::Silence,
        _ => Reply::Send(answer),
    }
}

/// What GitHub says when it cannot say more.
fn broken(status: u16) -> Answer {
    Answer::json(status, json!({ "message": "Server Error" }))
}
