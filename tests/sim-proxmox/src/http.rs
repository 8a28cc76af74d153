//! What happens around every request: latency, faults, authentication, permissions, parameters, record?
//!
//! The order is that of pve-manager's `PVE/HTTPServer.pm` (`rest_handler`): who asks, is there such a method, may they, is the node
//! there, are the parameters right, and then the method itself.

mod body;

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use hyper::ext::ReasonPhrase;
use serde_json::{Value, json};

use crate::api::{Call, Reply, TaskFault, Upload, authenticate, check_permission, handler};
use crate::clock::Wait;
use crate::cluster::{RequestRecord, Shared, Sim};
use crate::fault::Fault;
use crate::methods::Method;
use crate::refusal::Refusal;
use crate::tls::Cut;
use crate::verify::{Parameters, verify};

use body::Given;

/// Larger requests than this are refused. Real uploads are larger; tests have no need to be.
const BODY_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Answers beyond this are not kept in the record of requests.
const RECORDED_BYTES_MAX: usize = 64 * 1024;

#[derive(Clone)]
pub(crate) struct Entry {
    shared: Arc<Shared>,
    /// The node that this listener stands for.
    node: String,
}

pub(crate) fn router(shared: Arc<Shared>, node: String) -> Router {
    Router::new().fallback(handle).with_state(Entry { shared, node })
}

/// A request, below `/api2/json`.
struct Incoming {
    method: String,
    path: String,
    headers: HeaderMap,
    given: Parameters,
    upload: Option<Upload>,
}

async fn handle(State(entry): State<Entry>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
        return respond(Refusal::with_status(413, "Request Entity Too Large"));
    };
    let Some(path) = parts.uri.path().strip_prefix("/api2/json") else {
        return respond(Refusal::with_status(404, "Not Found"));
    };
    let read = body::read(parts.uri.query().unwrap_or_default(), &parts.headers, bytes).await;
    let Given { parameters, upload } = match read {
        Ok(given) => given,
        Err(refusal) => return respond(refusal),
    };
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let incoming = Incoming { method: parts.method.to_string(), path: path.to_owned(), headers: parts.headers, given: parameters, upload };
    let in_flight = InFlight::enter(Arc::clone(&entry.shared));
    let latency = entry.shared.lock().latency;
    if !latency.is_zero() {
        // Nothing ever comes here: the timeout is the delay.
        _ = tokio::time::timeout(latency, pending::<()>()).await;
    }
    let response = answer(&entry, incoming, &cut).await;
    drop(in_flight);
    response
}

/// Counts a request for as long as it lives, also when the client goes away.
struct InFlight(Arc<Shared>);

impl InFlight {
    fn enter(shared: Arc<Shared>) -> Self {
        {
            let mut sim = shared.lock();
            sim.in_flight += 1;
            sim.in_flight_max = sim.in_flight_max.max(sim.in_flight);
        }
        Self(shared)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
    }
}

async fn answer(entry: &Entry, incoming: Incoming, cut: &Cut) -> Response {
    let (fault, is_on, at_ms) = {
        let mut sim = entry.shared.lock();
        let is_on = sim.world.nodes.get(&entry.node).is_none_or(|node| node.online && node.answers_directly);
        let fault = if is_on { sim.faults.take(&incoming.method, &incoming.path) } else { None };
        (fault, is_on, sim.world.now_ms)
    };
    let mut record = incoming.record(at_ms);
    let outcome = match &fault {
        _ if !is_on => cut.with(Err(Refusal::with_status(595, "No route to host"))),
        Some(Fault::DisconnectBefore) => cut.with(Err(Refusal::with_status(500, "cut before the effect"))),
        Some(Fault::StatusBefore(status, message)) => Err(Refusal::with_status(*status, message)),
        Some(Fault::Hang) => pending().await,
        Some(Fault::HangAfterEffect) => {
            // What it came to is for nobody to hear.
            _ = perform(entry, incoming, None, &mut record).await;
            pending().await
        }
        Some(Fault::TaskFails(message)) => perform(entry, incoming, Some(TaskFault::Fails(message.clone())), &mut record).await,
        Some(Fault::TaskFailsAfterEffect(message)) => perform(entry, incoming, Some(TaskFault::FailsAtItsEnd(message.clone())), &mut record).await,
        Some(Fault::TaskWarns(line)) => perform(entry, incoming, Some(TaskFault::Warns(line.clone())), &mut record).await,
        Some(Fault::DisconnectAfterEffect) => cut.with(perform(entry, incoming, None, &mut record).await),
        Some(Fault::StatusAfterEffect(status, message)) => {
            let effect = perform(entry, incoming, None, &mut record).await;
            effect.and(Err(Refusal::with_status(*status, message)))
        }
        Some(Fault::TruncatedJson) | None => perform(entry, incoming, None, &mut record).await,
    };
    let (status, body) = shown(&outcome);
    let text = body.to_string();
    record.status = status;
    if text.len() <= RECORDED_BYTES_MAX {
        record.answer = body;
    }
    let response = response(&outcome, status, text, fault == Some(Fault::TruncatedJson));
    entry.shared.lock().keep(record);
    response
}

impl Cut {
    /// Ends the connection; what would have been answered stays for the record.
    fn with(&self, outcome: Result<Value, Refusal>) -> Result<Value, Refusal> {
        self.now();
        outcome
    }
}

