//! What does a webhook tell us? Whether it is GitHub's, and what to look at. Pure functions: no network, no clock.
//!
//! A webhook only wakes the daemon. Nothing but keys is taken from it: the daemon reads the truth again.

mod nesting;
mod payload;
mod secret;
mod signature;

pub use payload::{CommentAction, PayloadError, PullAction, Wake, parse};
pub use secret::{WebhookSecretError, check_webhook_secret};
pub use signature::{SignatureError, verify};
