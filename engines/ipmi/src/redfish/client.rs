//! How is one BMC asked and told? One request at a time, logged in anew once where its session ended, and no change sent twice by
//! itself.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, WritePermit};
use reqwest::Method;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, IF_MATCH};
use serde_json::Value;

use super::answer::Answer;
use super::options::RedfishOptions;
use super::quirk::EtagUse;
use super::session::{self, Key};
use super::{fault, link, task};

/// The one path that Redfish promises.
const ROOT: &str = "/redfish/v1/";
/// How often a BMC that says "busy" is asked again.
const BUSY_TRIES_MAX: u32 = 5;
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// A BMC that we are logged in to.
pub(super) struct Client {
    http: reqwest::Client,
    pub(super) options: RedfishOptions,
    key: Key,
    /// A session that ended is opened again once.
    was_renewed: bool,
    pub(super) root: Value,
    pub(super) etag_use: EtagUse,
}

struct Call<'c> {
    attempt: &'c str,
    method: Method,
    path: &'c str,
    body: Option<&'c Value>,
    if_match: Option<&'c str>,
    /// Until it is answered, where that may take longer than an answer usually does.
    within: Option<Duration>,
}

/// What the root says without a login, or `None` where there is no Redfish: a closed port, or nothing at that path.
pub(super) async fn presence(http: &reqwest::Client, options: &RedfishOptions) -> Result<Option<Value>, EngineError> {
    const ATTEMPT: &str = "find Redfish on the BMC";
    let url = session::url(&options.base, ROOT);
    let request = http.get(url).timeout(options.timeouts.answer).header(ACCEPT, "application/json").header(ACCEPT_ENCODING, "identity");
    let answer = match request.send().await {
        Err(error) if is_refused_connection(&error) => return Ok(None),
        Err(error) => return Err(engine_http::unanswered(ATTEMPT, error)),
        Ok(response) => Answer::read(ATTEMPT, response).await?.readable(ATTEMPT)?,
    };
    if answer.status == 404 {
        return Ok(None);
    }
    let root = answer.accepted(ATTEMPT)?.body;
    if link::of(&root, "Systems").is_none() {
        return Err(fault::senseless(ATTEMPT, "what answers there tells of no systems; is this the address of a BMC?"));
    }
    Ok(Some(root))
}

fn is_refused_connection(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(now) = cause {
        if now.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return true;
        }
        cause = now.source();
    }
    false
}

impl Client {
    pub(super) async fn open(http: reqwest::Client, options: RedfishOptions) -> Result<Self, EngineError> {
        let root = presence(&http, &options).await?;
        let missing = || {
            let words = format!("there is no Redfish at {}. Hint: enable it on the BMC, or reach it by `ipmi://`", options.base);
            EngineError::new(ErrorKind::Unreachable, "find Redfish on the BMC", words)
        };
        let root = root.ok_or_else(missing)?;
        let key = session::open(&http, &options, &root).await?;
        Ok(Self { http, options, key, was_renewed: false, root, etag_use: EtagUse::AsGiven })
    }

    pub(super) async fn close(self) -> Result<(), EngineError> {
        match self.key {
            Key::Session(session) => session.end().await,
            Key::Basic => Ok(()),
        }
    }

    /// Reads what a link leads to.
    pub(super) async fn get(&mut self, attempt: &str, link: &str) -> Result<Value, EngineError> {
        self.read(attempt, link).await?.accepted(attempt).map(|answer| answer.body)
    }

    /// Whether a collection can be had together with its members.
    pub(super) fn expands(&self) -> bool {
        let features = self.root.get("ProtocolFeaturesSupported").and_then(|features| features.get("ExpandQuery"));
        features.and_then(|expand| expand.get("NoLinks")) == Some(&Value::Bool(true))
    }

    /// Reads something that not every BMC has.
    pub(super) async fn get_if_there(&mut self, attempt: &str, link: &str) -> Result<Option<Value>, EngineError> {
        let answer = self.read(attempt, link).await?;
        if matches!(answer.status, 404 | 405 | 501) { Ok(None) } else { answer.accepted(attempt).map(|answer| Some(answer.body)) }
    }

