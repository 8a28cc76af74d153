//! How fast is the Proxmox engine? The engine and the executor on a simulated cluster, over TCP and TLS.
//!
//! The simulator runs on threads of its own in this process. What it costs is measured in the same run: one bulk call, which is the
//! list of all guests, read and understood.

mod ansible;
mod applying;
mod fleet;
mod lab;
mod planning;
mod shortest;

pub(crate) fn report() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        planning::report().await?;
        applying::nothing().await?;
        applying::report().await?;
        ansible::report().await
    })
}
