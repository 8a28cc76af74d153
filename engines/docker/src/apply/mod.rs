//! How is one step carried out? What a step needs is put together here; each type has its own module.
//!
//! A step may be carried out again after a crash or a lost reply. Every action therefore begins with fresh reads, knows its
//! own earlier work by the labels it left, and does only what is missing.

mod body;
mod container;
mod in_place;
mod links;
mod network;
mod successor;
mod task;
mod volume;

use engine_api::{EngineError, Scrubber};

pub(crate) use task::Task;

/// Carries out the step of a task. No secret of the order is in the error.
pub(crate) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    let result = dispatch(task).await;
    result.map_err(|error| Scrubber::of(task.order).error(error))
}

async fn dispatch(task: &Task<'_>) -> Result<(), EngineError> {
    if !task.order.step.action.mutates() {
        return Ok(());
    }
    task.check_owner()?;
    task.check_names()?;
    match task.order.step.type_name.as_str() {
        "compute" => container::apply(task).await,
        "network" => network::apply(task).await,
        "storage" => volume::apply(task).await,
        other => Err(task.refused(format!("the type `{other}` is not known to this engine"))),
    }
}
