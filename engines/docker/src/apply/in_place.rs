//! How is a container changed while it runs? Its limits, its restart policy and its networks; nothing else can be.

use bollard::models::{ContainerInspectResponse, ContainerUpdateBody};
use core_model::schema::Effect;
use engine_api::EngineError;
use serde_json::Value;

use super::links::container_ref;
use super::successor::labels_of;
use super::task::Task;
use super::{body, container};
use crate::seen::Seen;
use crate::spec::{self, ComputeSpec};

pub(super) async fn update(task: &Task<'_>) -> Result<(), EngineError> {
    let found = existing(task).await?;
    change(task, &found).await
}

/// Networks come back first, so that the container starts into them.
pub(super) async fn restart(task: &Task<'_>) -> Result<(), EngineError> {
    let found = existing(task).await?;
    change(task, &found).await?;
    task.calls.restart(&container_ref(&found)).await
}

async fn existing(task: &Task<'_>) -> Result<ContainerInspectResponse, EngineError> {
    let found = task.reader.container(task.name()).await?;
    let found = found.ok_or_else(|| task.missing(format!("there is no container `{}`", task.name())))?;
    task.check_ours(&format!("a container `{}`", task.name()), labels_of(&found))?;
    if task.step().changes.iter().any(|change| change.effect == Effect::Replace) {
        return Err(task.refused("a field that needs a new container cannot be changed in place; this is a bug in the daemon"));
    }
    Ok(found)
}

async fn change(task: &Task<'_>, found: &ContainerInspectResponse) -> Result<(), EngineError> {
    let seen = container::see(task, found).await?;
    let body = limits(task, &seen);
    if body != ContainerUpdateBody::default() {
        task.calls.update(&container_ref(found), body).await?;
    }
    let changes = &task.step().changes;
    let touches_networks = changes.iter().any(|change| change.path == "specs.networks");
    // A step without changes, or a restart, is there because a network was made anew.
    if touches_networks || changes.is_empty() || task.step().action == core_model::plan::Action::Restart {
        let spec: ComputeSpec = spec::of(task.order)?;
        task.connect_missing(found, &spec).await?;
        if touches_networks {
            task.disconnect_extra(found, &spec).await?;
        }
    }
    Ok(())
}

/// The limits and the policy that the step changes and that are not so yet.
///
/// Docker cannot take a limit away from a container (it takes 0 for "unchanged" and refuses -1), so an unset limit becomes all
/// that the host has, which limits nothing.
fn limits(task: &Task<'_>, seen: &Seen) -> ContainerUpdateBody {
    let spec_of = |values: &serde_json::Map<String, Value>, name: &str| values.get("specs").and_then(|specs| specs.get(name)).cloned();
    let target = |name: &str| -> Option<Value> {
        let path = format!("specs.{name}");
        task.step().changes.iter().find(|change| change.path == path)?;
        let value = spec_of(&task.order.desired, name).or_else(|| spec_of(&seen.defaults, name))?;
        (spec_of(&seen.values, name).as_ref() != Some(&value)).then_some(value)
    };
    let mut body = ContainerUpdateBody::default();
    if let Some(thousandths) = target("cpu").as_ref().and_then(Value::as_i64) {
        body.nano_cpus = Some(body::nano_cpus(thousandths));
    }
    if let Some(bytes) = target("memory").as_ref().and_then(Value::as_i64) {
        body.memory = Some(bytes);
        // As much swap as memory, which is what Docker gives a new container. It must not be less than the new limit.
        body.memory_swap = Some(bytes.saturating_mul(2));
    }
    if let Some(word) = target("restart").as_ref().and_then(Value::as_str) {
        body.restart_policy = Some(body::restart_policy(word));
    }
    body
}
