//! How does a real git client clone, fetch and push?
//!
//! `git http-backend` does the work as a CGI program. What is ours: credentials, permissions, and what follows a push.

use std::io::Write;
use std::process::Stdio;

use super::act::RefMove;
use super::error::ForgeError;
use super::fault::Fault;
use super::forge::Shared;
use super::git::{Git, GitError, isolated_git};
use super::refusal::Refusal;
use super::rest::{Answer, Content, Incoming, Reply, authenticate};
use super::world::{Permission, World};

const SERVICES: &[&str] = &["/info/refs", "/git-upload-pack", "/git-receive-pack"];

/// Whether a path belongs to git's smart protocol.
pub(super) fn is_git(path: &str) -> bool {
    SERVICES.iter().any(|service| path.ends_with(service))
}

pub(super) async fn answer(shared: &Shared, incoming: Incoming) -> Result<Reply, ForgeError> {
    let is_push = incoming.path.ends_with("/git-receive-pack");
    let checked = shared.change(move |world| {
        let fault = world.faults.take(&incoming.method, &incoming.path);
        let gate = gate(world, &incoming);
        let status = gate.as_ref().map_or_else(Refusal::status, |_| 200);
        world.record(incoming.record(gate.as_ref().ok().map(|gate| gate.actor.as_str()), status));
        (fault, gate, incoming)
    });
    let (fault, gate, incoming) = checked.await?;
    match fault {
        Some(Fault::StatusBefore(status)) => return Ok(Reply::Send(plain(status, "Server Error"))),
        Some(fault) if fault.is_before_effect() => return Ok(Reply::Cut),
        _ => {}
    }
    let gate = match gate {
        Ok(gate) => gate,
        Err(refusal) => return Ok(Reply::Send(refused(&refusal))),
    };
    // A push runs under the forge's lock: what it moved is then exactly what it moved.
    let answer = if is_push {
        shared.change(move |world| push(world, &gate, &incoming)).await?
    } else {
        shared.read_git(move || backend(&gate, &incoming)).await?
    };
    let answer = answer.unwrap_or_else(|refusal| refused(&refusal));
    Ok(match fault {
        Some(Fault::StatusAfterEffect(status)) => Reply::Send(plain(status, "Server Error")),
        Some(Fault::DisconnectAfterEffect) => Reply::Cut,
        Some(Fault::TruncatedJson) => Reply::Truncate(answer),
        _ => Reply::Send(answer),
    })
}

/// Who calls for what, once that is allowed.
struct Gate {
    actor: String,
    repository: String,
    git: Git,
    service: String,
}

fn gate(world: &World, incoming: &Incoming) -> Result<Gate, Refusal> {
    let header = incoming.headers.get("authorization").and_then(|value| value.to_str().ok());
    let actor = authenticate(world, header)?;
    let service = SERVICES.iter().find(|service| incoming.path.ends_with(**service)).ok_or(Refusal::NOT_FOUND)?;
    let name = incoming.path.trim_start_matches('/').strip_suffix(service).unwrap_or_default();
    let name = name.strip_suffix(".git").unwrap_or(name);
    let repository = world.repository(name)?;
    let permission = repository.permission(&actor);
    if permission < Permission::Read {
        return Err(Refusal::NOT_FOUND);
    }
    let is_push = *service == "/git-receive-pack" || incoming.query.contains("service=git-receive-pack");
    if is_push && permission < Permission::Write {
        let message = format!("Permission to {name}.git denied to {actor}.");
        return Err(Refusal::Forbidden { message, needs: "contents=write" });
    }
    Ok(Gate { actor, repository: name.to_owned(), git: repository.git.clone(), service: (*service).to_owned() })
}

fn push(world: &mut World, gate: &Gate, incoming: &Incoming) -> Result<Answer, Refusal> {
    let before = gate.git.refs()?;
    let answer = backend(gate, incoming)?;
    let after = gate.git.refs()?;
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let moves = names.filter(|name| before.get(*name) != after.get(*name)).map(|name| RefMove {
        name: name.clone(),
        old: before.get(name).cloned(),
        new: after.get(name).cloned(),
    });
    world.refs_moved(&gate.repository, &gate.actor, moves.collect())?;
    Ok(answer)
}

/// Runs the CGI program and turns what it prints into an answer.
fn backend(gate: &Gate, incoming: &Incoming) -> Result<Answer, Refusal> {
    let failed = |source| GitError::Run { command: "http-backend".into(), source };
    let header = |name: &str| incoming.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let directory = gate.git.directory();
    let mut child = isolated_git()
        .arg("http-backend")
        .current_dir(directory)
        .env("GIT_PROJECT_ROOT", directory)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", &gate.service)
        .env("QUERY_STRING", &incoming.query)
        .env("REQUEST_METHOD", &incoming.method)
        .env("CONTENT_TYPE", header("content-type"))
        // Bodies that came in chunks are whole by now.
        .env("CONTENT_LENGTH", incoming.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("REMOTE_USER", &gate.actor)
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                // The program may stop reading early; its answer tells what happened.
                let _ = stdin.write_all(&incoming.body);
            }
        });
        child.wait_with_output().map_err(failed)
    })?;
    parse(&output.stdout).ok_or_else(|| GitError::Answer { command: "http-backend".into() }.into())
}

fn parse(output: &[u8]) -> Option<Answer> {
    let split = output.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(output.get(..split)?).ok()?;
    let mut answer = Answer { status: 200, headers: Vec::new(), content: Content::Raw(output.get(split + 4..)?.to_vec()) };
    for line in head.lines() {
        let (name, value) = line.split_once(": ")?;
        match name.to_ascii_lowercase().as_str() {
            "status" => answer.status = value.get(..3)?.parse().ok()?,
            "content-type" => answer.headers.push(("content-type", value.to_owned())),
            "cache-control" => answer.headers.push(("cache-control", value.to_owned())),
            _ => {}
        }
    }
    Some(answer)
}

fn refused(refusal: &Refusal) -> Answer {
    let message = refusal.body()["message"].as_str().unwrap_or_default().to_owned();
    let answer = plain(refusal.status(), &message);
    match refusal {
        Refusal::Unauthorised(_) => answer.with_header("www-authenticate", "Basic realm=\"GitHub\"".to_owned()),
        _ => answer,
    }
}

fn plain(status: u16, message: &str) -> Answer {
    let headers = vec![("content-type", "text/plain; charset=utf-8".to_owned())];
    Answer { status, headers, content: Content::Raw(format!("{message}\n").into_bytes()) }
}
