//! How does what the simulator remembers look in GitHub's JSON?
//!
//! Literal builders, written from GitHub's published schemas; the contract layer checks what they make. One builder serves REST
//! and webhooks: where the two differ, it holds the keys of both.

mod commits;
mod hooks;
mod issues;
mod pulls;
mod repositories;
mod users;

pub(crate) use commits::{FORGE_LOGIN, email};
pub(crate) use issues::REACTIONS;

use base64::Engine as _;
use serde_json::Value;

/// An opaque GraphQL id: callers must not read anything from it.
pub(crate) fn node_id(prefix: &str, id: impl std::fmt::Display) -> String {
    let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{prefix}:{id}"));
    format!("{prefix}_kw{encoded}")
}

/// `base` with the keys of `more`.
pub(crate) fn with(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}
