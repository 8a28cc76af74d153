//! How is one step on a pool carried out? Made, brought to its values, or emptied of what we put there and removed.

use std::collections::BTreeSet;

use core_model::plan::Action;
use engine_api::fields::flatten;
use engine_api::{EngineError, ErrorKind};
use serde_json::{Map, Value};

use super::TYPE;
use super::types::Pool as PoolType;
use crate::apply::Task;
use crate::comment::{self, Mark};
use crate::reader::Pool;
use core_model::resource_type::ResourceType as _;

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    match task.step().action {
        Action::Create => create(task).await,
        Action::Update | Action::Restart => update(task).await,
        Action::Delete => delete(task).await,
        // Another name is another pool, so that nothing of a pool is ever replaced.
        Action::Replace => Err(task.refused(format!("a {TYPE} is never made anew; this is a bug in the daemon"))),
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}

async fn create(task: &Task<'_>) -> Result<(), EngineError> {
    let mark = Mark::new(task.marker(), task.step());
    let pool = match task.reader.pool(task.name()).await? {
        Some(pool) => {
            let found = comment::mark(pool.comment.as_deref(), &pool.name);
            if found.as_ref().map(|mark| &mark.marker) != Some(task.marker()) {
                return Err(not_ours(task, found.as_ref()));
            }
            pool
        }
        None => {
            let comment = comment::comment(notes(task), Some(&mark));
            task.calls.make_pool(task.name(), &comment).await?;
            Pool { name: task.name().to_owned(), comment: Some(comment), ..Pool::default() }
        }
    };
    describe(task, &pool, notes(task)).await?;
    fill(task, &pool, &storages(&task.order.desired)).await
}

async fn update(task: &Task<'_>) -> Result<(), EngineError> {
    let pool = task.reader.pool(task.name()).await?;
    let pool = pool.ok_or_else(|| task.error(ErrorKind::NotFound, "it is gone; plan again"))?;
    check_ours(task, &pool)?;
    let touches = |path: &str| task.step().changes.iter().any(|change| change.path == path);
    if touches("metadata.notes") {
        describe(task, &pool, notes(task)).await?;
    }
    if touches("specs.storages") {
        fill(task, &pool, &storages(&task.order.desired)).await?;
    }
    Ok(())
}

/// Proxmox deletes empty pools only. We take out what we put in; whatever else is there is somebody's will.
async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(pool) = task.reader.pool(task.name()).await? else { return Ok(()) };
    check_ours(task, &pool)?;
    let ours = task.order.applied.as_ref().map(|applied| storages(&applied.values)).unwrap_or_default();
    let below = task.reader.pools().await?.into_iter().filter(|other| is_below(&other.name, &pool.name));
    let mut left: Vec<String> = pool.guests.iter().map(|(vmid, name)| format!("the guest `{name}` ({vmid})")).collect();
    left.extend(pool.storages.difference(&ours).map(|storage| format!("the storage `{storage}`")));
    left.extend(below.map(|other| format!("the pool `{}`", other.name)));
    if !left.is_empty() {
        return Err(task.conflict(format!("it still holds {}; take that out first", left.join(", "))));
    }
    fill(task, &pool, &BTreeSet::new()).await?;
    task.calls.discard_pool(&pool.name).await
}

/// `a/b` is below `a`.
pub(super) fn is_below(name: &str, parent: &str) -> bool {
    name.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// The notes as they are wanted, and our mark as it is.
async fn describe(task: &Task<'_>, pool: &Pool, notes: Option<&str>) -> Result<(), EngineError> {
    let mark = comment::mark(pool.comment.as_deref(), &pool.name);
    if comment::notes(pool.comment.as_deref()).as_deref() == notes {
        return Ok(());
    }
    task.calls.describe_pool(&pool.name, &comment::comment(notes, mark.as_ref())).await
}

/// Puts in what is missing and takes out what is too much.
async fn fill(task: &Task<'_>, pool: &Pool, wanted: &BTreeSet<String>) -> Result<(), EngineError> {
    for (storages, is_removal) in [(wanted - &pool.storages, false), (&pool.storages - wanted, true)] {
        if !storages.is_empty() {
            task.calls.fill_pool(&pool.name, &storages, is_removal).await?;
        }
    }
    Ok(())
}

fn notes<'t>(task: &'t Task<'_>) -> Option<&'t str> {
    task.order.desired.get("metadata").and_then(|metadata| metadata.get("notes")).and_then(Value::as_str)
}

fn storages(values: &Map<String, Value>) -> BTreeSet<String> {
    let flat = flatten(PoolType.facts(), values);
    let items = flat.get("specs.storages").and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn check_ours(task: &Task<'_>, pool: &Pool) -> Result<(), EngineError> {
    let mark = comment::mark(pool.comment.as_deref(), &pool.name);
    if task.is_ours(mark.as_ref().map(|mark| &mark.marker)) { Ok(()) } else { Err(not_ours(task, mark.as_ref())) }
}

fn not_ours(task: &Task<'_>, mark: Option<&Mark>) -> EngineError {
    let whose = match mark {
        Some(mark) => format!("marked as `{}`", mark.marker),
        None => "not ours; adopt it with `lifecycle: {adopt: true}`, or choose another `specs.name`".to_owned(),
    };
    task.conflict(format!("a pool `{}` exists and is {whose}", task.name()))
}
