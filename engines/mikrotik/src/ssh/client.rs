//! How does a conversation over SSH go? Connect, see the pinned key, log in, ask one thing, and read its output to the end.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};
use russh::keys::{Algorithm, EcdsaCurve, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{AlgorithmKind, ChannelMsg, Disconnect, Preferred, client};
use tokio::net::TcpStream;

use super::{HostKey, SshLogin};
use crate::options::{MikrotikOptions, Place, Timeouts};
use crate::wire::Failure;

/// The largest output: as large as an export may be.
const OUTPUT_BYTES_MAX: usize = crate::export::BYTES_MAX;
/// Host keys that are believed. RSA is left out: it would bring the crate `rsa`, and every release of it has an open advisory.
const HOST_KEYS: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
];

/// What can be asked. Nothing of it changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// The whole configuration, without secrets. They are left out by default in version 7; it is said all the same.
    Export,
    /// One line of it, to see that exports can be had.
    Trial,
}

impl Question {
    fn command(self) -> &'static str {
        match self {
            Self::Export => "/export terse hide-sensitive",
            Self::Trial => "/system/identity/export terse hide-sensitive",
        }
    }
}

enum Login {
    Password(Secret),
    Key(Arc<PrivateKey>),
}

/// Asks one router.
pub(crate) struct SshClient {
    places: Vec<Place>,
    user: String,
    host_key: HostKey,
    login: Login,
    timeouts: Timeouts,
    config: Arc<client::Config>,
    bytes_max: usize,
}

impl SshClient {
    /// Sends no packet. `None`: the configuration has no SSH for this router.
    pub(crate) fn new(options: &MikrotikOptions) -> Result<Option<Self>, EngineError> {
        let Some(ssh) = &options.ssh else { return Ok(None) };
        let login = match &ssh.login {
            SshLogin::Password(password) => Login::Password(password.clone()),
            SshLogin::Key(text) => Login::Key(Arc::new(private_key(text)?)),
        };
        let places = options.places.iter().map(|place| Place { host: place.host.clone(), port: ssh.port });
        let preferred = Preferred { key: Cow::Borrowed(HOST_KEYS), ..Preferred::DEFAULT };
        let config = client::Config { preferred, nodelay: true, inactivity_timeout: Some(options.timeouts.export), ..client::Config::default() };
        Ok(Some(Self {
            places: places.collect(),
            user: ssh.user.clone(),
            host_key: ssh.host_key,
            login,
            timeouts: options.timeouts,
            config: Arc::new(config),
            bytes_max: OUTPUT_BYTES_MAX,
        }))
    }

    /// The output of a command. The addresses are tried in order; a refused credential ends the search.
    pub(crate) async fn ask(&self, question: Question) -> Result<String, EngineError> {
        let attempt = || format!("ask the router over SSH for `{}`", question.command());
        let mut reasons = Vec::new();
        for place in &self.places {
            match self.ask_at(place, question).await {
                Ok(output) => return Ok(output),
                Err(failure) if failure.kind == ErrorKind::Unreachable => reasons.push(format!("{place}: {}", failure.message)),
                Err(failure) => return Err(failure.into_error(attempt())),
            }
        }
        Err(EngineError::new(ErrorKind::Unreachable, attempt(), reasons.join("; ")))
    }

    async fn ask_at(&self, place: &Place, question: Question) -> Result<String, Failure> {
        let session = within(self.timeouts.connect, ErrorKind::Unreachable, self.log_in(place)).await?;
        let output = within(self.timeouts.export, ErrorKind::Timeout, self.output(&session, question)).await;
        // It has said what it was asked for, and ends anyway when it is dropped.
        let _ = session.disconnect(Disconnect::ByApplication, "", "").await;
        output
    }

