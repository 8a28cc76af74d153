//! How is a model asked over HTTP? One call to `chat/completions` with a JSON schema, within a deadline and a length.

use std::time::Duration;

use async_trait::async_trait;
use core_model::Secret;
use daemon_assistant::{ANSWER_BYTES_MAX, ModelVersion, Prompt, Proposed, Proposer, ProposerError};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::TOKENS_MAX;

/// The envelope around an answer: ids, usage and the like.
const ENVELOPE_BYTES_MAX: usize = 64 << 10;

/// Where the model is and how it is asked, from the daemon's own configuration.
#[derive(Debug)]
pub struct Settings {
    /// The API's root, for example `http://127.0.0.1:11434/v1`.
    pub root: Url,
    /// The model's name there.
    pub model: String,
    /// Sent as a bearer token, where the endpoint wants one.
    pub key: Option<Secret>,
    /// For one answer, from the first packet to the last.
    pub timeout: Duration,
}

/// Why an endpoint cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error("the model's address `{0}` is neither http nor https")]
    Scheme(String),
    #[error("the model's key holds characters that a header cannot carry")]
    Key,
    #[error("the model's key would be sent in clear to `{0}`, which is not this machine; use https")]
    KeyInClear(String),
    #[error("prepare the connection to the model")]
    Client(#[source] reqwest::Error),
}

/// An OpenAI-compatible endpoint.
pub struct Endpoint {
    client: reqwest::Client,
    address: Url,
    model: String,
    authorisation: Option<HeaderValue>,
}

impl Endpoint {
    /// Checks the settings. No packet is sent.
    pub fn new(settings: Settings) -> Result<Self, EndpointError> {
        if !matches!(settings.root.scheme(), "http" | "https") {
            return Err(EndpointError::Scheme(settings.root.to_string()));
        }
        if settings.key.is_some() && settings.root.scheme() == "http" && !is_this_machine(&settings.root) {
            return Err(EndpointError::KeyInClear(settings.root.host_str().unwrap_or_default().to_owned()));
        }
        let mut address = settings.root;
        address.set_path(&format!("{}/chat/completions", address.path().trim_end_matches('/')));
        let authorisation = settings.key.as_ref().map(bearer).transpose()?;
        // A redirect could lead to a host that the configuration does not name.
        let client = reqwest::Client::builder().timeout(settings.timeout).redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        Ok(Self { client: client.map_err(EndpointError::Client)?, address, model: settings.model, authorisation })
    }

    async fn ask(&self, prompt: &Prompt) -> Result<Proposed, ProposerError> {
        let mut request = self.client.post(self.address.clone()).header(CONTENT_TYPE, "application/json").body(self.body(prompt));
        if let Some(authorisation) = &self.authorisation {
            request = request.header(AUTHORIZATION, authorisation.clone());
        }
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        if !response.status().is_success() {
            return Err(ProposerError::Refused(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + chunk.len() > ENVELOPE_BYTES_MAX + ANSWER_BYTES_MAX {
                return Err(ProposerError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let completion: Completion = serde_json::from_slice(&body).map_err(|_| ProposerError::Malformed)?;
        let version = [completion.model, completion.system_fingerprint].into_iter().flatten().collect::<Vec<_>>().join("+");
        let choice = completion.choices.into_iter().next().ok_or(ProposerError::Malformed)?;
        let text = answer_of(choice.message.content.as_deref().unwrap_or_default());
        match text {
            "" => Err(ProposerError::Malformed),
            text if text.len() > ANSWER_BYTES_MAX => Err(ProposerError::TooLong),
            text => Ok(Proposed { text: text.to_owned(), version: ModelVersion::of(&version) }),
        }
    }

    fn body(&self, prompt: &Prompt) -> String {
        let body = json!({
            "model": self.model,
            "temperature": 0,
            "max_tokens": TOKENS_MAX,
            "stream": false,
            "messages": [{"role": "system", "content": prompt.instructions}, {"role": "user", "content": prompt.message()}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "proposal", "strict": true, "schema": prompt.schema}},
        });
        body.to_string()
    }
}

/// What goes no further than this machine cannot be read on the way.
fn is_this_machine(root: &Url) -> bool {
    match root.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn bearer(key: &Secret) -> Result<HeaderValue, EndpointError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(|_| EndpointError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}

fn failure(error: &reqwest::Error) -> ProposerError {
    if error.is_timeout() { ProposerError::Timeout } else { ProposerError::Unreachable }
}

/// Models that think aloud do so before the answer; the answer is the JSON that follows.
fn answer_of(content: &str) -> &str {
    let after_thought = content.rsplit_once("</think>").map_or(content, |(_, answer)| answer);
    let bare = after_thought.trim().trim_start_matches("```json").trim_start_matches("```").trim_end_matches("```");
    bare.trim()
}

#[derive(Deserialize)]
struct Completion {
    model: Option<String>,
    system_fingerprint: Option<String>,
    choices: Vec<CompletionChoice>,
}

#[derive(Deserialize)]
struct CompletionChoice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

#[async_trait]
impl Proposer for Endpoint {
    fn name(&self) -> &str {
        &self.model
    }

    async fn propose(&self, prompt: &Prompt) -> Result<Proposed, ProposerError> {
        self.ask(prompt).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn thoughts_and_fences_are_cut() {
        for content in ["{\"a\":1}", "<think>delete it?</think>\n{\"a\":1}", "```json\n{\"a\":1}\n```"] {
            assert_eq!(answer_of(content), "{\"a\":1}");
        }
    }

    #[test]
    fn a_key_is_not_sent_in_clear_over_a_network() {
        _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let made = |root: &str, key: Option<&str>| {
            let settings =
                Settings { root: root.parse().unwrap(), model: "tiny".to_owned(), key: key.map(Secret::new), timeout: Duration::from_secs(1) };
            Endpoint::new(settings).map(|_| ()).map_err(|error| error.to_string())
        };
        assert!(made("http://models.example/v1", Some("canary")).unwrap_err().contains("models.example"));
        assert!(made("file:///models", None).is_err());
        for (root, key) in [
            ("http://models.example/v1", None),
            ("https://models.example/v1", Some("canary")),
            ("http://localhost:11434/v1", Some("canary")),
            ("http://[::1]:11434/v1", Some("canary")),
        ] {
            assert_eq!(made(root, key), Ok(()), "{root}");
        }
    }
}
