//! What do the rules say about this plan? Rego over the plan becomes a verdict.
//!
//! A rule set is compiled from the texts of `policies/**/*.rego`, and judges documents that [`document`] makes. The same rules and
//! the same document give the same verdict on every machine: rules see no clock, no randomness, no network and no file, and how
//! long one may work is counted in units of work, never in seconds.
//!
//! Never a silent pass: what does not compile, does not end or gives something of another shape is a [`Diagnostic`] that names the
//! rule and its line, and whoever asked must not apply the plan.
//!
//! [`Diagnostic`]: core_model::Diagnostic

mod answer;
mod bounds;
mod calendar;
mod calls;
mod compile;
mod entry;
mod fuel;
mod functions;
mod hearing;
mod input;
mod judge;
mod limits;
mod network;
mod place;
mod places;
mod schema;
mod text;
mod trial;
mod verdict;

pub use compile::{Files, Rules, is_policy, sources};
pub use hearing::{Hearing, Question, Said};
pub use input::{Facts, INPUT_VERSION, PullRequestFacts, document};
pub use places::Places;
pub use schema::{Field, fields, schema};
pub use trial::{Coverage, Trial, Trials};
pub use verdict::{Effect, Finding, Verdict};
