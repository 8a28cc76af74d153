//! A MikroTik router for tests: RouterOS 7 as its API, its REST and its data path show it.
//!
//! It speaks the wire protocols of the real thing on 127.0.0.1, keeps state, and takes faults as method calls. It shares no
//! types with the crates that it tests, so that a misunderstanding cannot sit on both sides. What exists in a release is held
//! to public command trees; see `tree`. How menus behave beyond their names is our own knowledge; see `tables`.

mod api;
mod calls;
mod clock;
mod commands;
mod door;
mod error;
mod fault;
mod router;
mod shared;
mod tables;
mod trap;
mod tree;
mod values;
mod version;
mod view;
mod world;

pub use calls::{Call, Via};
pub use clock::ClockSource;
pub use error::RouterError;
pub use fault::{Fault, FaultMatch};
pub use router::{Router, RouterOptions};
pub use version::Version;
pub use view::Entry;
