//! How do we say who we are? With a session of the BMC, which is ended when we are done, or with name and password in each request.

use std::time::Duration;

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use url::Url;

use super::answer::Answer;
use super::options::RedfishOptions;
use super::{fault, link};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const LOG_IN: &str = "log in to the BMC";

/// Who we are to the BMC.
pub(super) enum Key {
    /// It has no sessions.
    Basic,
    Session(Box<Session>),
}

/// A session, ended by [`Session::end`]. Dropped in the middle it is ended behind our back, as far as the program still runs.
pub(super) struct Session {
    token: Secret,
    ending: Option<Ending>,
}

struct Ending {
    http: reqwest::Client,
    url: Url,
    headers: HeaderMap,
    within: Duration,
}

/// Logs in. A refused password is not tried in another way: BMCs count the failures.
pub(super) async fn open(http: &reqwest::Client, options: &RedfishOptions, root: &Value) -> Result<Key, EngineError> {
    let sessions = root.get("Links").and_then(|links| link::of(links, "Sessions"));
    let Some(path) = sessions.and_then(|link| link::path(&options.base, link)) else { return Ok(Key::Basic) };
    let body = json!({"UserName": options.user, "Password": options.password.expose()});
    let url = url(&options.base, &path);
    let request = http.post(url).timeout(options.timeouts.answer).header(ACCEPT_ENCODING, "identity").json(&body);
    let response = request.send().await.map_err(|error| engine_http::unanswered(LOG_IN, error))?;
    let answer = Answer::read(LOG_IN, response).await?;
    match answer.status {
        404 | 405 | 501 => return Ok(Key::Basic),
        // Some say that the request was bad when the password is.
        400 | 401 | 403 if !is_about_limits(&answer.body) => return Err(not_let_in(options)),
        _ => {}
    }
    let answer = answer.accepted(LOG_IN)?;
    let token = answer.headers.get(&TOKEN).and_then(|token| token.to_str().ok()).map(Secret::new);
    let token = token.ok_or_else(|| fault::senseless(LOG_IN, "the BMC made a session and gave no token (X-Auth-Token)"))?;
    let place = answer.location.as_deref().or_else(|| link::id(&answer.body)).and_then(|link| link::path(&options.base, link));
    let ending = place.map(|path| {
        let headers = with_token(&token)?;
        Ok(Ending { http: http.clone(), url: self::url(&options.base, &path), headers, within: options.timeouts.answer })
    });
    Ok(Key::Session(Box::new(Session { token, ending: ending.transpose()? })))
}

fn is_about_limits(body: &Value) -> bool {
    fault::says(body, "SessionLimitExceeded") || fault::says(body, "CreateLimitReachedForResource")
}

/// Without the BMC's own words: some repeat what was sent.
pub(super) fn not_let_in(options: &RedfishOptions) -> EngineError {
    let words = format!(
        "the BMC does not let `{}` in: the password is not the one that it has, or the account is disabled, locked or not allowed to use Redfish. \
         It is not tried again by itself. Hint: log in to the BMC's web page with the account",
        options.user
    );
    EngineError::new(ErrorKind::Unauthorised, LOG_IN, words)
}

impl Key {
    pub(super) fn headers(&self, options: &RedfishOptions) -> Result<HeaderMap, EngineError> {
        match self {
            Self::Session(session) => with_token(&session.token),
            Self::Basic => {
                let pair = Secret::new(format!("{}:{}", options.user, options.password.expose()));
                let text = Secret::new(format!("Basic {}", base64(pair.expose())));
                Ok(HeaderMap::from_iter([(AUTHORIZATION, secret_header(&text)?)]))
            }
        }
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn with_token(token: &Secret) -> Result<HeaderMap, EngineError> {
    Ok(HeaderMap::from_iter([(TOKEN, secret_header(token)?)]))
}

fn secret_header(text: &Secret) -> Result<HeaderValue, EngineError> {
    let mut value = HeaderValue::from_str(text.expose()).map_err(|_| fault::senseless(LOG_IN, "the token holds a character that no header takes"))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn url(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    url.set_path(path);
    url.set_query(query);
    url
}

impl Session {
    pub(super) async fn end(mut self) -> Result<(), EngineError> {
        match self.ending.take() {
            Some(ending) => ending.send().await,
            None => Ok(()),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(ending) = self.ending.take() else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = ending.send().await {
                    tracing::debug!(%error, "a session that was left in the middle was not ended");
                }
            });
        }
    }
}

impl Ending {
    async fn send(self) -> Result<(), EngineError> {
        const ATTEMPT: &str = "end the session on the BMC";
        let response = self.http.delete(self.url).headers(self.headers).timeout(self.within).send().await;
        let answer = Answer::read(ATTEMPT, response.map_err(|error| engine_http::unanswered(ATTEMPT, error))?).await?;
        // One that has ended by itself is ended.
        if matches!(answer.status, 401 | 404) { Ok(()) } else { answer.accepted(ATTEMPT).map(drop) }
    }
}
