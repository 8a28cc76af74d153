//! How is a network created, replaced and deleted? Docker changes nothing on an existing one.

use bollard::models::Network as Listed;
use core_model::plan::Action;
use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;

use super::body;
use super::links::container_ref;
use super::successor::labels_of;
use super::task::Task;
use crate::spec::{self, NetworkSpec};
use crate::types::Network;
use crate::writer::{ContainerRef, NetworkRef};
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
    let Some(found) = find(task, task.name()).await? else { return make(task).await };
    task.check_marked(&format!("a network `{}`", task.name()), found.labels.as_ref())?;
    if task.is_settled(Network.facts(), &seen::network::read(&found)) {
        return Ok(());
    }
    Err(task.conflict("it exists already, made with other values; plan again"))
}

async fn replace(task: &Task<'_>) -> Result<(), EngineError> {
    let found = find(task, task.name()).await?;
    if let Some(found) = &found
        && task.is_made_by_this_step(found.labels.as_ref())
        && task.is_settled(Network.facts(), &seen::network::read(found))
    {
        return Ok(());
    }
    let old = if task.former_name() == task.name() { found } else { find(task, task.former_name()).await? };
    if let Some(old) = old {
        task.check_ours(&format!("a network `{}`", task.former_name()), old.labels.as_ref())?;
        let old = NetworkRef { id: old.id.unwrap_or_default(), name: task.former_name().to_owned() };
        disconnect_ours(task, &old).await?;
        task.calls.discard_network(&old).await?;
    }
    make(task).await
}

async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = find(task, task.name()).await? else { return Ok(()) };
    task.check_ours(&format!("a network `{}`", task.name()), found.labels.as_ref())?;
    let network = NetworkRef { id: found.id.unwrap_or_default(), name: task.name().to_owned() };
    let attached = attached(task, &network).await?;
    if attached.is_empty() {
        return task.calls.discard_network(&network).await;
    }
    Err(task.conflict(format!("these containers are in it: {}", names(&attached))))
}

/// Engines before API 1.44 let a second network take the same name, so it is looked at before and after.
async fn make(task: &Task<'_>) -> Result<(), EngineError> {
    let spec: NetworkSpec = spec::of(task.order)?;
    let labels = labels::for_new(spec.labels.clone(), &task.order.marker, task.step());
    let made = task.calls.make_network(body::network(&spec, task.name(), labels)).await?;
    let twins = task.reader.networks().await?.into_iter().filter(|network| network.name.as_deref() == Some(task.name())).count();
    if twins <= 1 {
        return Ok(());
    }
    task.calls.discard_network(&made).await?;
    Err(task.conflict("somebody else made a network of that name at the same time"))
}

/// The network of that name: ours, if more than one has it.
async fn find(task: &Task<'_>, name: &str) -> Result<Option<Listed>, EngineError> {
    let mut named: Vec<Listed> = task.reader.networks().await?.into_iter().filter(|network| network.name.as_deref() == Some(name)).collect();
    named.sort_by_key(|network| !task.is_marked_as_this(network.labels.as_ref()));
    Ok(named.into_iter().next())
}

struct Attached {
    container: ContainerRef,
    is_ours: bool,
}

async fn attached(task: &Task<'_>, network: &NetworkRef) -> Result<Vec<Attached>, EngineError> {
    let Some(read) = task.reader.network(&network.id).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for id in read.containers.unwrap_or_default().into_keys() {
        if let Some(container) = task.reader.container(&id).await? {
            let is_ours = task.is_of_our_environment(labels_of(&container));
            found.push(Attached { container: container_ref(&container), is_ours });
        }
    }
    found.sort_by(|left, right| left.container.name.cmp(&right.container.name));
    Ok(found)
}

fn names<'a>(attached: impl IntoIterator<Item = &'a Attached>) -> String {
    let names: Vec<String> = attached.into_iter().map(|attached| format!("`{}`", attached.container.name)).collect();
    names.join(", ")
}

/// A network with containers in it cannot be removed. Ours are taken out, and their own steps put them back; others are not
/// touched, and nothing is done.
async fn disconnect_ours(task: &Task<'_>, network: &NetworkRef) -> Result<(), EngineError> {
    let attached = attached(task, network).await?;
    let foreign: Vec<&Attached> = attached.iter().filter(|attached| !attached.is_ours).collect();
    if !foreign.is_empty() {
        return Err(task.conflict(format!("containers that are not ours are in it: {}; disconnect them first", names(foreign))));
    }
    for attached in &attached {
        task.calls.disconnect(&attached.container, network, &network.id).await?;
    }
    Ok(())
}
