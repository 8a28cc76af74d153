//! How is a cluster changed? Every mutating call, announced to the gate first.

mod call;
mod calls;
pub(crate) mod firewall;
mod guest;
mod network;
pub(crate) mod operation;
mod pool;
mod stored;

pub(crate) use call::Writer;
pub(crate) use calls::Calls;
pub(crate) use guest::Copy;
pub(crate) use stored::Download;
