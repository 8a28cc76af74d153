//! How is an engine changed? The raw calls, which demand a permit, and the one way to them through the gate.

mod calls;
mod client;

pub(crate) use calls::{Calls, ContainerRef, NetworkRef};
pub(crate) use client::Writer;
