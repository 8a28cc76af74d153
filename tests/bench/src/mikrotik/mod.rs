//! How fast is the MikroTik engine? A plan on a simulated router with long lists, over TCP.
//!
//! The simulator runs on a thread of its own in this process. What it costs is measured in the same run: one bulk read, which is both
//! lists, asked for at once on an open connection and taken apart into words.

mod bulk;
mod lab;
mod lists;
mod planning;

pub(crate) fn report() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(planning::report())
}
