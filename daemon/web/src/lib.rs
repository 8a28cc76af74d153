//! What does the daemon answer over HTTP? Webhooks, health, metrics and one page.
//!
//! A webhook is checked, stored and acknowledged; nothing is decided here. Deliberately absent: TLS, which is a reverse
//! proxy's work, and any route that changes a target or reads a secret.

mod body;
mod health;
mod metrics;
mod page;
mod router;
mod serve;
mod state;
mod webhook;

pub use metrics::Sample;
pub use page::EnvironmentState;
pub use router::router;
pub use serve::serve;
pub use state::{EnvironmentQuestion, GaugeQuestion, WebOptions, WebState};
