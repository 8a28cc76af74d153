//! How is a router asked for its export? Over SSH, because the API has no answer for it: one command, and its whole output.
//!
//! The router's host key is pinned by its fingerprint; nothing is trusted at first use. What can be asked is a closed set of
//! commands that read, so that nothing is ever changed this way.

mod artefact;
mod client;
mod host_key;

use core_model::Secret;

pub(crate) use artefact::{artefact, unconfirmed};
pub(crate) use client::{Question, SshClient};
pub use host_key::HostKey;

/// The port of SSH from the factory.
pub const PORT_SSH: u16 = 22;

/// How a router is reached over SSH. Its addresses are those of the API.
#[derive(Debug, Clone)]
pub struct SshOptions {
    pub port: u16,
    pub user: String,
    pub host_key: HostKey,
    pub login: SshLogin,
}

/// By what we prove who we are.
#[derive(Debug, Clone)]
pub enum SshLogin {
    Password(Secret),
    /// A private key in OpenSSH's format, without a passphrase: Ed25519 or ECDSA.
    Key(Secret),
}
