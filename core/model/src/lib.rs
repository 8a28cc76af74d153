//! What the product talks about: addresses, states, changes, plans, records and diagnostics.
//!
//! Pure data and pure functions. No async runtime, network, clock, randomness or GitHub in here.

pub mod canonical;
pub mod decode;
pub mod diagnostic;
pub mod diff;
pub mod following;
pub mod name;
pub mod plan;
pub mod portable;
pub mod record;
pub mod resource_type;
pub mod schema;
pub mod seal;
mod secret;
pub mod source;
pub mod state;
pub mod tree;
pub mod units;

pub use canonical::Hash;
pub use diagnostic::{Diagnostic, Severity};
pub use name::{Address, EnvironmentId, Marker, Name, NameError, TargetName};
pub use secret::{FingerprintKey, Secret};
pub use source::{Origin, Sources, Span};
