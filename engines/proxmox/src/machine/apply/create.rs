//! How is a machine made? Copied from a template, made from an image, or from nothing; and made anew in place of an old one.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};

use crate::apply::Task;
use crate::config::Config;
use crate::guest::find::Found;
use crate::guest::place::NUMBERS_TRIED_MAX;
use crate::guest::wanted::Wanted;
use crate::guest::{GuestKind, GuestRef, words};
use crate::machine::form::{self, Making};
use crate::machine::types::{Source, image_of, split_os};
use crate::reader::Guest;
use crate::stamp::{self, Stamp};
use crate::writer::Copy;

pub(super) async fn create(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.find().await? else { return make(task).await };
    if !task.is_stamped_as_this(&found) {
        return Err(task.not_ours(&found));
    }
    if !task.is_made_by_this_step(&found) && !task.is_settled(&found) {
        return Err(task.conflict("it exists already, made with other values; plan again"));
    }
    super::finish::finish(task, found).await
}

/// The old machine goes first: the new one has its name, its addresses and perhaps its number.
pub(super) async fn replace(task: &Task<'_>) -> Result<(), EngineError> {
    match task.find().await? {
        None => make(task).await,
        Some(found) if task.is_made_by_this_step(&found) => super::finish::finish(task, found).await,
        Some(found) => {
            task.check_ours(&found)?;
            super::delete::remove(task, found).await?;
            make(task).await
        }
    }
}

async fn make(task: &Task<'_>) -> Result<(), EngineError> {
    let source = source(task)?;
    let mut refused = BTreeSet::new();
    for _ in 0..NUMBERS_TRIED_MAX {
        let guests = task.reader.guests().await?;
        if let Some(found) = task.made_before(&guests).await? {
            return super::finish::finish(task, found).await;
        }
        let vmid = task.choose_vmid(&guests, &refused)?;
        let made = match &source {
            Some(Source::Template { vmid: template }) => copy(task, vmid, *template, &guests).await,
            Some(Source::Image { volume }) => build(task, vmid, Some(volume)).await,
            None => build(task, vmid, None).await,
        };
        let Err(error) = made else { return super::finish::finish(task, task.again(vmid).await?).await };
        if let Some(found) = task.made_instead(error).await? {
            return super::finish::finish(task, found).await;
        }
        refused.insert(vmid);
    }
    Err(task.error(ErrorKind::Busy, "others were faster to take each number that was tried"))
}

/// The file of `image`, or what the plan pinned for `os`.
fn source(task: &Task<'_>) -> Result<Option<Source>, EngineError> {
    if let Some(image) = image_of(&task.order.desired) {
        return Ok(Some(Source::Image { volume: image.volume() }));
    }
    let Some(os) = task.order.desired.get("specs").and_then(|specs| specs.get("os")).and_then(serde_json::Value::as_str) else { return Ok(None) };
    let split = split_os(os).map(|(_, source)| source);
    split.map(Some).ok_or_else(|| task.refused(format!("the plan does not say what `{os}` is made from; plan again")))
}

/// Copies a template. The copy carries our stamp from the first moment, and says that its own values are still missing.
async fn copy(task: &Task<'_>, vmid: u32, template: u32, guests: &[Guest]) -> Result<(), EngineError> {
    let missing = || task.error(ErrorKind::NotFound, format!("the template {template} is gone; plan again"));
    let template = guests.iter().find(|guest| guest.vmid == template && guest.may_be_template()).ok_or_else(missing)?;
    let wanted = Wanted::all(task.order);
    let is_full = wanted.text("specs.clone") != Some("linked");
    let config = task.reader.config(template).await?.ok_or_else(missing)?;
    let boot = form::disks::boot_slot(&config);
    let storage = boot.and_then(|slot| wanted.text(&format!("specs.disks.{slot}.storage")).map(str::to_owned)).filter(|_| is_full);
    let target = task.declared_node().filter(|node| *node != template.node);
    let is_shared = match target {
        Some(_) => is_on_shared_storage(task, template, &config, storage.as_deref()).await?,
        None => false,
    };
    let stamp = Stamp { is_unfinished: true, ..Stamp::new(task.marker(), vmid, task.step()) };
    let copy = Copy {
        template: GuestRef { kind: GuestKind::Machine, node: template.node.clone(), vmid: template.vmid, name: template.name.clone() },
        is_full,
        storage: storage.as_deref(),
        // Disks that only the template's node sees are copied there; the finished machine is migrated then.
        target: target.filter(|_| is_shared),
        pool: task.declared_pool(),
        description: stamp::description(wanted.text("metadata.notes"), Some(&stamp)),
    };
    let node = copy.target.unwrap_or(&template.node).to_owned();
    task.calls.copy_template(&GuestRef { kind: GuestKind::Machine, node, vmid, name: task.name().to_owned() }, copy).await
}

/// Whether everything in the drives of the copy can be seen from other nodes: images, the cloud-init drive and the small disks too.
async fn is_on_shared_storage(task: &Task<'_>, template: &Guest, config: &Config, storage: Option<&str>) -> Result<bool, EngineError> {
    let storages = task.reader.storages(&template.node).await?;
    let is_shared = |name: &str| storages.iter().any(|storage| storage.name == name && storage.is_shared);
    Ok(form::disks::storages(config).iter().map(String::as_str).chain(storage).all(is_shared))
}

/// Makes a machine from an image or from nothing, whole in one call.
async fn build(task: &Task<'_>, vmid: u32, image: Option<&str>) -> Result<(), EngineError> {
    let node = task.node_for_machine().await?;
    let wanted = Wanted::all(task.order);
    let disk_storage = task.disk_storage(&node).await?;
    let making = Making { marker: task.marker(), disk_storage: disk_storage.as_deref(), is_new: true, image };
    let mut edits = form::edits(&Config::default(), &wanted, &making).map_err(|why| task.refused(why))?;
    let stamp = Stamp::new(task.marker(), vmid, task.step());
    words::name_and_mark(task, &wanted, &stamp, &mut edits);
    let machine = GuestRef { kind: GuestKind::Machine, node, vmid, name: task.name().to_owned() };
    super::seed::put(task, &machine, &Config::default(), &wanted, disk_storage.as_deref(), &mut edits).await?;
    let mut parameters = edits.parameters();
    parameters.extend(task.declared_pool().map(|pool| ("pool".to_owned(), pool.to_owned())));
    task.calls.make_guest(&machine, parameters).await
}

/// Whether the machine still lacks the values that a copy cannot be made with.
pub(super) fn is_unfinished(found: &Found) -> bool {
    found.stamp.as_ref().is_some_and(|stamp| stamp.is_unfinished)
}
