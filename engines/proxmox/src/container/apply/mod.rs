//! How is one step on a container carried out?

mod change;
mod create;
mod template;

use core_model::plan::Action;
use engine_api::EngineError;

use crate::apply::Task;
use crate::guest::remove;

pub(super) use template::{Place, node_with, place};

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    task.check_name()?;
    match task.step().action {
        Action::Create => create::create(task).await,
        Action::Replace => create::replace(task).await,
        Action::Update | Action::Restart => change::change(task).await,
        Action::Delete => remove::delete(task).await,
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}
