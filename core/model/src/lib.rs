//! What the product talks about: addresses, states, changes, plans, records and diagnostics.
//!
//! Pure data and pure functions. No async runtime, network, clock, randomness or GitHub in here.

mod secret;

pub use secret::{FingerprintKey, Secret};
