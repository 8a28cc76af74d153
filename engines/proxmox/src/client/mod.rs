//! How do we speak to a cluster? One request at a time, through whichever of its nodes answers.

mod answer;
mod login;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::options::{Credential, ProxmoxOptions};
use login::Login;

/// Parameters of a call, as the API's forms have them.
pub(crate) type Parameters = Vec<(String, String)>;

/// What goes with a request that changes something.
pub(crate) enum Body {
    None,
    Form(Parameters),
    /// A file for `POST .../upload`, with the field that says what it is.
    Upload {
        content: &'static str,
        file_name: String,
        bytes: Vec<u8>,
    },
}

/// The whole of an answer: `data`, `total` where the answer is a page, `changes` where something is staged, and when it was
/// given by the node's own clock.
pub(crate) struct Answer {
    pub(crate) data: Value,
    pub(crate) total: Option<u64>,
    pub(crate) changes: Option<String>,
    pub(crate) date: Option<SystemTime>,
}

pub(crate) struct Client {
    http: reqwest::Client,
    endpoints: Vec<Url>,
    /// Which endpoint answered last.
    preferred: AtomicUsize,
    login: Login,
    read_limit: Duration,
}

impl Client {
    pub(crate) fn new(options: &ProxmoxOptions) -> Result<Self, EngineError> {
        let attempt = "prepare the connection to the Proxmox cluster";
        let refused = |why: String| EngineError::new(ErrorKind::Rejected, attempt, why);
        if options.endpoints.is_empty() {
            return Err(refused("it has no endpoint".to_owned()));
        }
        let endpoints = options.endpoints.iter().map(|text| endpoint(text).map_err(refused)).collect::<Result<_, _>>()?;
        let http = engine_http::client(&options.trust, options.timeouts.connect).map_err(refused)?;
        let login = Login::new(options.credential.clone());
        Ok(Self { http, endpoints, preferred: AtomicUsize::new(0), login, read_limit: options.timeouts.read })
    }

    /// Reads. Every node is asked before it is given up, for any of them can answer for the whole cluster.
    pub(crate) async fn get(&self, attempt: &str, path: &str, query: &[(&str, &str)]) -> Result<Answer, EngineError> {
        self.body(attempt, path, query).await?.answer(attempt)
    }

    /// The `data` of a long answer.
    pub(crate) async fn get_data<T: DeserializeOwned>(&self, attempt: &str, path: &str, query: &[(&str, &str)]) -> Result<T, EngineError> {
        self.body(attempt, path, query).await?.data(attempt)
    }

    async fn body(&self, attempt: &str, path: &str, query: &[(&str, &str)]) -> Result<answer::Body, EngineError> {
        let mut last = None;
        for index in self.order() {
            match self.body_from(index, attempt, path, query).await {
                Err(error) if is_silent(&error) => last = Some(error),
                other => {
                    self.preferred.store(index, Ordering::Relaxed);
                    return self.believed(other);
                }
            }
        }
        Err(last.unwrap_or_else(|| EngineError::new(ErrorKind::Unreachable, attempt, "")))
    }

    /// Reads from every endpoint by itself: which of them answer, and what.
    pub(crate) async fn get_from_each(&self, attempt: &str, path: &str) -> Vec<(&Url, Result<Answer, EngineError>)> {
        let asked = self.endpoints.iter().enumerate().map(|(index, url)| async move { (url, self.get_from(index, attempt, path).await) });
        futures::future::join_all(asked).await
    }

    /// Changes something. Only the writer calls this. Another node is tried only where none of the request has left us.
    pub(crate) async fn submit(&self, attempt: &str, method: Method, path: &str, body: &Body, limit: Duration) -> Result<Answer, EngineError> {
        let mut last = None;
        for index in self.order() {
            let headers = match self.headers(index, attempt, true).await {
                // Nobody there to log in to.
                Err(error) if is_silent(&error) => {
                    last = Some(error);
                    continue;
                }
                other => other?,
            };
            let request = self.http.request(method.clone(), self.url(index, path)).headers(headers).timeout(limit);
            match with_body(request, body, attempt)?.send().await {
                Err(error) if error.is_connect() => last = Some(engine_http::unanswered(attempt, error)),
                Err(error) => return Err(engine_http::unanswered(attempt, error)),
                Ok(response) => {
                    self.preferred.store(index, Ordering::Relaxed);
                    return self.believed(answer::body(attempt, response).await)?.answer(attempt);
                }
            }
        }
        Err(last.unwrap_or_else(|| EngineError::new(ErrorKind::Unreachable, attempt, "")))
    }

