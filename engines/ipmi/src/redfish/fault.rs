//! What does a refusal mean? Its message ids decide where it has some, its status otherwise; its words are for people.

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

/// DMTF's `Base` registry, as far as it says more than the status. The first one that an answer has counts.
const MESSAGES: &[(&str, ErrorKind)] = &[
    ("SessionLimitExceeded", ErrorKind::Busy),
    ("ServiceTemporarilyUnavailable", ErrorKind::Busy),
    ("ServiceInUnknownState", ErrorKind::Busy),
    ("ServiceShuttingDown", ErrorKind::Busy),
    ("ResourceInUse", ErrorKind::Busy),
    ("InsufficientPrivilege", ErrorKind::Unauthorised),
    ("ResourceAtUriUnauthorized", ErrorKind::Unauthorised),
    ("AccessDenied", ErrorKind::Unauthorised),
    ("NoValidSession", ErrorKind::Unauthorised),
    ("AccountForSessionNoLongerExists", ErrorKind::Unauthorised),
    ("PasswordChangeRequired", ErrorKind::Unauthorised),
    ("ResourceMissingAtURI", ErrorKind::NotFound),
    ("ResourceNotFound", ErrorKind::NotFound),
    ("ResourceAlreadyExists", ErrorKind::Conflict),
    ("PreconditionFailed", ErrorKind::Conflict),
    ("ResourceInStandby", ErrorKind::Conflict),
    ("ResourceCannotBeDeleted", ErrorKind::Rejected),
    ("CreateLimitReachedForResource", ErrorKind::Rejected),
    ("PropertyValueNotInList", ErrorKind::Rejected),
    ("PropertyNotWritable", ErrorKind::Rejected),
    ("PropertyUnknown", ErrorKind::Rejected),
    ("ActionNotSupported", ErrorKind::Rejected),
];

/// Words of a target are cut by `EngineError`; of a list of messages, these are read.
const MESSAGES_MAX: usize = 8;

/// An answer that refuses, as our error.
pub(super) fn refused(attempt: &str, status: u16, body: &Value) -> EngineError {
    let messages = messages(body);
    let told = MESSAGES.iter().find(|(id, _)| messages.iter().any(|message| message.is(id))).map(|(_, kind)| *kind);
    let kind = told.unwrap_or_else(|| of_status(status));
    let mut words: Vec<&str> = messages.iter().map(|message| message.text).filter(|text| !text.is_empty()).collect();
    words.dedup();
    // Some have a list of messages without words, and words beside it.
    let plain = body.get("error").map(|error| string(error, "message")).or_else(|| plain_words(body)).unwrap_or_default();
    let words = match (words.is_empty(), plain.is_empty()) {
        (false, _) => words.join(" "),
        (true, false) => plain.to_owned(),
        (true, true) => format!("status {status}, without a word"),
    };
    EngineError::new(kind, attempt, words)
}

/// A body that is no JSON, unless it is a page for browsers.
fn plain_words(body: &Value) -> Option<&str> {
    body.as_str().map(str::trim).filter(|words| !words.starts_with('<'))
}

/// Whether the answer names this message, whatever the version of the registry.
pub(super) fn says(body: &Value, id: &str) -> bool {
    messages(body).iter().any(|message| message.is(id))
}

/// An answer that does not have the form that Redfish promises.
pub(super) fn senseless(attempt: &str, why: impl Into<String>) -> EngineError {
    EngineError::new(ErrorKind::Protocol, attempt, why)
}

/// A change whose answer did not come. Nothing tells whether it took effect, unless nobody was there to be told.
pub(super) fn unanswered_change(attempt: &str, error: reqwest::Error) -> EngineError {
    if error.is_connect() {
        return engine_http::unanswered(attempt, error);
    }
    let words = format!("whether it took effect is not known: {}", engine_tls::words(&error));
    EngineError::new(ErrorKind::Timeout, attempt, words).with_source(error.without_url())
}

struct Message<'b> {
    id: &'b str,
    text: &'b str,
}

impl Message<'_> {
    /// `Base.1.18.PropertyUnknown` is `PropertyUnknown`.
    fn is(&self, id: &str) -> bool {
        self.id.rsplit('.').next() == Some(id)
    }
}

/// The messages of an error, of a task, or beside a resource.
fn messages(body: &Value) -> Vec<Message<'_>> {
    let error = body.get("error").unwrap_or(body);
    let list = [error, body].into_iter().find_map(|place| {
        let extended = place.get("@Message.ExtendedInfo").or_else(|| place.get("Messages"));
        extended.and_then(Value::as_array).filter(|list| !list.is_empty())
    });
    let part = |value| Message { id: string(value, "MessageId"), text: string(value, "Message") };
    match list {
        Some(list) => list.iter().take(MESSAGES_MAX).map(part).collect(),
        None => vec![Message { id: string(error, "code"), text: string(error, "message") }],
    }
}

fn string<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default()
}

fn of_status(status: u16) -> ErrorKind {
    match status {
        401 | 403 => ErrorKind::Unauthorised,
        404 | 410 => ErrorKind::NotFound,
        409 | 412 => ErrorKind::Conflict,
        429 | 503 => ErrorKind::Busy,
        502 => ErrorKind::Unreachable,
        504 => ErrorKind::Timeout,
        _ => ErrorKind::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn refusals_have_their_kind_and_their_words() {
        let extended = |id: &str, text: &str| json!({"error": {"code": "Base.1.18.GeneralError", "message": "A general error.", "@Message.ExtendedInfo": [{"MessageId": format!("Base.1.18.{id}"), "Message": text}]}});
        let cases = [
            (400, extended("PropertyValueNotInList", "The value is not in the list."), ErrorKind::Rejected, "The value is not in the list."),
            (503, extended("SessionLimitExceeded", "No more sessions."), ErrorKind::Busy, "No more sessions."),
            (400, extended("SessionLimitExceeded", "No more sessions."), ErrorKind::Busy, "No more sessions."),
            (400, extended("InsufficientPrivilege", "No."), ErrorKind::Unauthorised, "No."),
            (400, extended("ResourceAlreadyExists", "There is one."), ErrorKind::Conflict, "There is one."),
            (500, extended("ResourceMissingAtURI", "Gone."), ErrorKind::NotFound, "Gone."),
            (500, extended("InternalError", "Oops."), ErrorKind::Rejected, "Oops."),
            (412, json!({"error": {"code": "x", "message": "Another one was faster."}}), ErrorKind::Conflict, "Another one was faster."),
            (
                404,
                json!({"error": {"message": "Not here.", "@Message.ExtendedInfo": [{"MessageId": "Base.1.0.GeneralError"}]}}),
                ErrorKind::NotFound,
                "Not here.",
            ),
            (401, Value::Null, ErrorKind::Unauthorised, "status 401, without a word"),
            (503, json!({}), ErrorKind::Busy, "status 503, without a word"),
            (502, json!([1]), ErrorKind::Unreachable, "status 502, without a word"),
            (504, json!("Too slow.\n"), ErrorKind::Timeout, "Too slow."),
            (504, json!("<html>"), ErrorKind::Timeout, "status 504, without a word"),
            (
                0,
                json!({"TaskState": "Exception", "Messages": [{"MessageId": "X.1.0.Bad", "Message": "It burns."}]}),
                ErrorKind::Rejected,
                "It burns.",
            ),
        ];
        for (status, body, kind, words) in cases {
            let error = refused("do it", status, &body);
            assert_eq!((error.kind, error.message.as_str()), (kind, words), "{status} {body}");
        }
    }
}
