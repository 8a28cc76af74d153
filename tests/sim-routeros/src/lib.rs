//! A MikroTik router for tests: RouterOS 7 as its API, its REST and its data path show it.
//!
//! It speaks the wire protocols of the real thing on 127.0.0.1, keeps state, and takes faults as method calls. It shares no
//! types with the crates that it tests, so that a misunderstanding cannot sit on both sides. What exists in a release is held
//! to public command trees; see `tree`. How menus behave beyond their names is our own knowledge; see `tables`.

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
mod rest;
mod router;
mod script;
mod shared;
mod tables;
mod trap;
mod tree;
mod values;
mod version;
mod view;
mod world;

pub use behaviour::{Behaviour, Cut, SafeModeReboot};
pub use calls::{Call, Via};
pub use clock::ClockSource;
pub use door::Doors;
pub use error::RouterError;
pub use fault::{Fault, FaultMatch};
pub use network::ClientPath;
pub use router::{Router, RouterOptions};
pub use version::Version;
pub use view::Entry;
