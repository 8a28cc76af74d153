//! What are the daemon's own secrets? Read when they are needed, each from its place, all mistakes together.

use std::{fs::File, io::Read, path::Path};

use core_model::{Diagnostic, FingerprintKey, Secret, Span};
use daemon_github::{WebhookSecretError, check_webhook_secret};
use daemon_history::record::RecordKey;

use super::{Config, ModelBackend, SecretPlace};

const FILE_BYTES_MAX: u64 = 64 << 10;
/// 16 random bytes in hexadecimal digits.
const FINGERPRINT_KEY_LENGTH_MIN: usize = 32;
const MAKE_SECRET: &str = "openssl rand -hex 32";

/// Looks an environment variable up.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// An environment variable of this process.
pub(crate) fn process_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads secrets and keeps what is wrong with them.
pub(crate) struct SecretReader<'a> {
    config: &'a Config,
    variables: Variables<'a>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> SecretReader<'a> {
    pub(crate) fn new(config: &'a Config, variables: Variables<'a>) -> Self {
        Self { config, variables, diagnostics: Vec::new() }
    }

    pub(crate) fn github_token(&mut self) -> Option<Secret> {
        self.read("github.token", &self.config.github.token, "make a token on GitHub and put it there", None)
    }

    /// The secret of the webhook, if it is one that nobody can guess.
    pub(crate) fn webhook_secret(&mut self) -> Option<Secret> {
        let place = &self.config.github.webhook_secret;
        let hint = "make one, and give the same to GitHub, in the settings of the webhook";
        let secret = self.read("github.webhook_secret", place, hint, Some(MAKE_SECRET))?;
        if let Err(why) = check_webhook_secret(&secret) {
            let diagnostic = Diagnostic::error("Unsafe webhook secret", format!("The daemon does not start: {why}.")).at(place.said_at());
            let because = "Who knows the secret can wake the daemon at will.";
            self.diagnostics.push(diagnostic.because(because).hint(hint).command(MAKE_SECRET));
            return None;
        }
        Some(secret)
    }

    /// The key of the model's endpoint. The outer `None` is a key that should be there and is not.
    pub(crate) fn model_key(&mut self) -> Option<Option<Secret>> {
        let Some(ModelBackend::Endpoint { key: Some(place), .. }) = self.config.model.as_ref().map(|model| &model.backend) else { return Some(None) };
        self.read("model.key", place, "put the endpoint's key there, or leave `model.key` out", None).map(Some)
    }

    pub(crate) fn record_key(&mut self) -> Option<RecordKey> {
        let place = &self.config.record_key;
        let command = "ssh-keygen -t ed25519 -N '' -C ipr -f record-key";
        let text = self.read("record_key", place, "make one, and put its public half into ipr.yaml: `records: {keys: [..]}`", Some(command))?;
        match RecordKey::from_openssh(&text) {
            Ok(key) => Some(key),
            Err(why) => {
                let diagnostic = Diagnostic::error("Unusable record key", format!("`record_key` cannot be used: {why}.")).at(place.said_at());
                self.diagnostics.push(diagnostic.hint("records are signed with an Ed25519 key in OpenSSH form, without passphrase").command(command));
                None
            }
        }
    }

    pub(crate) fn fingerprint_key(&mut self) -> Option<FingerprintKey> {
        let config = &self.config.fingerprint_key;
        let hint = "make one and keep it: with another key the fingerprints in older records cannot be compared";
        let key = self.read("fingerprint_key", &config.place, hint, Some(MAKE_SECRET))?;
        if key.expose().chars().count() < FINGERPRINT_KEY_LENGTH_MIN {
            let detail = format!("The fingerprint key has fewer than {FINGERPRINT_KEY_LENGTH_MIN} characters.");
            let because = "Short passwords could be guessed from their fingerprints.";
            let diagnostic = Diagnostic::error("Weak fingerprint key", detail).at(config.place.said_at());
            self.diagnostics.push(diagnostic.because(because).hint(hint).command(MAKE_SECRET));
            return None;
        }
        if check_webhook_secret(&key) == Err(WebhookSecretError::Sample) {
            let detail = "The fingerprint key is a sample that anybody can guess.";
            let diagnostic = Diagnostic::error("Weak fingerprint key", detail).at(config.place.said_at());
            self.diagnostics.push(diagnostic.because("Who knows it can guess short secrets from records.").hint(hint).command(MAKE_SECRET));
            return None;
        }
        Some(FingerprintKey::new(&config.id, key))
    }

    fn read(&mut self, key: &str, place: &SecretPlace, hint: &str, command: Option<&str>) -> Option<Secret> {
        let found = match place {
            SecretPlace::Variable { name, .. } => (self.variables)(name).map(Secret::new).ok_or_else(|| format!("the variable `{name}` is not set")),
            SecretPlace::File { path, .. } => {
                self.warn_if_open(key, path, place.said_at());
                read_file(path).map_err(|why| format!("`{}` cannot be read: {why}", path.display()))
            }
        };
        let why = match found {
            Ok(secret) if !secret.expose().trim().is_empty() => return Some(secret),
            Ok(_) => "it is empty".to_owned(),
            Err(why) => why,
        };
        let mut diagnostic = Diagnostic::error("Missing secret", format!("`{key}` has no value: {why}.")).at(place.said_at()).hint(hint);
        diagnostic.command = command.map(str::to_owned);
        self.diagnostics.push(diagnostic);
        None
    }

    fn warn_if_open(&mut self, key: &str, path: &Path, said_at: &Span) {
        if is_world_readable(path) {
            let detail = format!("`{}`, which holds `{key}`, may be read by every user of this machine.", path.display());
            let diagnostic = Diagnostic::warning("Secret readable by all", detail).at(said_at);
            self.diagnostics.push(diagnostic.hint("let only its owner read it").command(format!("chmod 600 {}", path.display())));
        }
    }
}

impl SecretPlace {
    fn said_at(&self) -> &Span {
        match self {
            Self::Variable { said_at, .. } | Self::File { said_at, .. } => said_at,
        }
    }
}

/// A secret in a file, without the line break at its end. The error never holds any of it.
pub(crate) fn read_file(path: &Path) -> Result<Secret, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => "it is not text".to_owned(),
        _ => error.to_string(),
    })?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err("it has more than 64 KiB".to_owned());
    }
    let whole = Secret::new(text);
    let stripped = whole.expose().strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text));
    Ok(stripped.map_or_else(|| whole.clone(), Secret::new))
}

#[cfg(unix)]
fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_world_readable(_path: &Path) -> bool {
    false
}
