//! What does an engine's refusal mean? Status codes and texts become kinds; retry is decided from the kind.

use std::io;

use bollard::errors::Error;
use engine_api::{EngineError, ErrorKind};

/// Texts that tell more than their status code, in the engine's own words. The first that is found decides.
const TEXTS: &[(&str, ErrorKind)] = &[
    ("port is already allocated", ErrorKind::Conflict),
    ("address already in use", ErrorKind::Conflict),
    ("has active endpoints", ErrorKind::Conflict),
    ("volume is in use", ErrorKind::Conflict),
    ("already exists in network", ErrorKind::Conflict),
    ("pool overlaps with other one", ErrorKind::Conflict),
    ("is already in use by container", ErrorKind::Conflict),
    ("is already in progress", ErrorKind::Busy),
    ("manifest unknown", ErrorKind::NotFound),
    ("no such image", ErrorKind::NotFound),
    ("not found: manifest", ErrorKind::NotFound),
    ("is not connected to network", ErrorKind::NotFound),
    ("pull access denied", ErrorKind::NotFound),
    ("requested access to the resource is denied", ErrorKind::NotFound),
    ("toomanyrequests", ErrorKind::Busy),
    ("no such host", ErrorKind::Unreachable),
    ("connection refused", ErrorKind::Unreachable),
    ("network is unreachable", ErrorKind::Unreachable),
    ("i/o timeout", ErrorKind::Timeout),
    ("tls handshake timeout", ErrorKind::Timeout),
    ("context deadline exceeded", ErrorKind::Timeout),
    ("client.timeout exceeded", ErrorKind::Timeout),
    ("unauthorized", ErrorKind::Unauthorised),
];

/// The client's error as ours. The client's own text for a refusal repeats the engine's, so only the latter is kept.
pub(crate) fn of(attempted: impl Into<String>, error: Error) -> EngineError {
    let (kind, message) = describe(&error);
    EngineError::new(kind, attempted, message).with_source(error)
}

fn describe(error: &Error) -> (ErrorKind, String) {
    match error {
        Error::DockerResponseServerError { status_code, message } => (kind_of_refusal(*status_code, message), message.clone()),
        Error::DockerStreamError { error } => (kind_of_refusal(500, error), error.clone()),
        Error::RequestTimeoutError => (ErrorKind::Timeout, String::new()),
        Error::SocketNotFoundError(path) => (ErrorKind::Unreachable, format!("there is no socket at {path}")),
        Error::IOError { .. } | Error::HyperResponseError { .. } | Error::HyperLegacyError { .. } => describe_transport(error),
        other => (ErrorKind::Protocol, other.to_string()),
    }
}

fn describe_transport(error: &Error) -> (ErrorKind, String) {
    // The client's own variants are transparent: the cause inside is looked at first.
    let mut cause: Option<&(dyn std::error::Error + 'static)> = match error {
        Error::IOError { err } => Some(err),
        other => Some(other),
    };
    let mut last = String::new();
    while let Some(current) = cause {
        if let Some(fault) = current.downcast_ref::<io::Error>()
            && fault.kind() == io::ErrorKind::PermissionDenied
        {
            return (ErrorKind::Unauthorised, "the socket may not be opened by this user".to_owned());
        }
        last = current.to_string();
        cause = current.source();
    }
    (ErrorKind::Unreachable, last)
}

fn kind_of_refusal(status: u16, message: &str) -> ErrorKind {
    let lower = message.to_lowercase();
    let told = TEXTS.iter().find(|(text, _)| lower.contains(text)).map(|(_, kind)| *kind);
    match (status, told) {
        (404, _) => ErrorKind::NotFound,
        (_, Some(kind)) => kind,
        (401, None) => ErrorKind::Unauthorised,
        (409, None) => ErrorKind::Conflict,
        (429 | 503, None) => ErrorKind::Busy,
        (504, None) => ErrorKind::Timeout,
        (_, None) => ErrorKind::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The engine's words, as version 20.10 says them.
    #[test]
    fn refusals_have_their_kind() {
        let cases = [
            (404, "No such container: web", ErrorKind::NotFound),
            (409, "Conflict. The container name \"/web\" is already in use by container \"32\".", ErrorKind::Conflict),
            (500, "driver failed programming external connectivity: Bind for 127.0.0.1:9191 failed: port is already allocated", ErrorKind::Conflict),
            (403, "error while removing network: network n1 id 42 has active endpoints", ErrorKind::Conflict),
            (403, "Pool overlaps with other one on this address space", ErrorKind::Conflict),
            (403, "endpoint with name c1 already exists in network n3", ErrorKind::Conflict),
            (409, "remove v1: volume is in use - [09d6]", ErrorKind::Conflict),
            (409, "removal of container 32 is already in progress", ErrorKind::Busy),
            (500, "container b2 is not connected to network n3", ErrorKind::NotFound),
            (500, "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host", ErrorKind::Unreachable),
            (500, "Get \"http://127.0.0.1:5999/v2/\": dial tcp 127.0.0.1:5999: connect: connection refused", ErrorKind::Unreachable),
            (400, "Minimum memory limit allowed is 6MB", ErrorKind::Rejected),
            (503, "busy", ErrorKind::Busy),
        ];
        for (status, message, kind) in cases {
            assert_eq!(kind_of_refusal(status, message), kind, "{message}");
        }
    }

    #[test]
    fn a_socket_that_may_not_be_opened_is_a_matter_of_rights() {
        let error = Error::IOError { err: io::Error::from(io::ErrorKind::PermissionDenied) };
        assert_eq!(describe(&error).0, ErrorKind::Unauthorised);
        let error = Error::IOError { err: io::Error::from(io::ErrorKind::ConnectionRefused) };
        assert_eq!(describe(&error).0, ErrorKind::Unreachable);
    }
}
