//! How is one step carried out? What a step needs is put together here; each part of the work has its own module.
//!
//! A step may be carried out again after a crash or a lost reply. Every action therefore begins with fresh reads, knows its
//! own earlier work by the stamp it left, and does only what is missing.

mod change;
mod create;
mod delete;
mod finish;
mod place;
mod seed;
mod task;

use core_model::plan::Action;
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
    task.check_name()?;
    if task.order.step.type_name != "compute" {
        return Err(task.refused(format!("the type `{}` is not known to this engine", task.order.step.type_name)));
    }
    match task.order.step.action {
        Action::Create => create::create(task).await,
        Action::Replace => create::replace(task).await,
        Action::Update | Action::Restart => change::change(task).await,
        Action::Delete => delete::delete(task).await,
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}
