//! What went wrong with a call, and may it be tried again?

use std::error::Error;
use std::fmt;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::rate_limit;

const MESSAGE_LENGTH_MAX: usize = 300;
const DETAILS_MAX: usize = 3;
const PAUSE_S: i64 = 2;
/// The longest pause: a GitHub that is back is noticed within a minute.
const PAUSE_MAX_S: i64 = 60;

/// A call to GitHub that failed. `Display` says what was attempted and what GitHub said; the cause is its source.
#[derive(Debug)]
pub struct GitHubError {
    /// What was attempted: "create a comment on acme/infra#7".
    pub attempted: String,
    pub kind: GitHubErrorKind,
    /// GitHub's own words, at most 300 characters; empty when there was no answer.
    pub message: String,
    pub(crate) source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why a call failed. Whether to repeat it is decided from this, never from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitHubErrorKind {
    /// No answer: refused, reset, timed out, or a certificate that is not trusted.
    Unreachable,
    /// The token is wrong or expired.
    Unauthorised,
    /// The token may not do this.
    Forbidden,
    /// It does not exist, or the token may not see it: GitHub does not say which.
    NotFound,
    /// Somebody else was faster: the branch moved, the reference or the pull request exists already.
    Conflict,
    /// GitHub understood and refused.
    Rejected,
    /// Too many calls. Nothing was done; ask again after so many seconds.
    RateLimited { retry_after_s: u64 },
    /// GitHub failed. A write may or may not have taken effect.
    Server,
    /// The answer is not what the API promises, or larger than the bound.
    Protocol,
}

impl GitHubErrorKind {
    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Server | Self::RateLimited { .. })
    }

    /// Whether a write that failed so may have taken effect all the same.
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::Unreachable | Self::Server | Self::Protocol)
    }

    /// How many seconds to wait before the next attempt, after so many: what GitHub asks for, or a little more each time.
    pub fn pause_s(self, attempt: i64) -> i64 {
        match self {
            Self::RateLimited { retry_after_s } => i64::try_from(retry_after_s).unwrap_or(PAUSE_MAX_S).max(1),
            _ => attempt.saturating_mul(PAUSE_S).clamp(PAUSE_S, PAUSE_MAX_S),
        }
    }

    fn summary(self) -> &'static str {
        match self {
            Self::Unreachable => "GitHub could not be reached",
            Self::Unauthorised => "GitHub did not accept the token",
            Self::Forbidden => "the token is not allowed to do this",
            Self::NotFound => "not found, or not visible to the token",
            Self::Conflict => "it conflicts with what is there",
            Self::Rejected => "GitHub refused it",
            Self::RateLimited { .. } => "GitHub's rate limit is used up",
            Self::Server => "GitHub failed",
            Self::Protocol => "GitHub's answer could not be used",
        }
    }
}

impl fmt::Display for GitHubError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not {}: {}", self.attempted, self.kind.summary())?;
        if !self.message.is_empty() {
            write!(formatter, " ({})", self.message)?;
        }
        Ok(())
    }
}

impl Error for GitHubError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl GitHubError {
    pub(crate) fn new(attempted: &str, kind: GitHubErrorKind, message: &str) -> Self {
        Self { attempted: attempted.to_owned(), kind, message: bounded(message), source: None }
    }

    pub(crate) fn protocol(attempted: &str, message: &str) -> Self {
        Self::new(attempted, GitHubErrorKind::Protocol, message)
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The error that an answer outside 2xx means.
    pub(crate) fn from_answer(attempted: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let message = message_of(status, body);
        Self::new(attempted, classify(status, headers, &message), &message)
    }
}

fn classify(status: StatusCode, headers: &HeaderMap, message: &str) -> GitHubErrorKind {
    if let Some(retry_after_s) = rate_limit::retry_after_s(status, headers, message) {
        return GitHubErrorKind::RateLimited { retry_after_s };
    }
    match status.as_u16() {
        401 => GitHubErrorKind::Unauthorised,
        403 => GitHubErrorKind::Forbidden,
        404 | 410 => GitHubErrorKind::NotFound,
        409 => GitHubErrorKind::Conflict,
        422 if is_lost_race(message) => GitHubErrorKind::Conflict,
        408 | 500..=599 => GitHubErrorKind::Server,
        400..=499 => GitHubErrorKind::Rejected,
        _ => GitHubErrorKind::Protocol,
    }
}

/// GitHub answers 422 both for nonsense and for a lost race; only the text tells them apart.
fn is_lost_race(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["not a fast forward", "already exists", "reference does not exist"].iter().any(|words| message.contains(words))
}

#[derive(Deserialize)]
struct ErrorBody {
    message: Option<String>,
    #[serde(default)]
    errors: Option<serde_json::Value>,
}

/// GitHub's message with the first details. An HTML page or an empty body gives the status line's words.
fn message_of(status: StatusCode, body: &[u8]) -> String {
    let fallback = || format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("unknown status"));
    let Ok(ErrorBody { message, errors }) = serde_json::from_slice(body) else {
        return fallback();
    };
    let mut text = message.unwrap_or_else(fallback);
    let details = errors.as_ref().and_then(|errors| errors.as_array()).map(Vec::as_slice).unwrap_or_default();
    for detail in details.iter().take(DETAILS_MAX) {
        text.push_str("; ");
        text.push_str(&detail_text(detail));
    }
    text
}

