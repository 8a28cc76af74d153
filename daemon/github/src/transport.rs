//! How does one call reach GitHub and come back? Here are the bounds on time, size, redirects and repetition.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue, LOCATION};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::client::GitHub;
use crate::error::{GitHubError, GitHubErrorKind};

/// A page of a hundred comments at their longest, with room to spare.
const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;
const ATTEMPTS_MAX: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A longer rate limit is the caller's to wait for: a job goes back to its queue.
const RATE_LIMIT_PAUSE_MAX_S: u64 = 5;
/// GitHub redirects the API path of a renamed or transferred repository.
const REDIRECTS_MAX: usize = 3;

const API_VERSION: (HeaderName, HeaderValue) = (HeaderName::from_static("x-github-api-version"), HeaderValue::from_static("2022-11-28"));
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.github+json");

/// Whether a call may be sent again when nobody knows what became of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// It reads, or it makes something that is named by its content.
    Safe,
    /// A second one would show: a comment, an issue, a status.
    Never,
}

/// One call of the API.
pub(crate) struct Call {
    method: Method,
    url: Url,
    body: Option<Value>,
    repeat: Repeat,
    pub(crate) attempted: String,
}

impl Call {
    /// `attempted` completes the sentence "could not ...".
    pub(crate) fn get(url: Url, attempted: impl Into<String>) -> Self {
        Self { method: Method::GET, url, body: None, repeat: Repeat::Safe, attempted: attempted.into() }
    }

    /// Sent once, whatever happens.
    pub(crate) fn post(url: Url, body: Value, attempted: impl Into<String>) -> Self {
        Self { method: Method::POST, url, body: Some(body), repeat: Repeat::Never, attempted: attempted.into() }
    }

    /// Sent once, whatever happens.
    pub(crate) fn patch(url: Url, body: Value, attempted: impl Into<String>) -> Self {
        Self { method: Method::PATCH, ..Self::post(url, body, attempted) }
    }

    /// Declares that sending it twice does what sending it once does.
    pub(crate) fn repeatable(mut self) -> Self {
        self.repeat = Repeat::Safe;
        self
    }

    pub(crate) fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        self.url.query_pairs_mut().extend_pairs(pairs);
        self
    }
}

/// An answer of 2xx.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self, attempted: &str) -> Result<T, GitHubError> {
        serde_json::from_slice(&self.body).map_err(|source| GitHubError::protocol(attempted, "the answer has an unexpected form").with_source(source))
    }
}

impl GitHub {
    pub(crate) async fn json<T: DeserializeOwned>(&self, call: Call) -> Result<T, GitHubError> {
        self.answer(&call).await?.json(&call.attempted)
    }

    /// Sends a call whose answer nobody reads.
    pub(crate) async fn send(&self, call: Call) -> Result<(), GitHubError> {
        self.answer(&call).await.map(|_| ())
    }