    async fn get_from(&self, index: usize, attempt: &str, path: &str) -> Result<Answer, EngineError> {
        self.body_from(index, attempt, path, &[]).await?.answer(attempt)
    }

    async fn body_from(&self, index: usize, attempt: &str, path: &str, query: &[(&str, &str)]) -> Result<answer::Body, EngineError> {
        let headers = self.headers(index, attempt, false).await?;
        let request = self.http.request(Method::GET, self.url(index, path)).headers(headers).timeout(self.read_limit).query(query);
        let response = request.send().await.map_err(|error| engine_http::unanswered(attempt, error))?;
        answer::body(attempt, response).await
    }

    /// A refusal may mean that the ticket has ended early.
    fn believed<T>(&self, result: Result<T, EngineError>) -> Result<T, EngineError> {
        if result.as_ref().is_err_and(|error| error.kind == ErrorKind::Unauthorised) {
            self.login.forget();
        }
        result
    }

    /// The endpoints, beginning with the one that answered last.
    fn order(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, count) = (self.preferred.load(Ordering::Relaxed), self.endpoints.len());
        (0..count).map(move |step| (first + step) % count)
    }

    fn url(&self, index: usize, path: &str) -> Url {
        let mut url = self.endpoints[index].clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("/api2/json{path}"));
        url.set_query(query);
        url
    }

    async fn headers(&self, index: usize, attempt: &str, is_write: bool) -> Result<HeaderMap, EngineError> {
        let mut headers = HeaderMap::new();
        let secret = |text: &str| {
            let value = HeaderValue::from_str(text).map(|mut value| {
                value.set_sensitive(true);
                value
            });
            value.map_err(|_| EngineError::new(ErrorKind::Rejected, attempt, "the credential holds a character that no header takes"))
        };
        match self.login.credential() {
            Credential::Token(token) => {
                headers.insert(AUTHORIZATION, secret(Secret::new(format!("PVEAPIToken={}", token.expose())).expose())?);
            }
            Credential::Password { .. } => {
                let ticket = self.login.ticket(&self.http, self.url(index, "/access/ticket"), self.read_limit).await?;
                headers.insert(COOKIE, secret(Secret::new(format!("PVEAuthCookie={}", ticket.cookie.expose())).expose())?);
                if is_write {
                    headers.insert("CSRFPreventionToken", secret(ticket.csrf.expose())?);
                }
            }
        }
        Ok(headers)
    }
}

/// Whether another node may answer where this one does not. Asked only where asking twice does nothing twice.
fn is_silent(error: &EngineError) -> bool {
    matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Timeout)
}

fn with_body(request: RequestBuilder, body: &Body, attempt: &str) -> Result<RequestBuilder, EngineError> {
    match body {
        // A `DELETE` has its parameters in the address.
        Body::None => Ok(request),
        Body::Form(parameters) => Ok(request.form(parameters)),
        Body::Upload { content, file_name, bytes } => {
            let part = reqwest::multipart::Part::bytes(bytes.clone()).file_name(file_name.clone());
            let part = part.mime_str("application/octet-stream").map_err(|error| engine_http::unanswered(attempt, error))?;
            Ok(request.multipart(reqwest::multipart::Form::new().text("content", *content).part("filename", part)))
        }
    }
}

/// `https://host:8006`; the port may be left out.
fn endpoint(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|_| format!("`{text}` is no address such as https://pve1.example:8006"))?;
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty() && url.password().is_none();
    if url.scheme() != "https" || url.host().is_none() || !is_bare {
        return Err("an endpoint must have the form https://pve1.example:8006, without path and user".to_owned());
    }
    // The usual port of HTTPS is dropped when an address is read, and is meant where it is written.
    if url.port().is_none() && !text.trim_end_matches('/').ends_with(":443") {
        let _ = url.set_port(Some(PORT));
    }
    Ok(url)
}

/// Where pveproxy listens.
const PORT: u16 = 8006;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_bare_https_addresses() {
        assert_eq!(endpoint("https://pve1").map(|url| url.to_string()).as_deref(), Ok("https://pve1:8006/"));
        let ports = ["https://10.0.0.1:443", "https://pve1:443/", "https://[::443]", "https://pve1:8443"];
        assert_eq!(ports.map(|text| endpoint(text).ok().and_then(|url| url.port_or_known_default())), [Some(443), Some(443), Some(8006), Some(8443)]);
        for bad in ["http://pve1:8006", "pve1:8006", "https://root@pve1:8006", "https://pve1:8006/api2"] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }
}
