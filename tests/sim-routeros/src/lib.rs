//! A MikroTik router for tests: RouterOS 7 as its API, its REST, its SSH and its data path show it.
//!
//! It speaks the wire protocols of the real thing on 127.0.0.1, keeps state, and takes faults as method calls. It shares no
//! types with the crates that it tests, so that a misunderstanding cannot sit on both sides. What exists in a release is held
//! to public command trees; see `tree`. How menus behave beyond their names is our own knowledge; see `tables`. Three clients
//! that others wrote run against it; see `tests/clients`.
//!
//! ```no_run
//! # async fn story() -> Result<(), test_sim_routeros::RouterError> {
//! use test_sim_routeros::{ClientPath, Router, RouterOptions};
//!
//! let router = Router::start(RouterOptions::default()).await?;
//! router.run("/ip firewall filter add chain=input action=drop")?;
//! assert!(router.obstacle(&ClientPath::default(), 8728).is_some());
//! router.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Deliberately absent: a terminal over SSH (one command a channel is all), RSA host keys, Winbox and FTP; packages; IPv6, VRFs, routing rules and marks in the data path; protocols that run
//! (DHCP, BGP, OSPF, STP), so that nothing is ever learned from a neighbour; `/undo`; `/system/reset-configuration`. A command
//! that exists and is not simulated is refused in words that say so. Where nobody knows for sure how a device behaves,
//! [`Behaviour`] has the choice.

mod api;
mod behaviour;
mod calls;
mod clock;
mod commands;
mod door;
mod error;
mod export;
mod fault;
mod judge;
mod network;
mod replay;
mod rest;
mod router;
mod script;
mod shared;
mod ssh;
mod tables;
mod trap;
mod tree;
mod values;
mod version;
mod view;
mod world;

pub use behaviour::{Behaviour, BgpTable, Cut, DataPath, SafeModeReboot};
pub use calls::{Call, Via};
pub use clock::ClockSource;
pub use door::Doors;
pub use error::RouterError;
pub use fault::{Fault, FaultMatch};
pub use network::ClientPath;
pub use replay::{Difference, Extent, Replay, Subject, Way, replay};
pub use router::{Router, RouterOptions};
pub use version::Version;
pub use view::Entry;