    pub(crate) async fn answer(&self, call: &Call) -> Result<Answer, GitHubError> {
        let mut attempt = 1;
        loop {
            let error = match self.follow(call).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(pause) = pause_before_next(call.repeat, attempt, error.kind) else {
                return Err(error);
            };
            tracing::debug!(attempted = %call.attempted, kind = ?error.kind, attempt, "asking GitHub again");
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    /// One attempt. Follows a read's redirects within the API's own host, so that the token stays there. A write is not
    /// followed: its answer would be that of another request.
    async fn follow(&self, call: &Call) -> Result<Answer, GitHubError> {
        let mut url = call.url.clone();
        for _ in 0..=REDIRECTS_MAX {
            let (status, headers, body) = self.exchange(call, &url).await?;
            if status.is_success() {
                return Ok(Answer { headers, body });
            }
            if call.method != Method::GET || !status.is_redirection() {
                let body = self.scrubbed(&body);
                return Err(GitHubError::from_answer(&call.attempted, status, &headers, body.as_bytes()));
            }
            url = redirect_target(&url, &headers).ok_or_else(|| GitHubError::protocol(&call.attempted, "the answer redirects to nowhere"))?;
        }
        Err(GitHubError::protocol(&call.attempted, "too many redirects"))
    }

    async fn exchange(&self, call: &Call, url: &Url) -> Result<(StatusCode, HeaderMap, Bytes), GitHubError> {
        // Links and redirects come from answers. This is the one place that lets the token out, so the check is here.
        if !self.is_of_this_api(url) {
            let message = "the answer leads to another host, which is not followed";
            return Err(GitHubError::protocol(&call.attempted, message));
        }
        let client = &self.0.client;
        let request = Request::builder().method(call.method.clone()).uri(url.as_str());
        let mut request = client
            .build_request(request, call.body.as_ref())
            .map_err(|source| GitHubError::protocol(&call.attempted, "the request could not be built").with_source(source))?;
        let headers = request.headers_mut();
        headers.insert(API_VERSION.0, API_VERSION.1);
        headers.insert(ACCEPT, MEDIA_TYPE);
        headers.insert(AUTHORIZATION, self.0.authorization.clone());
        let response = client.execute(request).await.map_err(|error| unreachable_host(call, error))?;
        let (parts, body) = response.into_parts();
        self.0.clock.hear(&parts.headers);
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(|error| broken_body(call, error))?;
        Ok((parts.status, parts.headers, body.to_bytes()))
    }

    fn is_of_this_api(&self, url: &Url) -> bool {
        url.origin() == self.0.api.origin() && url.username().is_empty() && url.password().is_none()
    }

    /// GitHub does not repeat a token, but a proxy's error page may.
    fn scrubbed(&self, body: &[u8]) -> String {
        String::from_utf8_lossy(body).replace(self.0.token.expose(), "<token>")
    }
}

fn redirect_target(from: &Url, headers: &HeaderMap) -> Option<Url> {
    from.join(headers.get(LOCATION)?.to_str().ok()?).ok()
}

fn pause_before_next(repeat: Repeat, attempt: u32, kind: GitHubErrorKind) -> Option<Duration> {
    if repeat == Repeat::Never || attempt >= ATTEMPTS_MAX {
        return None;
    }
    match kind {
        GitHubErrorKind::Unreachable | GitHubErrorKind::Server => Some(FIRST_PAUSE * 4_u32.pow(attempt - 1)),
        GitHubErrorKind::RateLimited { retry_after_s } if retry_after_s <= RATE_LIMIT_PAUSE_MAX_S => Some(Duration::from_secs(retry_after_s)),
        _ => None,
    }
}

/// Keeps reqwest's error alone as the source: octocrab's prints a backtrace.
fn unreachable_host(call: &Call, error: octocrab::Error) -> GitHubError {
    let failed = GitHubError::new(&call.attempted, GitHubErrorKind::Unreachable, "");
    match error {
        octocrab::Error::Reqwest { source, .. } => failed.with_source(source),
        octocrab::Error::Service { source, .. } => match source.downcast::<octocrab::Error>() {
            Ok(inner) => unreachable_host(call, *inner),
            Err(source) => failed.with_source(source),
        },
        other => failed.with_source(other),
    }
}

fn broken_body(call: &Call, error: Box<dyn std::error::Error + Send + Sync>) -> GitHubError {
    if error.is::<LengthLimitError>() {
        return GitHubError::protocol(&call.attempted, "the answer is larger than 32 MiB");
    }
    match error.downcast::<octocrab::Error>() {
        Ok(error) => unreachable_host(call, *error),
        Err(source) => GitHubError::new(&call.attempted, GitHubErrorKind::Unreachable, "").with_source(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_calls_are_repeated_and_only_while_it_may_help() {
        use GitHubErrorKind::*;
        assert_eq!(pause_before_next(Repeat::Safe, 1, Server), Some(Duration::from_millis(200)));
        assert_eq!(pause_before_next(Repeat::Safe, 2, Unreachable), Some(Duration::from_millis(800)));
        assert_eq!(pause_before_next(Repeat::Safe, 3, Server), None);
        assert_eq!(pause_before_next(Repeat::Safe, 1, RateLimited { retry_after_s: 2 }), Some(Duration::from_secs(2)));
        assert_eq!(pause_before_next(Repeat::Safe, 1, RateLimited { retry_after_s: 60 }), None);
        assert_eq!(pause_before_next(Repeat::Safe, 1, Conflict), None);
        assert_eq!(pause_before_next(Repeat::Never, 1, Server), None);
    }
}
