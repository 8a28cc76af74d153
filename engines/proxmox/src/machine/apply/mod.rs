//! How is one step on a machine carried out?

mod change;
mod create;
mod delete;
mod finish;
mod place;
mod seed;

pub(super) use place::node_with;

use core_model::plan::Action;
use engine_api::EngineError;

use crate::apply::Task;

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    task.check_name()?;
    match task.step().action {
        Action::Create => create::create(task).await,
        Action::Replace => create::replace(task).await,
        Action::Update | Action::Restart => change::change(task).await,
        Action::Delete => delete::delete(task).await,
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}
