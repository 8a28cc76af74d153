//! Does the configuration make sense? Every section is checked, whatever the others say.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use core_model::{Diagnostic, Span, diagnostic, units};
use serde_saphyr::{Location, Spanned};

use super::{
    Config, FingerprintKeyConfig, LogConfig, LogFormat, SecretsConfig, beside,
    document::{Document, FingerprintKey, Log, Secrets, Sweep, Text},
    reading,
};

const VERSION: &str = "1.0";
const SWEEP_EVERY: Duration = Duration::from_secs(120);
const SWEEP_MIN: Duration = Duration::from_secs(1);
const SWEEP_MAX: Duration = Duration::from_secs(24 * 3600);
const FINGERPRINT_ID_LENGTH_MAX: usize = 20;

/// What was found so far, and where paths begin.
pub(super) struct Check<'a> {
    path: &'a Path,
    file: Arc<str>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    pub(super) fn new(path: &'a Path, file: Arc<str>) -> Self {
        Self { path, file, diagnostics: Vec::new() }
    }

    /// The configuration; `None` when something that it needs is missing or wrong, which is reported.
    pub(super) fn config(&mut self, document: &Document) -> Option<Config> {
        self.version(document.version.as_ref());
        let listen = self.listen(document.listen.as_ref());
        let state =
            self.required(document.state.as_ref(), "state", "It is the folder for the database and the mirrors.").map(|text| self.folder(text));
        let record_key = self.secret_place(document.record_key.as_ref(), "record_key", "It signs the records.");
        let fingerprint_key = self.fingerprint_key(document.fingerprint_key.as_ref());
        let github = self.github(document.github.as_ref());
        let repositories = self.repositories(document.repositories.as_ref());
        let targets = self.targets(document.targets.as_ref(), &repositories);
        let secrets = self.secrets(document.secrets.as_ref());
        let model = document.model.as_ref().and_then(|given| self.model(given, &repositories));
        let sweep_every = self.sweep(document.sweep.as_ref());
        let log = self.log(document.log.as_ref());
        Some(Config {
            listen: listen?,
            state: state?,
            record_key: record_key?,
            fingerprint_key: fingerprint_key?,
            github: github?,
            repositories,
            targets,
            secrets,
            model,
            sweep_every,
            log,
        })
    }

    fn version(&mut self, text: Option<&Text>) {
        let Some(text) = self.required(text, "version", "It says which form of configuration this is.") else { return };
        if text.value != VERSION {
            let detail = format!("This program reads version {VERSION} of the configuration, and this one says `{}`.", text.value);
            self.error("Unknown version", detail, text.referenced).hint = Some(format!("write `version: \"{VERSION}\"`, or update ipr"));
        }
    }

    fn listen(&mut self, text: Option<&Text>) -> Option<SocketAddr> {
        let Some(text) = text else { return Some(SocketAddr::from(([127, 0, 0, 1], 8080))) };
        let address = text.value.parse().ok();
        if address.is_none() {
            let detail = format!("`listen` is `{}`, which is not an IP address and a port.", text.value);
            self.error("Invalid address", detail, text.referenced).hint = Some("for example 127.0.0.1:8080, or [::1]:8080".to_owned());
        }
        address
    }

    fn fingerprint_key(&mut self, given: Option<&Spanned<FingerprintKey>>) -> Option<FingerprintKeyConfig> {
        let given = self.required(given, "fingerprint_key", "Its fingerprints stand for secrets in records.")?;
        let place = self.place_of("fingerprint_key", given.value.env.as_ref(), given.value.file.as_ref(), given.referenced);
        let meaning = "It is shown beside each fingerprint, so that a new key is not mistaken for a changed secret.";
        let id = self.required_at(given.value.id.as_ref(), "fingerprint_key.id", meaning, given.referenced)?;
        let plain = id.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if id.value.is_empty() || id.value.len() > FINGERPRINT_ID_LENGTH_MAX || !plain {
            let detail = format!("`fingerprint_key.id` is `{}`, which is not 1 to {FINGERPRINT_ID_LENGTH_MAX} letters, digits and dashes.", id.value);
            self.error("Invalid name", detail, id.referenced).hint = Some("for example k1".to_owned());
        }
        Some(FingerprintKeyConfig { id: id.value.clone(), place: place? })
    }

    fn secrets(&mut self, given: Option<&Secrets>) -> SecretsConfig {
        let given_prefix = given.and_then(|secrets| secrets.environment_prefix.as_ref());
        let prefix = given_prefix.map_or("IPR_SECRET_", |text| &text.value);
        let is_prefix = prefix.len() >= 3 && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if let Some(text) = given_prefix.filter(|_| !is_prefix) {
            let detail = format!("`secrets.environment_prefix` is `{prefix}`, which is not at least 3 upper-case letters, digits and underscores.");
            let diagnostic = self.error("Invalid prefix", detail, text.referenced);
            diagnostic.why = Some("Without a prefix a repository could name any variable of the daemon.".to_owned());
            diagnostic.hint = Some("for example IPR_SECRET_".to_owned());
        }
        let directory = given.and_then(|secrets| secrets.directory.as_ref()).map(|text| self.folder(text));
        SecretsConfig { environment_prefix: prefix.to_owned(), directory }
    }

    fn sweep(&mut self, given: Option<&Sweep>) -> Duration {
        let text = given.and_then(|sweep| sweep.every.as_ref());
        self.duration("sweep.every", text, SWEEP_EVERY, (SWEEP_MIN, SWEEP_MAX), "for example 2m; at least 1s, at most 1d")
    }

    /// A duration within its limits; what is left out has the default.
    pub(super) fn duration(&mut self, key: &str, given: Option<&Text>, default: Duration, limits: (Duration, Duration), hint: &str) -> Duration {
        let Some(text) = given else { return default };
        match text.value.parse::<units::Span>() {
            Ok(span) => {
                let duration = Duration::from_millis(span.milliseconds);
                if !(limits.0..=limits.1).contains(&duration) {
                    self.error("Duration out of range", format!("`{key}` is `{}`.", text.value), text.referenced).hint = Some(hint.to_owned());
                }
                duration
            }
            Err(why) => {
                self.error("Invalid duration", format!("`{key}` is `{}`, which {why}.", text.value), text.referenced).hint = Some(hint.to_owned());
                default
            }
        }
    }

    fn log(&mut self, given: Option<&Log>) -> LogConfig {
        let format = match given.and_then(|log| log.format.as_ref()) {
            None => LogFormat::default(),
            Some(text) if text.value == "text" => LogFormat::Text,
            Some(text) if text.value == "json" => LogFormat::Json,
            Some(text) => {
                self.unknown_word("log.format", text, &["text", "json"]);
                LogFormat::default()
            }
        };
        LogConfig { format, directory: given.and_then(|log| log.directory.as_ref()).map(|text| self.folder(text)) }
    }

    pub(super) fn file(&self) -> Arc<str> {
        self.file.clone()
    }

    /// A path, meant from the folder of the configuration.
    pub(super) fn folder(&self, text: &Text) -> PathBuf {
        beside(self.path, &text.value)
    }

    pub(super) fn span(&self, location: Location) -> Span {
        reading::span(&self.file, location)
    }

    /// Reports a mistake. The caller adds the next step.
    pub(super) fn error(&mut self, summary: &'static str, detail: String, location: Location) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(summary, detail).at(&self.span(location));
        self.diagnostics.push_mut(diagnostic)
    }

    pub(super) fn unknown_word(&mut self, key: &str, text: &Text, known: &[&str]) {
        let hint = match diagnostic::nearest(&text.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of: {}", known.join(", ")),
        };
        self.error("Unknown word", format!("`{key}` is `{}`.", text.value), text.referenced).hint = Some(hint);
    }
}
