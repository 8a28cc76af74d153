//! What does the daemon do when something happens? Jobs and flows: plan a pull request, deal with merges, carry decisions out,
//! sweep for what no webhook told, and say it all on GitHub.
//!
//! Deliberately absent: HTTP servers, terminals, and the name of any concrete engine.

mod acceptance;
mod agreement;
mod artefacts;
mod assistant;
mod authorise;
pub mod commands;
pub mod comment;
mod commits;
mod daemon;
mod decisions;
mod deliver;
mod drift;
mod error;
mod fork;
mod identities;
mod inbox;
mod jobs;
mod judge;
mod lanes;
mod line;
mod living;
mod local;
mod looked;
mod measurements;
mod merges;
mod parked;
mod planning;
mod preview;
mod project;
mod pull;
mod records;
mod rehearsal;
mod restore;
mod resume;
mod review;
mod rules;
mod run;
mod sweep;
mod tell;
mod untold;
mod waiting;
mod watching;
mod windows;

pub use acceptance::{Acceptance, TrialTrouble};
pub use assistant::{AssistantSettings, changed_environments, explained};
pub use authorise::{Asked, Condition, Operation, all_met, authorise};
pub use daemon::Daemon;
pub use error::FlowError;
pub use jobs::JobKind;
pub use local::Local;
pub use measurements::{Measured, Measurements};
pub use planning::{Blocked, Commits, EnvironmentSecrets, KnownPins, Planned, Planning, Reaching, pins_of, retired};
pub use preview::{Preview, PreviewOutcome, Previewed};
pub use project::{Clock, Declared, Project, SecretStore, SystemClock, Targets};
pub use records::{Records, Tip};
pub use rehearsal::Rehearsal;
pub use rules::{Judges, TeamApproval, mistakes};
pub use watching::Watching;
pub use windows::why_held;
