//! How is the client made, and which hosts may it talk to?

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use http::HeaderValue;
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use url::{Host, Url};

use crate::names::RepositoryName;
use crate::server_clock::ServerClock;
use crate::timestamp::Timestamp;

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// `https://api.github.com`, or `https://<host>/api/v3` of a GitHub Enterprise Server.
    pub api_url: String,
    /// A personal access token or an installation token. Its form and length are not looked at.
    pub token: Secret,
    /// Certificates, in PEM, that are trusted beside those of the system. An entry may hold several.
    pub extra_root_certificates_pem: Vec<Vec<u8>>,
    pub connect_timeout: Duration,
    /// For one exchange, from the first byte sent to the last byte read.
    pub request_timeout: Duration,
}

impl ClientOptions {
    /// Ten seconds to connect, thirty for an exchange, the system's certificates.
    pub fn new(api_url: impl Into<String>, token: Secret) -> Self {
        Self {
            api_url: api_url.into(),
            token,
            extra_root_certificates_pem: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
        }
    }
}

/// Options that make no client. The token is never in the text.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    #[error("the API's address `{0}` is not a plain http(s) URL")]
    ApiUrl(String),
    #[error("the API's address `{0}` would send the token unencrypted; use https")]
    Unencrypted(String),
    #[error("the GitHub token is empty or has characters that no token has")]
    Token,
    #[error("extra root certificate {number} is not in PEM form")]
    Certificate { number: usize, source: reqwest::Error },
    #[error("could not set up the HTTPS client")]
    Https(#[source] reqwest::Error),
}

/// A client of GitHub's REST API. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct GitHub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) client: Octocrab,
    pub(crate) api: Url,
    pub(crate) token: Secret,
    /// Marked sensitive, so that no layer below prints it.
    pub(crate) authorization: HeaderValue,
    pub(crate) clock: ServerClock,
}

impl GitHub {
    /// Makes a client; nothing is sent. Must be called inside a Tokio runtime.
    pub fn new(options: ClientOptions) -> Result<Self, OptionsError> {
        let api = api_url(&options.api_url)?;
        let authorization = authorization(&options.token)?;
        // octocrab's ready-made stack adds a second User-Agent and hands the token to every layer; we need neither.
        let Ok(client) =
            OctocrabBuilder::new_empty().with_service(ReqwestConnector::new(https_client(&options, &api)?)).with_auth(AuthState::None).build();
        let token = options.token;
        Ok(Self(Arc::new(Inner { client, api, token, authorization, clock: ServerClock::default() })))
    }

    /// What time it is on GitHub, after the newest answer and what has passed since. None before there was one that told.
    pub fn time(&self) -> Option<Timestamp> {
        self.0.clock.now()
    }

    /// The URL of an endpoint. Each segment is percent-encoded.
    pub(crate) fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.0.api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    pub(crate) fn repository_url(&self, repository: &RepositoryName, segments: &[&str]) -> Url {
        let mut all = vec!["repos", repository.owner(), repository.name()];
        all.extend(segments);
        self.url(&all)
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GitHub").field("api_url", &self.0.api.as_str()).finish_non_exhaustive()
    }
}

fn api_url(text: &str) -> Result<Url, OptionsError> {
    let refuse = || OptionsError::ApiUrl(text.to_owned());
    let url = Url::parse(text).map_err(|_| refuse())?;
    if !url.username().is_empty() || url.password().is_some() {
        // Not even this text may repeat a password.
        return Err(OptionsError::ApiUrl("<an address with a password>".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse());
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(OptionsError::Unencrypted(text.to_owned())),
        _ => Err(refuse()),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A token travels in a header: one with spaces or control characters was pasted wrongly.
fn authorization(token: &Secret) -> Result<HeaderValue, OptionsError> {
    if token.is_empty() || !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OptionsError::Token);
    }
    let bearer = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
    let mut value = HeaderValue::from_str(&bearer).map_err(|_| OptionsError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

fn https_client(options: &ClientOptions, api: &Url) -> Result<reqwest::Client, OptionsError> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(options.connect_timeout)
        .timeout(options.request_timeout)
        .user_agent(concat!("ipr/", env!("CARGO_PKG_VERSION")))
        // The transport follows redirects itself: reads only, to the same host only.
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback(api) {
        builder = builder.no_proxy();
    }
    for (index, pem) in options.extra_root_certificates_pem.iter().enumerate() {
        let number = index + 1;
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|source| OptionsError::Certificate { number, source })?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(OptionsError::Https)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_travels_encrypted_or_on_this_machine() {
        for good in ["https://api.github.com", "https://git.acme.lan/api/v3/", "http://127.0.0.1:8080", "http://[::1]:1/api/v3"] {
            assert!(api_url(good).is_ok(), "{good}");
        }
        assert!(matches!(api_url("http://git.acme.lan/api/v3"), Err(OptionsError::Unencrypted(_))));
        for wrong in ["", "api.github.com", "ftp://api.github.com", "https://api.github.com/?x=1", "https://u:canary@api.github.com"] {
            let error = api_url(wrong).unwrap_err();
            assert!(matches!(error, OptionsError::ApiUrl(_)) && !error.to_string().contains("canary"), "{wrong}");
        }
    }

    #[test]
    fn a_token_pasted_with_a_line_end_is_refused() {
        for wrong in ["", "ghp_abc\n", "ghp abc", "ghp_é"] {
            assert!(authorization(&Secret::new(wrong)).is_err());
        }
        let value = authorization(&Secret::new("ghs_APPID_eyJ0.eyJ1.sig-_")).unwrap();
        assert!(value.is_sensitive());
    }

    #[tokio::test]
    async fn neither_client_nor_options_print_the_token() {
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let options = ClientOptions::new("http://127.0.0.1:1/api/v3", Secret::new("canary"));
        let text = format!("{options:?} {:?}", GitHub::new(options.clone()).unwrap());
        assert!(text.contains("/api/v3") && !text.contains("canary"), "{text}");
    }

    #[tokio::test]
    async fn a_certificate_that_is_none_is_named() {
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let mut options = ClientOptions::new("https://127.0.0.1:1", Secret::new("t"));
        options.extra_root_certificates_pem = vec![b"-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n".to_vec()];
        let error = GitHub::new(options).unwrap_err();
        assert!(matches!(error, OptionsError::Certificate { number: 1, .. }), "{error:?}");
    }
}
