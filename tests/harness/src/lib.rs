//! How does a test tell the story of a pull request in under ten lines?
//!
//! A [`World`] is a simulated GitHub with a repository and people, targets, and the built binary `ipr serve` beside them as
//! a process of its own. Verbs on it are what people do; what they see is read from GitHub, git and the target, never from
//! inside the daemon. People wait until the daemon is done and read for two minutes before they act, unless the verb says
//! that they do it at once.
//!
//! Deliberately absent: types of the crates under test. A story judges bytes, so that a mistake in a type cannot excuse
//! itself.

mod bare;
mod beside;
mod binary;
mod clone;
mod command;
mod configuration;
mod daemon;
mod desk;
mod docker;
mod edge;
mod lab;
mod log;
mod metal;
mod metrics;
mod model;
mod normalise;
mod pull;
mod pve;
mod record;
mod target;
mod world;

pub use bare::{BareMachine, Protocol};
pub use command::{Ended, Running};
pub use configuration::{CANARY, Provider, WEBHOOK_SECRET, Webhooks, Wish};
pub use daemon::{Daemon, Refusal};
pub use desk::Desk;
pub use docker::Docker;
pub use edge::{Edge, Shape};
pub use lab::Lab;
pub use metal::Metal;
pub use model::{Line, Model, Script};
pub use pull::{NewPullRequest, Pull, Said};
pub use pve::{Machine, Pve};
pub use record::{Outcome, Parked, Record, Run};
pub use target::{FakeTarget, Misbehaviour, Object};
pub use test_guest::Start;
pub use test_sim::github::{DeliveryFault, Fault, FaultMatch, MergeMethod, Permission, ReviewState};
pub use test_sim_proxmox::Fault as PveFault;
pub use test_sim_routeros::Fault as EdgeFault;
pub use world::{REPOSITORY, World};
