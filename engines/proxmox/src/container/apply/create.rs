//! How is a container made? From a template, whole in one call; and made anew in place of an old one.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use crate::apply::Task;
use crate::config::Config;
use crate::container::form::{self, Making};
use crate::guest::find::Found;
use crate::guest::place::{NUMBERS_TRIED_MAX, first_with};
use crate::guest::wanted::Wanted;
use crate::guest::{GuestKind, GuestRef, remove, words};
use crate::stamp::Stamp;

pub(super) async fn create(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.find().await? else { return make(task).await };
    if !task.is_stamped_as_this(&found) {
        return Err(task.not_ours(&found));
    }
    if !task.is_made_by_this_step(&found) && !task.is_settled(&found) {
        return Err(task.conflict("it exists already, made with other values; plan again"));
    }
    finish(task, &found).await
}

/// The old container goes first: the new one has its name, its addresses and perhaps its number.
pub(super) async fn replace(task: &Task<'_>) -> Result<(), EngineError> {
    match task.find().await? {
        None => make(task).await,
        Some(found) if task.is_made_by_this_step(&found) => finish(task, &found).await,
        Some(found) => {
            task.check_ours(&found)?;
            remove::remove(task, &found).await?;
            make(task).await
        }
    }
}

async fn make(task: &Task<'_>) -> Result<(), EngineError> {
    let source = task.source()?;
    let node = task.node_for(&source).await?;
    let template = task.template(&node, &source).await?;
    let mut refused = BTreeSet::new();
    for _ in 0..NUMBERS_TRIED_MAX {
        let guests = task.reader.guests().await?;
        if let Some(found) = task.made_before(&guests).await? {
            return finish(task, &found).await;
        }
        let vmid = task.choose_vmid(&guests, &refused)?;
        let Err(error) = build(task, &node, vmid, &template).await else { return finish(task, &task.again(vmid).await?).await };
        if let Some(found) = task.made_instead(error).await? {
            return finish(task, &found).await;
        }
        refused.insert(vmid);
    }
    Err(task.error(ErrorKind::Busy, "others were faster to take each number that was tried"))
}

async fn build(task: &Task<'_>, node: &str, vmid: u32, template: &str) -> Result<(), EngineError> {
    let wanted = Wanted::all(task.order);
    let storage = task.volume_storage(node).await?;
    let making = Making { marker: task.marker(), storage: storage.as_deref(), is_new: true };
    let mut edits = form::edits(&Config::default(), &wanted, &making).map_err(|why| task.refused(why))?;
    words::name_and_mark(task, &wanted, &Stamp::new(task.marker(), vmid, task.step()), &mut edits);
    edits.set("ostemplate", template.to_owned());
    if let Some(password) = wanted.text("specs.user.password") {
        edits.set("password", password.to_owned());
    }
    let keys = wanted.value("specs.user.ssh_keys").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let keys = keys.collect::<Vec<_>>().join("\n");
    if !keys.is_empty() {
        edits.set("ssh-public-keys", keys);
    }
    let mut parameters = edits.parameters();
    parameters.extend(task.declared_pool().map(|pool| ("pool".to_owned(), pool.to_owned())));
    let container = GuestRef { kind: GuestKind::Container, node: node.to_owned(), vmid, name: task.name().to_owned() };
    task.calls.make_guest(&container, parameters).await
}

/// Also after an interruption: what is so already is left alone.
async fn finish(task: &Task<'_>, found: &Found) -> Result<(), EngineError> {
    let wanted = Wanted::all(task.order);
    if wanted.text("specs.power") != Some("off") && !task.reader.is_running(found).await? {
        task.start(&found.place()).await?;
    }
    Ok(())
}

impl Task<'_> {
    /// Where volumes go when nobody says: where disks go, if containers can be there.
    pub(super) async fn volume_storage(&self, node: &str) -> Result<Option<String>, EngineError> {
        let content = GuestKind::Container.content();
        if let Some(usual) = &self.options.disk_storage {
            let storages = self.reader.storages(node).await?;
            if storages.iter().any(|storage| storage.name == *usual && storage.content.contains(content)) {
                return Ok(Some(usual.clone()));
            }
        }
        first_with(self.reader, node, content).await
    }
}
