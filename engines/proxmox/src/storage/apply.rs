//! How is a definition made, changed and taken out? Fresh reads first, and then the least that is missing.

use std::collections::BTreeSet;

use core_model::plan::Action;
use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, flatten};
use engine_api::{EngineError, ErrorKind};

use super::form::{self, Edits};
use super::keep::{self, Loss};
use super::types::Storage;
use crate::apply::Task;
use crate::config::Config;
use crate::reader::Definition;
use crate::usage;

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    match task.step().action {
        Action::Create => create(task).await,
        Action::Update | Action::Restart | Action::Replace => change(task).await,
        Action::Delete => delete(task).await,
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}

fn wanted(task: &Task<'_>) -> Flat {
    flatten(Storage.facts(), &task.order.desired)
}

/// What is there already and is what is wanted, is our own from an attempt whose reply was lost: when the plan was made there
/// was nothing.
async fn create(task: &Task<'_>) -> Result<(), EngineError> {
    let wanted = wanted(task);
    let Some(found) = task.reader.definition(task.name()).await? else { return make(task, &wanted).await };
    let told: BTreeSet<String> = wanted.keys().filter(|path| !form::is_silent(path)).cloned().collect();
    if form::edits(&found.config, &wanted, &told).is_empty() {
        return Ok(());
    }
    Err(task.conflict("there is another storage of this name; adopt it with `lifecycle: {adopt: true}`, or choose another `specs.name`"))
}

async fn make(task: &Task<'_>, wanted: &Flat) -> Result<(), EngineError> {
    let all = form::edits(&Config::default(), wanted, &wanted.keys().cloned().collect());
    task.calls.define_storage(task.name(), all.set).await
}

async fn change(task: &Task<'_>) -> Result<(), EngineError> {
    let wanted = wanted(task);
    let touched: BTreeSet<String> = task.step().changes.iter().map(|change| change.path.clone()).collect();
    let Some(found) = task.reader.definition(task.name()).await? else {
        // Taken out by an earlier attempt, which did not come to put it back.
        if task.step().changes.iter().any(|change| super::types::kinds::is_place(&change.path)) {
            return make(task, &wanted).await;
        }
        return Err(task.error(ErrorKind::NotFound, "there is no such storage"));
    };
    let edits = form::edits(&found.config, &wanted, &touched);
    if edits.is_empty() {
        return Ok(());
    }
    if !edits.is_place {
        return task.calls.configure_storage(task.name(), edits.set, &edits.delete, found.config.digest.as_deref()).await;
    }
    refuse_if_used(task, &found).await?;
    let all = form::edits(&Config::default(), &wanted, &wanted.keys().cloned().collect());
    refuse_if_lost(task, keep::key(&found.name, &found.config))?;
    let keeps_its_kind = all.set.get("type").map(String::as_str) == found.config.get("type");
    refuse_if_lost(task, keep::secret(&found.name, &found.config, |secret| !keeps_its_kind || all.set.contains_key(secret)))?;
    let pools = task.reader.pools_with(task.name()).await?;
    let options = form::anew(&found.config, &edits, &all);
    let moved = match task.calls.forget_storage(task.name()).await {
        Ok(()) => task.calls.define_storage(task.name(), options).await,
        lost => lost,
    };
    let defined = match moved {
        Ok(()) => Ok(()),
        Err(error) => Err(back(task, &found, &all, error).await),
    };
    let joined = rejoin(task, &pools).await;
    match (defined, joined) {
        (Err(error), Err(second)) => Err(task.error(error.kind, format!("{}; {}", error.message, second.message))),
        (defined, joined) => defined.and(joined),
    }
}

/// Defines the storage again where it was, and says what came of it.
async fn back(task: &Task<'_>, found: &Definition, all: &Edits, error: EngineError) -> EngineError {
    let former = form::as_it_was(&found.config, all);
    let by_hand = form::command(&found.name, &former);
    let told = match task.reader.definition(&found.name).await {
        // It was not taken out; or it is there anew, and the reply was lost.
        Ok(Some(_)) => return error,
        Ok(None) => match task.calls.define_storage(&found.name, former).await {
            Ok(()) => "its old definition was put back".to_owned(),
            Err(second) => format!("its old definition could not be put back ({second}), so that there is none now; put it back with `{by_hand}`"),
        },
        Err(second) => format!("whether it is defined now could not be read ({second}); if it is not, put it back with `{by_hand}`"),
    };
    task.error(error.kind, format!("{error}; {told}"))
}

/// Proxmox took it out of its pools together with its definition.
async fn rejoin(task: &Task<'_>, pools: &[String]) -> Result<(), EngineError> {
    let storage = BTreeSet::from([task.name().to_owned()]);
    let still = if pools.is_empty() { Vec::new() } else { task.reader.pools_with(task.name()).await? };
    for pool in pools.iter().filter(|pool| !still.contains(pool)) {
        if let Err(error) = task.calls.fill_pool(pool, &storage, false).await {
            let why = format!("it was taken out of the pools {} with its old definition, and is not in all of them again: {error}", pools.join(", "));
            return Err(task.error(error.kind, why));
        }
    }
    Ok(())
}

async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.reader.definition(task.name()).await? else { return Ok(()) };
    refuse_if_used(task, &found).await?;
    refuse_if_lost(task, keep::key(&found.name, &found.config))?;
    task.calls.forget_storage(task.name()).await
}

fn refuse_if_lost(task: &Task<'_>, loss: Option<Loss>) -> Result<(), EngineError> {
    loss.map_or(Ok(()), |Loss { detail, hint }| Err(task.refused(format!("{detail}; {hint}"))))
}

/// Proxmox takes a definition out whoever uses it; machines on it do not start again then.
async fn refuse_if_used(task: &Task<'_>, found: &Definition) -> Result<(), EngineError> {
    if let Some(why) = usage::unseen(&task.reader.permissions().await?) {
        return Err(task.error(ErrorKind::Unauthorised, format!("nobody can tell whether it is in use: {why}")));
    }
    let guests = task.reader.guests().await?;
    let uses = usage::of(task.reader, &guests, |volume| usage::is_on(volume, &found.name)).await?;
    if uses.is_empty() {
        return Ok(());
    }
    Err(task.conflict(format!("it is in use: {}; move these elsewhere first", usage::told(&uses))))
}