    /// The answer, whatever it is.
    pub(super) async fn read(&mut self, attempt: &str, link: &str) -> Result<Answer, EngineError> {
        let path = self.path(attempt, link)?;
        let call = Call { attempt, method: Method::GET, path: &path, body: None, if_match: None, within: None };
        let mut pause = BUSY_PAUSE;
        for _ in 1..BUSY_TRIES_MAX {
            let answer = self.exchange(&call).await?;
            if !matches!(answer.status, 429 | 503) {
                return answer.readable(attempt);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.exchange(&call).await?.readable(attempt)
    }

    /// Changes some properties of a resource. What changed under us since it was read is read anew, once.
    pub(super) async fn send_patch(&mut self, _: &WritePermit, attempt: &str, link: &str, body: &Value) -> Result<Answer, EngineError> {
        let path = self.path(attempt, link)?;
        let condition = self.condition(attempt, &path).await?;
        let first = self.patch_if(attempt, &path, body, condition).await?;
        let again = match first.status {
            412 => self.condition(attempt, &path).await?,
            // It wants a condition and gave no mark to name in it.
            428 => Some(self.etag(attempt, &path).await?.unwrap_or_else(|| "*".to_owned())),
            _ => return first.accepted(attempt),
        };
        self.patch_if(attempt, &path, body, again).await?.accepted(attempt)
    }

    async fn patch_if(&mut self, attempt: &str, path: &str, body: &Value, if_match: Option<String>) -> Result<Answer, EngineError> {
        let call = Call { attempt, method: Method::PATCH, path, body: Some(body), if_match: if_match.as_deref(), within: None };
        self.exchange(&call).await
    }

    /// Makes something, or carries out an action. Sent once; an action carries no `If-Match`, which some BMCs refuse.
    pub(super) async fn send_post(&mut self, permit: &WritePermit, attempt: &str, link: &str, body: &Value) -> Result<Answer, EngineError> {
        self.send_post_within(permit, attempt, link, body, self.options.timeouts.answer).await
    }

    /// The same, for what is answered late.
    pub(super) async fn send_post_within(
        &mut self,
        _: &WritePermit,
        attempt: &str,
        link: &str,
        body: &Value,
        within: Duration,
    ) -> Result<Answer, EngineError> {
        let path = self.path(attempt, link)?;
        let call = Call { attempt, method: Method::POST, path: &path, body: Some(body), if_match: None, within: Some(within) };
        self.exchange(&call).await?.accepted(attempt)
    }

    /// Removes a resource.
    pub(super) async fn send_delete(&mut self, _: &WritePermit, attempt: &str, link: &str) -> Result<Answer, EngineError> {
        let path = self.path(attempt, link)?;
        let call = Call { attempt, method: Method::DELETE, path: &path, body: None, if_match: None, within: None };
        self.exchange(&call).await?.accepted(attempt)
    }

    /// Waits for the task that an answer names, if it names one.
    pub(super) async fn finish(&mut self, attempt: &str, answer: Answer) -> Result<(), EngineError> {
        if answer.status == 202 { task::follow(self, attempt, &answer).await } else { Ok(()) }
    }

    async fn condition(&mut self, attempt: &str, path: &str) -> Result<Option<String>, EngineError> {
        if self.etag_use == EtagUse::Never { Ok(None) } else { self.etag(attempt, path).await }
    }

    async fn etag(&mut self, attempt: &str, path: &str) -> Result<Option<String>, EngineError> {
        let etag = self.read(attempt, path).await?.accepted(attempt)?.etag;
        Ok(etag.map(|etag| self.etag_use.written(etag)))
    }

    fn path(&self, attempt: &str, link: &str) -> Result<String, EngineError> {
        let elsewhere = || fault::senseless(attempt, format!("the BMC's link `{link}` leads to another host, where the credential does not go"));
        link::path(&self.options.base, link).ok_or_else(elsewhere)
    }

    /// Who is not let in has had no effect, so a session that ended is no reason to ask anybody.
    async fn exchange(&mut self, call: &Call<'_>) -> Result<Answer, EngineError> {
        let answer = self.send(call).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        match self.key {
            Key::Session(_) if !self.was_renewed => {
                self.was_renewed = true;
                self.key = session::open(&self.http, &self.options, &self.root).await?;
                self.send(call).await
            }
            Key::Session(_) => Ok(answer),
            Key::Basic => Err(session::not_let_in(&self.options)),
        }
    }

    async fn send(&mut self, call: &Call<'_>) -> Result<Answer, EngineError> {
        let mut headers: HeaderMap = self.key.headers(&self.options)?;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        // A compressed answer has another ETag on some BMCs, which they refuse afterwards.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(etag) = call.if_match {
            let value = HeaderValue::from_str(etag).map_err(|_| fault::senseless(call.attempt, "the BMC's ETag is none"))?;
            headers.insert(IF_MATCH, value);
        }
        let url = session::url(&self.options.base, call.path);
        let mut request = self.http.request(call.method.clone(), url).headers(headers).timeout(call.within.unwrap_or(self.options.timeouts.answer));
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let is_change = call.method != Method::GET;
        let lost = |error| if is_change { fault::unanswered_change(call.attempt, error) } else { engine_http::unanswered(call.attempt, error) };
        let response = request.send().await.map_err(lost)?;
        let answer = Answer::read(call.attempt, response).await;
        match answer {
            Err(error) if is_change && error.kind != ErrorKind::Protocol => {
                Err(EngineError::new(ErrorKind::Timeout, call.attempt, format!("whether it took effect is not known: {}", error.message)))
            }
            answer => answer,
        }
    }
}