impl Incoming {
    fn record(&self, at_ms: u64) -> RequestRecord {
        let mut parameters: BTreeMap<String, String> = self.given.clone();
        for (name, value) in &mut parameters {
            if name.contains("password") {
                "***".clone_into(value);
            }
        }
        let (method, path) = (self.method.clone(), self.path.clone());
        RequestRecord { method, path, parameters, actor: None, status: 0, answer: Value::Null, at_ms }
    }
}

/// Does what is asked, and waits where it has to be waited for.
async fn perform(entry: &Entry, incoming: Incoming, task_fault: Option<TaskFault>, record: &mut RequestRecord) -> Result<Value, Refusal> {
    let reply = {
        let mut sim = entry.shared.lock();
        sim.clock.request();
        let now_ms = sim.clock.now_ms();
        sim.world.catch_up(now_ms);
        let reply = dispatch(&mut sim, &entry.node, incoming, task_fault, record)?;
        // What takes no time is done when the answer comes.
        sim.world.catch_up(now_ms);
        reply
    };
    match reply {
        Reply::Data(data) => Ok(json!({ "data": data })),
        Reply::WithChanges(data, changes) => Ok(json!({ "data": data, "changes": changes })),
        Reply::Wait(job) => Ok(json!({ "data": finish(&entry.shared, job).await? })),
    }
}

fn dispatch(sim: &mut Sim, entry: &str, incoming: Incoming, task_fault: Option<TaskFault>, record: &mut RequestRecord) -> Result<Reply, Refusal> {
    let Incoming { method, path, headers, given, upload } = incoming;
    let found = Method::find(&method, &path);
    let unknown = || Refusal::with_status(501, format!("Method '{method} {path}' not implemented"));
    let world = &mut sim.world;
    let actor = match &found {
        Some((known, _)) if known.user.as_deref() == Some("world") => String::new(),
        _ => authenticate(world, &method, &headers)?,
    };
    record.actor = (!actor.is_empty()).then(|| actor.clone());
    let (known, in_path) = found.ok_or_else(unknown)?;
    let run = handler(known).ok_or_else(unknown)?;
    let mut parameters = given;
    parameters.extend(in_path);
    check_permission(world, &actor, known, &parameters)?;
    check_node(world, parameters.get("node"))?;
    let parameters = verify(known, &parameters)?;
    if method != "GET" && !actor.is_empty() && !world.quorate {
        return Err(Refusal::failed("cluster not ready - no quorum?"));
    }
    run(&mut Call { world, entry, actor, method: known, parameters, upload, task_fault })
}

/// Requests are passed on to the node that the path names. Source of 595: pve-http-server's proxying through AnyEvent::HTTP.
fn check_node(world: &crate::world::World, node: Option<&String>) -> Result<(), Refusal> {
    let Some(name) = node else { return Ok(()) };
    match world.nodes.get(name) {
        None => {
            let lookup = format!("hostname lookup '{name}' failed - failed to get address info for: {name}: Name or service not known");
            Err(Refusal::failed(lookup))
        }
        Some(node) if !node.online => Err(Refusal::with_status(595, "No route to host")),
        Some(_) => Ok(()),
    }
}

/// Waits on the simulated clock for the end of a job.
async fn finish(shared: &Shared, job: u64) -> Result<Value, Refusal> {
    let _awaited = Awaited { shared, job };
    loop {
        let moved = shared.moved.notified();
        let wait = {
            let mut sim = shared.lock();
            if let Some(outcome) = sim.world.outcome(job) {
                return outcome;
            }
            let next_ms = sim.world.next_event_ms().ok_or_else(|| Refusal::failed("the job is gone"))?;
            sim.clock.wait(next_ms)
        };
        let waiting = Waiting::enter(shared);
        match wait {
            Wait::Over => {}
            Wait::Moved => moved.await,
            // Either is a reason to look again.
            Wait::Real(duration) => _ = tokio::time::timeout(duration, moved).await,
        }
        drop(waiting);
    }
}

/// A request that waits for a job. Its client may go away; then the outcome is nobody's.
struct Awaited<'shared> {
    shared: &'shared Shared,
    job: u64,
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.shared.lock().world.forget_outcome(self.job);
    }
}

/// Counts a request that waits for the clock, also when its client goes away.
struct Waiting<'shared>(&'shared Shared);

impl<'shared> Waiting<'shared> {
    fn enter(shared: &'shared Shared) -> Self {
        shared.lock().waiting += 1;
        shared.waits.notify_waiters();
        Self(shared)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

/// Status and body of an answer.
fn shown(outcome: &Result<Value, Refusal>) -> (u16, Value) {
    match outcome {
        Ok(body) => (200, body.clone()),
        Err(refusal) => (refusal.status, refusal.body()),
    }
}

/// The answer to what was not even a request of the API.
fn respond(refusal: Refusal) -> Response {
    let outcome = Err(refusal);
    let (status, body) = shown(&outcome);
    response(&outcome, status, body.to_string(), false)
}

fn response(outcome: &Result<Value, Refusal>, status: u16, body: String, is_cut_short: bool) -> Response {
    let mut bytes = body.into_bytes();
    if is_cut_short {
        bytes.truncate(bytes.len() / 2);
    }
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/json;charset=UTF-8"));
    if let Err(refusal) = outcome {
        // The real one puts its message there, and clients print it.
        let line = refusal.message.lines().next().unwrap_or_default();
        if let Ok(reason) = ReasonPhrase::try_from(line.as_bytes()) {
            response.extensions_mut().insert(reason);
        }
    }
    response
}
