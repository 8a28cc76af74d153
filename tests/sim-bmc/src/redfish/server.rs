//! Who listens on the socket? TLS with a certificate of its own making, and one answer for each request.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::refusal::Refusal;
use super::resources::{SESSIONS, TASKS};
use super::state::{Misbehaviour, RedfishRequest, World};
use super::writes::{self, Done, etag};

const BODY_BYTES_MAX: usize = 1 << 20;

pub(super) fn locked(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a BMC shows of itself.
pub(super) struct Papers {
    /// In DER form.
    pub(super) certificate: Vec<u8>,
    /// Who signed it, in PEM form.
    pub(super) authority: String,
}

pub(super) fn certificate() -> (TlsAcceptor, Papers) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let signing_key = KeyPair::generate().expect("a key can be made");
    let authority_pem = authority.self_signed(&signing_key).expect("an authority can be made").pem();
    let issuer = Issuer::new(authority, signing_key);
    let own_key = KeyPair::generate().expect("a key can be made");
    let names = CertificateParams::new(["bmc.sim".to_owned(), "127.0.0.1".to_owned()]).expect("names");
    let own = names.signed_by(&own_key, &issuer).expect("a certificate can be made");
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(own_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let configuration = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the protocol versions are known")
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key.into())
        .expect("the key is the certificate's");
    let papers = Papers { certificate: own.der().to_vec(), authority: authority_pem };
    (TlsAcceptor::from(Arc::new(configuration)), papers)
}

pub(super) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, world: Arc<Mutex<World>>, address: SocketAddr) {
    let mut held = Vec::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        if locked(&world).hangs {
            held.push(stream);
            continue;
        }
        if locked(&world).silent {
            continue;
        }
        tokio::spawn(connection(stream, acceptor.clone(), world.clone(), address));
    }
}

/// The reply of a request is lost: the connection ends.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, world: Arc<Mutex<World>>, address: SocketAddr) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let service = service_fn(|request: Request<Incoming>| {
        let world = world.clone();
        async move {
            let (parts, body) = request.into_parts();
            let read = Limited::new(body, BODY_BYTES_MAX).collect().await;
            let bytes = read.map(|body| body.to_bytes()).unwrap_or_default();
            let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
            answer(&mut locked(&world), parts.method.as_str(), &path, &parts.headers, body, address)
        }
    });
    // A client that is gone does not matter.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

fn answer(world: &mut World, method: &str, path: &str, headers: &HeaderMap, body: Value, address: SocketAddr) -> Result<Response<Full<Bytes>>, Cut> {
    let if_match = headers.get("if-match").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let is_compressed = headers.get("accept-encoding").and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("gzip"));
    world.requests.push(RedfishRequest { method: method.to_owned(), path: path.to_owned(), if_match: if_match.clone(), body: body.clone() });
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    if world.silent {
        return Err(Cut);
    }
    let fault = world.fault(method, bare);
    if let Some(Misbehaviour::Refuse(refusal)) = &fault {
        return Ok(refused(refusal));
    }
    let given = Given { method, path: bare, skip: number(query, "$skip").unwrap_or(0), is_expanded: query.contains("$expand=."), if_match, body };
    let answered = match carried_out(world, &given, headers) {
        Ok(done) => respond(world, &given, done, is_compressed, address),
        Err(refusal) => refused(&refusal),
    };
    match fault {
        Some(Misbehaviour::LoseReply) => Err(Cut),
        Some(Misbehaviour::Garble) => Ok(response(200, &[], "{\"Members\": [".to_owned())),
        Some(Misbehaviour::Say(body)) => Ok(response(200, &[], body.to_string())),
        _ => Ok(answered),
    }
}

/// A number in a query.
fn number(query: &str, name: &str) -> Option<usize> {
    query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

struct Given<'g> {
    method: &'g str,
    path: &'g str,
    skip: usize,
    is_expanded: bool,
    if_match: Option<String>,
    body: Value,
}

enum Outcome {
    Told(Value),
    Session(usize, String),
    Task(u16, Value),
    Done(Done),
    WillFail(String),
}

