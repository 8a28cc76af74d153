//! How is a volume created, replaced and deleted? Docker changes nothing on an existing one, and its data goes with it.

use core_model::plan::Action;
use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;

use super::body;
use super::task::Task;
use crate::observe::own_name;
use crate::spec::{self, StorageSpec};
use crate::types::Storage;
use crate::writer::ContainerRef;
use crate::{labels, seen};

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    match task.step().action {
        Action::Create => create(task).await,
        Action::Replace => replace(task).await,
        Action::Delete => delete(task).await,
        // Notes alone changed: Docker is not told.
        Action::Update | Action::Restart | Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}

async fn create(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.reader.volume(task.name()).await? else { return make(task).await };
    task.check_marked(&format!("a volume `{}`", task.name()), Some(&found.labels))?;
    if task.is_settled(Storage.facts(), &seen::volume::read(&found)) {
        return Ok(());
    }
    Err(task.conflict("it exists already, made with other values; plan again"))
}

async fn replace(task: &Task<'_>) -> Result<(), EngineError> {
    if let Some(found) = task.reader.volume(task.name()).await?
        && task.is_made_by_this_step(Some(&found.labels))
        && task.is_settled(Storage.facts(), &seen::volume::read(&found))
    {
        return Ok(());
    }
    if let Some(old) = task.reader.volume(task.former_name()).await? {
        task.check_ours(&format!("a volume `{}`", task.former_name()), Some(&old.labels))?;
        remove_users(task, task.former_name()).await?;
        task.calls.discard_volume(task.former_name()).await?;
    }
    make(task).await
}

async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.reader.volume(task.name()).await? else { return Ok(()) };
    task.check_ours(&format!("a volume `{}`", task.name()), Some(&found.labels))?;
    let users = users(task, task.name()).await?;
    if users.is_empty() {
        return task.calls.discard_volume(task.name()).await;
    }
    Err(task.conflict(format!("these containers use it: {}", names(&users))))
}

/// Docker gives back an old volume of that name as if it were new, so what is there afterwards is looked at.
async fn make(task: &Task<'_>) -> Result<(), EngineError> {
    let spec: StorageSpec = spec::of(task.order)?;
    let labels = labels::for_new(spec.labels.clone(), &task.order.marker, task.step());
    task.calls.make_volume(task.name(), body::volume(&spec, task.name(), labels)).await?;
    let made = task.reader.volume(task.name()).await?;
    if made.is_some_and(|made| task.is_made_by_this_step(Some(&made.labels))) {
        return Ok(());
    }
    Err(task.conflict("somebody else made a volume of that name at the same time"))
}

struct User {
    container: ContainerRef,
    is_ours: bool,
}

/// The containers that use a volume, the stopped ones too.
async fn users(task: &Task<'_>, volume: &str) -> Result<Vec<User>, EngineError> {
    let listed = task.reader.containers_with_volume(volume).await?;
    let user = |summary: &bollard::models::ContainerSummary| User {
        container: ContainerRef { id: summary.id.clone().unwrap_or_default(), name: own_name(summary).unwrap_or_default().to_owned() },
        is_ours: task.is_of_our_environment(summary.labels.as_ref()),
    };
    Ok(listed.iter().map(user).collect())
}

fn names<'a>(users: impl IntoIterator<Item = &'a User>) -> String {
    let names: Vec<String> = users.into_iter().map(|user| format!("`{}`", user.container.name)).collect();
    names.join(", ")
}

/// A volume in use cannot be removed. Our containers that use it go first: the plan replaces them, and their own steps make
/// them anew. Others are not touched, and nothing is done.
async fn remove_users(task: &Task<'_>, volume: &str) -> Result<(), EngineError> {
    let users = users(task, volume).await?;
    let foreign: Vec<&User> = users.iter().filter(|user| !user.is_ours).collect();
    if !foreign.is_empty() {
        return Err(task.conflict(format!("containers that are not ours use it: {}; remove them first", names(foreign))));
    }
    for user in &users {
        task.calls.stop(&user.container).await?;
        task.calls.discard_container(&user.container).await?;
    }
    Ok(())
}
