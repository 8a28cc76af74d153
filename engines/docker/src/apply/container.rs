//! How is a container created, replaced and deleted?

use bollard::models::ContainerInspectResponse;
use core_model::plan::Action;
use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;

use super::in_place;
use super::links::container_ref;
use super::successor::{is_running, labels_of};
use super::task::Task;
use crate::seen::Seen;
use crate::spec::{self, ComputeSpec};
use crate::types::Compute;
use crate::{observe, seen};

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    match task.step().action {
        Action::Create => create(task).await,
        Action::Replace => replace(task).await,
        Action::Update => in_place::update(task).await,
        Action::Restart => in_place::restart(task).await,
        Action::Delete => delete(task).await,
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}

async fn create(task: &Task<'_>) -> Result<(), EngineError> {
    let spec: ComputeSpec = spec::of(task.order)?;
    let aside = task.set_aside_earlier().await?;
    let Some(found) = task.reader.container(task.name()).await? else {
        let image = task.prepare(&spec).await?;
        return task.bring_up(&spec, &image, &aside).await;
    };
    task.check_marked(&format!("a container `{}`", task.name()), labels_of(&found))?;
    if !task.is_made_by_this_step(labels_of(&found)) && !is_settled(task, &found).await? {
        return Err(task.conflict("it exists already, made with other values; plan again"));
    }
    finish(task, &found, &spec).await?;
    task.remove_set_aside(&aside).await
}

async fn replace(task: &Task<'_>) -> Result<(), EngineError> {
    let spec: ComputeSpec = spec::of(task.order)?;
    let mut aside = task.set_aside_earlier().await?;
    if let Some(found) = task.reader.container(task.name()).await?
        && task.is_made_by_this_step(labels_of(&found))
    {
        finish(task, &found, &spec).await?;
        let finished = task.reader.container(task.name()).await?;
        if let Some(finished) = &finished
            && is_settled(task, finished).await?
        {
            return task.remove_set_aside(&aside).await;
        }
        // Ours, but somebody changed it since. What waits aside is older and goes; this one takes its place.
        task.remove_set_aside(&aside).await?;
        aside.clear();
    }
    let image = task.prepare(&spec).await?;
    if let Some(old) = task.reader.container(task.former_name()).await? {
        task.check_ours(&format!("a container `{}`", task.former_name()), labels_of(&old))?;
        aside.insert(0, task.set_aside(&old).await?);
    }
    task.bring_up(&spec, &image, &aside).await
}

/// What an interrupted attempt may have left undone on a container that it made.
async fn finish(task: &Task<'_>, container: &ContainerInspectResponse, spec: &ComputeSpec) -> Result<(), EngineError> {
    task.connect_missing(container, spec).await?;
    if !is_running(container) {
        task.calls.start(&container_ref(container)).await?;
    }
    Ok(())
}

async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let aside = task.set_aside_earlier().await?;
    if let Some(found) = task.reader.container(task.name()).await? {
        task.check_ours(&format!("a container `{}`", task.name()), labels_of(&found))?;
        let container = container_ref(&found);
        if is_running(&found) {
            task.calls.stop(&container).await?;
        }
        task.calls.discard_container(&container).await?;
    }
    task.remove_set_aside(&aside).await
}

async fn is_settled(task: &Task<'_>, container: &ContainerInspectResponse) -> Result<bool, EngineError> {
    Ok(task.is_settled(Compute.facts(), &see(task, container).await?))
}

/// The container in the form of its table.
pub(super) async fn see(task: &Task<'_>, container: &ContainerInspectResponse) -> Result<Seen, EngineError> {
    let image = match &container.image {
        Some(id) => task.reader.image(id).await?,
        None => None,
    };
    let host = observe::capacity(&task.reader.info().await?);
    Ok(seen::container::read(container, image.as_ref(), host))
}
