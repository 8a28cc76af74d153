//! Why did a connection fail, for a person? The innermost cause, without the forms in which libraries carry it.

use std::error::Error;
use std::io;

use rustls::{CertificateError, Error as TlsError};

/// The cause of a failure of the connection, in words.
pub fn words(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    loop {
        if let Some(words) = of_tls(cause) {
            return words;
        }
        match cause.source() {
            Some(next) => cause = next,
            None => return cause.to_string(),
        }
    }
}

/// What rustls means. An `io::Error` does not count what it holds among its sources, and may hold another one.
fn of_tls(cause: &(dyn Error + 'static)) -> Option<String> {
    let mut inner = cause;
    while let Some(io) = inner.downcast_ref::<io::Error>() {
        if io.kind() == io::ErrorKind::UnexpectedEof {
            return Some("the connection was closed before an answer came".to_owned());
        }
        inner = io.get_ref()?;
    }
    match inner.downcast_ref::<TlsError>()? {
        TlsError::InvalidCertificate(CertificateError::Other(other)) => Some(other.0.to_string()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("it cannot be asked")]
    struct Outer(#[source] io::Error);

    #[test]
    fn the_innermost_cause_is_said_in_its_own_words() {
        let another = Arc::new(io::Error::other("another certificate"));
        let refused =
            || io::Error::new(io::ErrorKind::InvalidData, TlsError::InvalidCertificate(CertificateError::Other(OtherError(another.clone()))));
        let rows = [
            (Outer(refused()), "another certificate"),
            (Outer(io::Error::other(refused())), "another certificate"),
            (Outer(io::Error::new(io::ErrorKind::InvalidData, TlsError::HandshakeNotComplete)), "handshake not complete"),
            (Outer(io::Error::new(io::ErrorKind::UnexpectedEof, "no close_notify")), "the connection was closed before an answer came"),
            (Outer(io::Error::other("no route to host")), "no route to host"),
        ];
        for (error, words) in rows {
            assert_eq!(super::words(&error), words);
        }
    }
}
