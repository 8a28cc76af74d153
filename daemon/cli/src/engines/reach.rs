//! What does an engine get to reach its target? Its part of the configuration, with the secrets and certificates read.

use std::path::Path;

use core_model::Secret;
use engine_tls::Trust;

use crate::config::{SecretPlace, TargetConfig, TargetTrust, process_variable, read_secret_file};

/// An authority's file is a few certificates.
const AUTHORITY_BYTES_MAX: u64 = 1 << 20;

/// A target with what is needed to reach it. It lasts only while the engine is made.
pub(crate) struct Reach<'a> {
    pub(crate) target: &'a TargetConfig,
    /// Where it is: the configuration's endpoint, or that of a member of a group.
    pub(crate) endpoint: &'a str,
    #[cfg_attr(
        not(any(feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "only engines of networked targets ask for it")
    )]
    pub(crate) credential: Option<Credential>,
    #[cfg_attr(
        not(any(feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "only engines of networked targets ask for it")
    )]
    pub(crate) trust: Trust,
}

/// Whom the daemon is on a target.
pub(crate) struct Credential {
    /// A user, or the name of a token.
    #[cfg_attr(
        not(any(feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "only engines of networked targets ask for it")
    )]
    pub(crate) user: String,
    #[cfg_attr(
        not(any(feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "only engines of networked targets ask for it")
    )]
    pub(crate) password: Secret,
}

impl<'a> Reach<'a> {
    /// Reads what the configuration only names. The error is a sentence without any secret in it.
    pub(crate) fn read(target: &'a TargetConfig, endpoint: &'a str) -> Result<Self, String> {
        let credential = target.credential.as_ref().map(|config| {
            let password = read_password(&config.password).map_err(|why| format!("`targets.{}.password` has no value: {why}", target.name))?;
            Ok::<_, String>(Credential { user: config.user.clone(), password })
        });
        let trust = match &target.trust {
            TargetTrust::System => Trust::System,
            TargetTrust::Fingerprint(fingerprint) => Trust::Fingerprint(*fingerprint),
            TargetTrust::Authority(path) => {
                Trust::Authority(read_authority(path).map_err(|why| format!("`targets.{}.ca`, `{}`, {why}", target.name, path.display()))?)
            }
        };
        engine_tls::client_config(&trust).map_err(|error| format!("`targets.{}.ca` cannot be used: {error}", target.name))?;
        Ok(Self { target, endpoint, credential: credential.transpose()?, trust })
    }
}

fn read_password(place: &SecretPlace) -> Result<Secret, String> {
    let secret = match place {
        SecretPlace::Variable { name, .. } => process_variable(name).map(Secret::new).ok_or_else(|| format!("the variable `{name}` is not set"))?,
        SecretPlace::File { path, .. } => read_secret_file(path).map_err(|why| format!("`{}` cannot be read: {why}", path.display()))?,
    };
    if secret.expose().trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(secret) }
}

fn read_authority(path: &Path) -> Result<Vec<u8>, String> {
    let length = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?.len();
    if length > AUTHORITY_BYTES_MAX {
        return Err(format!("is larger than {AUTHORITY_BYTES_MAX} bytes"));
    }
    std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))
}