    async fn log_in(&self, place: &Place) -> Result<client::Handle<Pinned>, Failure> {
        let broken = |error: std::io::Error| failure(ErrorKind::Unreachable, error.to_string());
        let stream = TcpStream::connect((place.host.as_str(), place.port)).await.map_err(broken)?;
        let mut session = client::connect_stream(self.config.clone(), stream, Pinned { host_key: self.host_key }).await.map_err(|error| error.0)?;
        let answer = match &self.login {
            Login::Password(password) => session.authenticate_password(&self.user, password.expose()).await,
            Login::Key(key) => session.authenticate_publickey(&self.user, PrivateKeyWithHashAlg::new(key.clone(), None)).await,
        };
        if answer.map_err(not_done)?.success() {
            return Ok(session);
        }
        let by = if matches!(self.login, Login::Key(_)) { "key" } else { "password" };
        Err(failure(ErrorKind::Unauthorised, format!("it refuses the {by} of the user `{}`, or that user may not use ssh", self.user)))
    }

    async fn output(&self, session: &client::Handle<Pinned>, question: Question) -> Result<String, Failure> {
        let mut channel = session.channel_open_session().await.map_err(not_done)?;
        channel.exec(true, question.command()).await.map_err(not_done)?;
        let mut output = Vec::new();
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. } => {
                    output.extend_from_slice(&data);
                    if output.len() > self.bytes_max {
                        return Err(failure(ErrorKind::Protocol, format!("its output is larger than {} bytes", self.bytes_max)));
                    }
                }
                ChannelMsg::Failure => return Err(failure(ErrorKind::Rejected, "it runs no commands over SSH".to_owned())),
                ChannelMsg::Eof | ChannelMsg::Close => return Ok(String::from_utf8_lossy(&output).into_owned()),
                _ => {}
            }
        }
        Err(failure(ErrorKind::Unreachable, "the connection ended before the output did".to_owned()))
    }
}

fn private_key(text: &Secret) -> Result<PrivateKey, EngineError> {
    let refused = |why: &str| EngineError::new(ErrorKind::Rejected, "use the private key for SSH", why);
    let key = PrivateKey::from_openssh(text.expose())
        .map_err(|_| refused("it is no private key in OpenSSH's format; make one with `ssh-keygen -t ed25519`"))?;
    if key.is_encrypted() {
        return Err(refused("it has a passphrase, which nobody is there to type"));
    }
    match key.algorithm() {
        Algorithm::Ed25519 | Algorithm::Ecdsa { .. } => Ok(key),
        _ => Err(refused("it is neither Ed25519 nor ECDSA; make one with `ssh-keygen -t ed25519`")),
    }
}

async fn within<T>(limit: Duration, kind: ErrorKind, doing: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = |_| failure(kind, format!("no whole answer within {} s", limit.as_secs()));
    tokio::time::timeout(limit, doing).await.map_err(late)?
}

fn failure(kind: ErrorKind, message: String) -> Failure {
    Failure { kind, message }
}

fn not_done(error: russh::Error) -> Failure {
    match error {
        russh::Error::NoCommonAlgo { kind: AlgorithmKind::Key, .. } => failure(
            ErrorKind::Rejected,
            "it has neither an Ed25519 nor an ECDSA host key: /ip/ssh/set host-key-type=ed25519, then /ip/ssh/regenerate-host-key".to_owned(),
        ),
        error => failure(ErrorKind::Unreachable, error.to_string()),
    }
}

/// Believes the pinned host key and no other.
struct Pinned {
    host_key: HostKey,
}

#[derive(Debug)]
struct Refused(Failure);

impl From<russh::Error> for Refused {
    fn from(error: russh::Error) -> Self {
        Self(not_done(error))
    }
}

impl client::Handler for Pinned {
    type Error = Refused;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Refused> {
        let shown = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => HostKey::of(key),
            PublicKeyOrCertificate::Certificate(_) => None,
        };
        if shown == Some(self.host_key) {
            return Ok(true);
        }
        let shown = shown.map_or_else(|| "none that can be pinned".to_owned(), |key| key.to_string());
        Err(Refused(failure(ErrorKind::Unreachable, format!("its SSH host key is {shown}, and the configuration has {}", self.host_key))))
    }
}

#[cfg(test)]
mod tests;
