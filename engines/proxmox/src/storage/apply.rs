//! How is a definition made, changed and taken out? Fresh reads first, and then the least that is missing.

use std::collections::BTreeSet;

use core_model::plan::Action;
use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, flatten};
use engine_api::{EngineError, ErrorKind};

use super::form;
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
    let options = form::anew(&found.config, &edits, &all);
    task.calls.forget_storage(task.name()).await?;
    task.calls.define_storage(task.name(), options).await
}

async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.reader.definition(task.name()).await? else { return Ok(()) };
    refuse_if_used(task, &found).await?;
    task.calls.forget_storage(task.name()).await
}

/// Proxmox takes a definition out whoever uses it; machines on it do not start again then.
async fn refuse_if_used(task: &Task<'_>, found: &Definition) -> Result<(), EngineError> {
    let guests = task.reader.guests().await?;
    let uses = usage::of(task.reader, &guests, |volume| usage::is_on(volume, &found.name)).await?;
    if uses.is_empty() {
        return Ok(());
    }
    Err(task.conflict(format!("it is in use: {}; move these elsewhere first", usage::told(&uses))))
}
