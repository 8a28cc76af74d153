//! RouterOS routers, each by its API, at one or several addresses; and by SSH, for their exports.

use std::path::Path;
use std::sync::Arc;

use engine_api::{Engine, EngineError, ErrorKind};
use engine_mikrotik::{Endpoint, HostKey, Mikrotik, MikrotikOptions, PORT_SSH, Place, Security, SshLogin, SshOptions, Timeouts};

use super::reach::Credential;
use super::{Provider, Reach, Setting};
use crate::config::read_secret_file;

pub(super) const PROVIDER: Provider = Provider {
    name: engine_mikrotik::PROVIDER,
    types: engine_mikrotik::types,
    check_endpoint,
    is_networked: true,
    settings: SETTINGS,
    place: None,
    connect,
    import_text: Some(import_text),
};

const SSH_HOST_KEY: &str = "ssh_host_key";
const SSH_PORT: &str = "ssh_port";
const SSH_USER: &str = "ssh_user";
const SSH_KEY: &str = "ssh_key";

const SETTINGS: &[Setting] = &[
    Setting { name: SSH_HOST_KEY, example: "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM", check: |text| text.parse::<HostKey>().map(drop) },
    Setting { name: SSH_PORT, example: "22", check: |text| port(text).map(drop) },
    Setting { name: SSH_USER, example: "ipr-export", check: check_user },
    Setting { name: SSH_KEY, example: "/etc/ipr/edge-key", check: check_key },
];

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let is_rest = endpoint.starts_with("https://") || endpoint.starts_with("http://");
    let expected = match is_rest {
        true => "a router's API, and REST is not spoken, for it has neither safe mode nor `listen`: api-ssl://10.0.0.1",
        false => "a router's API: api-ssl://10.0.0.1, or without encryption api://10.0.0.1",
    };
    endpoint.parse::<Endpoint>().map(drop).map_err(|_| expected)
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().ok().filter(|port| *port != 0).ok_or("is no port from 1 to 65535")
}

fn check_user(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.contains(char::is_whitespace) { Err("is no name of a user") } else { Ok(()) }
}

fn check_key(text: &str) -> Result<(), &'static str> {
    if Path::new(text).is_absolute() { Ok(()) } else { Err("is no absolute path of a file") }
}

fn import_text(text: &str) -> Result<String, String> {
    engine_mikrotik::import_export(text).map_err(|error| error.to_string())
}

fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    let target = reach.target;
    let refused = |why: &str| EngineError::new(ErrorKind::Rejected, format!("connect to the target `{}`", target.name), why);
    let credential = reach.credential.as_ref().ok_or_else(|| refused("it has no user and no password"))?;
    let ssh = ssh(&reach, credential).map_err(|why| refused(&why))?;
    let endpoints = std::iter::once(&target.endpoint).chain(&target.other_endpoints).map(|endpoint| endpoint.parse());
    let endpoints: Vec<Endpoint> = endpoints.collect::<Result<_, _>>().map_err(|why| refused(&format!("one of its endpoints {why}")))?;
    let is_encrypted = endpoints.iter().all(|endpoint| endpoint.is_encrypted);
    if !is_encrypted && endpoints.iter().any(|endpoint| endpoint.is_encrypted) {
        return Err(refused("some of its endpoints are encrypted and some are not"));
    }
    let places: Vec<Place> = endpoints.into_iter().map(|endpoint| endpoint.place).collect();
    let options = MikrotikOptions {
        places,
        user: credential.user.clone(),
        password: credential.password.clone(),
        security: if is_encrypted { Security::Tls(reach.trust) } else { Security::Plain },
        owner_id: target.owner_id.clone(),
        ssh,
        timeouts: Timeouts::default(),
    };
    Ok(Arc::new(Mikrotik::new(options)?))
}

/// SSH is had where the host key is pinned, and nowhere else. The error completes "could not connect to the target: ".
fn ssh(reach: &Reach<'_>, credential: &Credential) -> Result<Option<SshOptions>, String> {
    let settings = &reach.target.settings;
    let Some(host_key) = settings.get(SSH_HOST_KEY) else {
        let needless = settings.keys().find(|name| name.starts_with("ssh_"));
        return needless
            .map_or(Ok(None), |name| Err(format!("it has `settings.{name}` and no `settings.{SSH_HOST_KEY}`: no host key is believed unseen")));
    };
    let host_key = host_key.parse().map_err(|why: &str| format!("`settings.{SSH_HOST_KEY}` {why}"))?;
    let user = settings.get(SSH_USER).unwrap_or(&credential.user);
    let login = match settings.get(SSH_KEY) {
        Some(path) => {
            SshLogin::Key(read_secret_file(Path::new(path)).map_err(|why| format!("`settings.{SSH_KEY}`, `{path}`, cannot be read: {why}"))?)
        }
        None if *user == credential.user => SshLogin::Password(credential.password.clone()),
        None => return Err(format!("`settings.{SSH_USER}` is another user than `user`, and has no `settings.{SSH_KEY}`")),
    };
    let port = settings.get(SSH_PORT).map_or(Ok(PORT_SSH), |text| port(text)).map_err(|why| format!("`settings.{SSH_PORT}` {why}"))?;
    Ok(Some(SshOptions { port, user: user.clone(), host_key, login }))
}

#[cfg(test)]
mod tests;
