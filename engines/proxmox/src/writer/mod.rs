//! How is a cluster changed? Every mutating call, announced to the gate first.

mod call;
mod calls;
pub(crate) mod firewall;
mod machine;
mod network;
mod pool;
mod stored;

pub(crate) use call::Writer;
pub(crate) use calls::{Calls, MachineRef, operation};
pub(crate) use machine::Copy;
pub(crate) use stored::Download;