fn carried_out(world: &mut World, given: &Given<'_>, headers: &HeaderMap) -> Result<Outcome, Refusal> {
    let path = given.path;
    if path.trim_end_matches('/') == "/redfish/v1" && given.method == "GET" {
        return Ok(Outcome::Told(world.resource(path, 0).unwrap_or_default()));
    }
    if path == SESSIONS && given.method == "POST" && world.kit.has_sessions {
        return world.log_in(&given.body).map(|(number, token)| Outcome::Session(number, token));
    }
    world.lets_in(headers)?;
    if let Some(number) = path.strip_prefix(TASKS).and_then(|rest| rest.strip_prefix('/')).and_then(|number| number.parse().ok()) {
        return writes::task(world, number).map(|(status, body)| Outcome::Task(status, body)).ok_or_else(|| Refusal::missing(path));
    }
    let if_match = given.if_match.as_deref();
    if matches!(given.method, "PATCH" | "POST")
        && let Some(words) = world.next_task_fails.take()
    {
        return Ok(Outcome::WillFail(words));
    }
    match given.method {
        "GET" if given.is_expanded && !world.kit.expands => Err(Refusal::new(501, "QueryNotSupported", "Querying is not supported.")),
        "GET" if given.is_expanded => {
            let collection = world.resource(path, given.skip).ok_or_else(|| Refusal::missing(path))?;
            Ok(Outcome::Told(world.expanded(collection)))
        }
        "GET" => {
            world.is_looked_at(path);
            world.resource(path, given.skip).map(Outcome::Told).ok_or_else(|| Refusal::missing(path))
        }
        "PATCH" => writes::patch(world, path, if_match, &given.body).map(Outcome::Done),
        "POST" => writes::post(world, path, if_match, &given.body).map(Outcome::Done),
        "DELETE" => writes::delete(world, path).map(Outcome::Done),
        _ => Err(Refusal::method()),
    }
}

fn respond(world: &mut World, given: &Given<'_>, outcome: Outcome, is_compressed: bool, address: SocketAddr) -> Response<Full<Bytes>> {
    match outcome {
        Outcome::Told(body) => {
            let etag = etag(&world.kit, &body, is_compressed);
            let headers: Vec<(&str, String)> = etag.map(|etag| ("ETag", etag)).into_iter().collect();
            response(200, &headers, body.to_string())
        }
        // In full, as some give it.
        Outcome::Session(number, token) => {
            let place = format!("https://{address}{SESSIONS}/{number}");
            response(201, &[("X-Auth-Token", token), ("Location", place)], json!({"Id": number.to_string()}).to_string())
        }
        Outcome::Task(status, body) => response(status, &[], body.to_string()),
        Outcome::WillFail(words) => accepted(world, Some(words)),
        Outcome::Done(_) if world.kit.task_looks > 0 && given.method != "DELETE" => accepted(world, None),
        Outcome::Done(Done::Changed(body)) => response(200, &[], body.to_string()),
        Outcome::Done(Done::Made(place, body)) => response(201, &[("Location", place)], body.to_string()),
        Outcome::Done(Done::Nothing) => response(204, &[], String::new()),
    }
}

fn accepted(world: &mut World, failure: Option<String>) -> Response<Full<Bytes>> {
    let task = world.new_task(failure);
    let place = task["@odata.id"].as_str().unwrap_or_default().to_owned();
    response(202, &[("Location", place)], task.to_string())
}

fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    response(refusal.status, &[], refusal.body().to_string())
}

fn response(status: u16, headers: &[(&str, String)], body: String) -> Response<Full<Bytes>> {
    let mut builder = Response::builder().status(status).header("Content-Type", "application/json").header("OData-Version", "4.0");
    for (name, value) in headers {
        builder = builder.header(*name, value);
    }
    let empty: Result<_, Infallible> = Ok(Response::new(Full::new(Bytes::new())));
    builder.body(Full::new(Bytes::from(body))).or(empty).unwrap_or_default()
}
