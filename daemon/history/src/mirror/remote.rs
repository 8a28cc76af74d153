//! How is the remote reached? Address, certificates, time limits and the token, which leaves only in a request's header.

use std::{
    any::Any,
    sync::{Arc, Mutex},
    time::Duration,
};

use core_model::Secret;
use gix::{
    credentials::{helper::Action, protocol::Outcome},
    protocol::transport::client::blocking_io::http,
};

use super::MirrorOptions;
use crate::{HistoryError, error::Cause};

/// The user name that GitHub expects beside a token.
const TOKEN_USER: &str = "x-access-token";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// One silent read ends this much later than the whole fetch, which therefore says what happened.
const GRACE: Duration = Duration::from_secs(1);

/// One checked address and how to speak to it.
pub(super) struct Remote {
    url: gix::Url,
    certificates: Vec<reqwest::Certificate>,
    timeout: Duration,
}

impl Remote {
    pub(super) fn new(options: &MirrorOptions) -> Result<Self, HistoryError> {
        let mut certificates = Vec::new();
        for pem in &options.extra_root_certificates_pem {
            let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| HistoryError::Certificate { source: error.into() })?;
            if found.is_empty() {
                return Err(HistoryError::Certificate { source: "there is no certificate in the PEM text".into() });
            }
            certificates.extend(found);
        }
        Ok(Self { url: checked_url(&options.url)?, certificates, timeout: options.timeout })
    }

    pub(super) fn url(&self) -> gix::Url {
        self.url.clone()
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    fn shown(&self) -> String {
        self.url.to_string()
    }

    pub(super) fn timed_out(&self) -> HistoryError {
        HistoryError::TimedOut { url: self.shown(), timeout: self.timeout }
    }

    pub(super) fn rejected(&self, rejected: String) -> HistoryError {
        HistoryError::Rejected { url: self.shown(), rejected }
    }

    /// gix does not put credentials into its errors; the tests hold it to that.
    pub(super) fn failed(&self, error: gix::Error) -> HistoryError {
        let (url, unauthorised) = (self.shown(), error.is_unauthenticated());
        let source: Cause = error.into();
        if unauthorised { HistoryError::Unauthorised { url, source } } else { HistoryError::Fetch { url, source } }
    }

    /// HTTP settings for one connection, in the form that gix hands to its transport.
    pub(super) fn transport_options(&self) -> Box<dyn Any> {
        let (certificates, timeout) = (self.certificates.clone(), self.timeout + GRACE);
        let configure_client = move |client: reqwest::blocking::ClientBuilder| {
            Ok(client.tls_certs_merge(certificates.clone()).timeout(timeout).connect_timeout(timeout.min(CONNECT_TIMEOUT)))
        };
        let backend = http::reqwest::Options { configure_client: Some(Box::new(configure_client)), configure_request: None };
        Box::new(http::Options { backend: Some(Arc::new(Mutex::new(backend))), ..Default::default() })
    }
}

/// Answers gix's questions for credentials from memory. Without a token there is no answer, so that gix never asks the
/// terminal or a credential helper.
pub(super) fn credentials(token: Option<&Secret>) -> impl FnMut(Action) -> gix::Result<Option<Outcome>> + '_ {
    move |action| {
        let (Action::Get(context), Some(token)) = (action, token) else {
            return Ok(None);
        };
        let identity = gix::sec::identity::Account { username: TOKEN_USER.into(), password: token.expose().into(), oauth_refresh_token: None };
        Ok(Some(Outcome { identity, next: context.into() }))
    }
}

fn checked_url(text: &str) -> Result<gix::Url, HistoryError> {
    let refused = |reason| Err(HistoryError::Address { reason });
    let Ok(url) = gix::url::parse(text) else {
        return refused("it is not a URL");
    };
    if url.user().is_some() || url.password().is_some() {
        return refused("it holds a user or password; give the token by itself");
    }
    let loopback = matches!(url.host(), Some("localhost" | "127.0.0.1" | "[::1]" | "::1"));
    match url.scheme {
        gix::url::Scheme::Https => Ok(url),
        gix::url::Scheme::Http if loopback => Ok(url),
        // Local paths and ssh would start a process.
        _ => refused("it must begin with https://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_without_credentials_is_an_address() {
        for good in ["https://github.com/acme/infra", "https://git.acme.example:8443/acme/infra.git", "http://127.0.0.1:8080/x.git"] {
            assert!(checked_url(good).is_ok(), "{good}");
        }
        for bad in ["", "/srv/x.git", "file:///srv/x.git", "git@github.com:acme/infra", "ssh://github.com/x", "http://github.com/x", "ext::sh -c x"] {
            assert!(checked_url(bad).is_err(), "{bad}");
        }
        let Err(error) = checked_url("https://me:canary@github.com/acme/infra") else { panic!("a password was accepted") };
        assert!(!format!("{error:?} {error}").contains("canary"));
    }
}
