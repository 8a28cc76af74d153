//! How is one step on an interface staged? A fresh read, and then only the call that is still needed.

use core_model::plan::Action;
use engine_api::{EngineError, ErrorKind};

use super::batch::{Batch, own_name};
use super::{Session, form};
use crate::apply::Task;
use crate::comment::{self, Mark};
use crate::reader::{Interface, Network};

pub(super) async fn stage(task: &Task<'_>, session: Session<'_>, node: &str, batch: &mut Batch) -> Result<(), EngineError> {
    let network = session.reader.network(node).await?;
    // Nobody else may have staged something since the batch was opened.
    batch.check_only_ours(node, &network)?;
    let name = own_name(task.name());
    let found = network.interfaces.get(name);
    match task.step().action {
        Action::Create => match found {
            Some(found) if mark_of(task, found).is_none_or(|mark| mark.marker != *task.marker()) => Err(not_ours(task, found)),
            found => bring(task, session, node, batch, found).await,
        },
        Action::Update | Action::Restart => {
            let found = found.ok_or_else(|| task.error(ErrorKind::NotFound, "it is gone; plan again"))?;
            check_ours(task, found)?;
            bring(task, session, node, batch, Some(found)).await
        }
        Action::Replace => replace(task, session, node, batch, &network).await,
        Action::Delete => match found {
            None => Ok(()),
            Some(found) => remove(task, session, node, batch, found).await,
        },
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
}

/// Makes the interface be what is wanted, if it is not so already.
async fn bring(task: &Task<'_>, session: Session<'_>, node: &str, batch: &mut Batch, found: Option<&Interface>) -> Result<(), EngineError> {
    let name = own_name(task.name());
    let wanted = form::wanted(task.step(), found, &task.order.desired);
    if found.is_some_and(|found| form::is_so(name, found, &wanted)) {
        return Ok(());
    }
    let mark = Mark::new(task.marker(), task.step());
    let parameters = form::parameters(name, &wanted, found, Some(&mark));
    batch.expect(name, Some(wanted), found);
    match found {
        Some(_) => session.calls.stage_changed(node, name, parameters).await,
        None => session.calls.stage_new(node, name, parameters).await,
    }
}

/// The kernel cannot turn one interface into another: the old one goes from the node before the new one comes.
async fn replace(task: &Task<'_>, session: Session<'_>, node: &str, batch: &mut Batch, network: &Network) -> Result<(), EngineError> {
    let name = own_name(task.name());
    let Some(found) = network.interfaces.get(name) else { return bring(task, session, node, batch, None).await };
    if mark_of(task, found).is_some_and(|mark| mark.marker == *task.marker() && mark.is_of_step(task.step().digest.as_str())) {
        return bring(task, session, node, batch, Some(found)).await;
    }
    remove(task, session, node, batch, found).await?;
    batch.come_true(session, node).await?;
    bring(task, session, node, batch, None).await
}

async fn remove(task: &Task<'_>, session: Session<'_>, node: &str, batch: &mut Batch, found: &Interface) -> Result<(), EngineError> {
    check_ours(task, found)?;
    let name = own_name(task.name());
    batch.expect(name, None, Some(found));
    session.calls.stage_gone(node, name).await
}

fn mark_of(task: &Task<'_>, found: &Interface) -> Option<Mark> {
    comment::mark(found.get("comments"), task.name())
}

fn check_ours(task: &Task<'_>, found: &Interface) -> Result<(), EngineError> {
    if let Some(why) = unmanageable(found) {
        return Err(task.refused(why));
    }
    let mark = mark_of(task, found);
    if task.is_ours(mark.as_ref().map(|mark| &mark.marker)) { Ok(()) } else { Err(not_ours(task, found)) }
}

/// Why an interface is left alone whatever a blueprint says.
pub(super) fn unmanageable(found: &Interface) -> Option<String> {
    let kind = found.get("type").unwrap_or("unknown");
    if !form::KINDS.contains(&kind) {
        return Some(format!("it is of the type `{kind}`; only Linux bridges and VLANs are managed"));
    }
    let why = "its address comes by DHCP or from a router, and Proxmox would make it a manual one at the first change";
    is_dynamic(found).then(|| why.to_owned())
}

/// Whether an interface gets its address from somebody else.
pub(super) fn is_dynamic(interface: &Interface) -> bool {
    ["method", "method6"].into_iter().any(|option| interface.get(option).is_some_and(|method| matches!(method, "dhcp" | "auto")))
}

fn not_ours(task: &Task<'_>, found: &Interface) -> EngineError {
    let whose = match mark_of(task, found) {
        Some(mark) => format!("marked as `{}`", mark.marker),
        None => "not ours; adopt it with `lifecycle: {adopt: true}`, or choose another `specs.name`".to_owned(),
    };
    task.conflict(format!("an interface `{}` exists and is {whose}", task.name()))
}