fn detail_text(detail: &serde_json::Value) -> String {
    let field = |name: &str| detail.get(name).and_then(|value| value.as_str());
    match (field("message"), field("field"), field("code")) {
        (Some(message), _, _) => message.to_owned(),
        (None, Some(field), Some(code)) => format!("{field} {code}"),
        (None, _, _) => detail.as_str().unwrap_or("no detail").to_owned(),
    }
}

/// One line of at most [`MESSAGE_LENGTH_MAX`] characters.
fn bounded(message: &str) -> String {
    let mut letters = message.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut text: String = letters.by_ref().take(MESSAGE_LENGTH_MAX).collect();
    if letters.next().is_some() {
        text.pop();
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kind(status: u16, body: &str) -> GitHubErrorKind {
        let status = StatusCode::from_u16(status).unwrap();
        GitHubError::from_answer("try", status, &HeaderMap::new(), body.as_bytes()).kind
    }

    #[test]
    fn every_status_has_a_kind() {
        use GitHubErrorKind::*;
        let rows = [
            (302, "", Protocol),
            (401, r#"{"message":"Bad credentials"}"#, Unauthorised),
            (403, r#"{"message":"Resource not accessible by integration"}"#, Forbidden),
            (403, r#"{"message":"You have exceeded a secondary rate limit"}"#, RateLimited { retry_after_s: 60 }),
            (404, r#"{"message":"Not Found"}"#, NotFound),
            (410, r#"{"message":"This issue was deleted"}"#, NotFound),
            (409, r#"{"message":"Git Repository is empty."}"#, Conflict),
            (422, r#"{"message":"Update is not a fast forward"}"#, Conflict),
            (422, r#"{"message":"Reference already exists"}"#, Conflict),
            (422, r#"{"message":"Reference does not exist"}"#, Conflict),
            (422, r#"{"message":"Validation Failed","errors":[{"message":"A pull request already exists for a:b."}]}"#, Conflict),
            (422, r#"{"message":"Validation Failed","errors":[{"field":"base","code":"invalid"}]}"#, Rejected),
            (429, "", RateLimited { retry_after_s: 60 }),
            (400, "{}", Rejected),
            (500, "", Server),
            (502, r#"{"error":"Server Error"}"#, Server),
            (503, "<html>", Server),
        ];
        for (status, body, expected) in rows {
            assert_eq!(kind(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn the_text_says_what_was_attempted_and_what_github_said() {
        let body = br#"{"message":"Validation Failed","errors":[{"field":"base","code":"invalid"},"plain",{"message":"m"},{"message":"fourth"}]}"#;
        let error = GitHubError::from_answer("open a pull request", StatusCode::UNPROCESSABLE_ENTITY, &HeaderMap::new(), body);
        let expected = "could not open a pull request: GitHub refused it (Validation Failed; base invalid; plain; m)";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_long_message_is_cut_and_kept_on_one_line() {
        let error = GitHubError::new("try", GitHubErrorKind::Rejected, &"é\n".repeat(400));
        assert_eq!(error.message.chars().count(), MESSAGE_LENGTH_MAX);
        assert!(error.message.ends_with('…') && !error.message.contains('\n'));
    }

    #[test]
    fn pauses_grow_to_a_minute_and_heed_what_github_asks_for() {
        let pauses: Vec<i64> = [1, 2, 30, 5_000, i64::MAX].map(|attempt| GitHubErrorKind::Server.pause_s(attempt)).into();
        assert_eq!(pauses, [2, 4, 60, 60, 60]);
        assert_eq!(GitHubErrorKind::RateLimited { retry_after_s: 900 }.pause_s(1), 900);
        assert_eq!(GitHubErrorKind::RateLimited { retry_after_s: 0 }.pause_s(7), 1);
    }
}
