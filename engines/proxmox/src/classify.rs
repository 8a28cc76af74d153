//! Did a call take effect, whose reply nobody heard? A fresh read tells, where the call leaves a trace of its own.

use engine_api::{Classification, EngineError, Intent};

use crate::firewall::OwnNames;
use crate::reader::{Reader, Snapshot};
use crate::stamp::Stamp;
use crate::writer::{Act, firewall, operation};

pub(crate) async fn classify(reader: Reader<'_>, intent: &Intent) -> Result<Classification, EngineError> {
    if intent.operation == firewall::operation::RULE_ADD {
        return added(reader, &intent.key).await;
    }
    if intent.operation == operation::POOL_CREATE {
        return crate::pool::made(reader, intent).await;
    }
    if intent.operation == operation::NETWORK_CREATE {
        return crate::network::made(reader, intent).await;
    }
    match intent.operation.as_str() {
        operation::STORAGE_CREATE => return Ok(done(reader.definition(&intent.key).await?.is_some())),
        operation::STORAGE_DELETE => return Ok(done(reader.definition(&intent.key).await?.is_none())),
        _ => {}
    }
    let Ok(vmid) = intent.key.parse::<u32>() else { return Ok(Classification::Unknown) };
    match Act::of(&intent.operation) {
        Some(Act::Create | Act::Copy) => made(reader, vmid, intent).await,
        Some(Act::Delete) => Ok(done(reader.guest(vmid).await?.is_none())),
        Some(Act::Snapshot) => kept(reader, vmid, intent).await,
        Some(Act::Start) => power(reader, vmid, true).await,
        Some(Act::ShutDown) => power(reader, vmid, false).await,
        // Absolute values: the same call again leads to the same end, and nothing names the call that led there.
        _ => Ok(Classification::Unknown),
    }
}

fn done(is_done: bool) -> Classification {
    if is_done { Classification::Done } else { Classification::NotDone }
}

/// A guest that is locked is still being made, perhaps by this very call.
async fn made(reader: Reader<'_>, vmid: u32, intent: &Intent) -> Result<Classification, EngineError> {
    let Some(guest) = reader.guest(vmid).await? else { return Ok(Classification::NotDone) };
    let Some(config) = reader.config(&guest).await? else { return Ok(Classification::Unknown) };
    if config.get("lock").is_some() {
        return Ok(Classification::Unknown);
    }
    let stamp = Stamp::read(config.get("description"), vmid);
    Ok(done(stamp.is_some_and(|stamp| stamp.step == intent.step.as_str())))
}

/// The snapshot of the step, unless it is still being taken.
async fn kept(reader: Reader<'_>, vmid: u32, intent: &Intent) -> Result<Classification, EngineError> {
    let Some(guest) = reader.guest(vmid).await? else { return Ok(Classification::Unknown) };
    let config = reader.config(&guest).await?;
    if config.is_none_or(|config| config.get("lock").is_some()) {
        return Ok(Classification::Unknown);
    }
    let of_step = |snapshot: &Snapshot| Stamp::read(Some(&snapshot.description), vmid).is_some_and(|mark| mark.step == intent.step.as_str());
    Ok(done(reader.snapshots(&guest).await?.iter().any(of_step)))
}

async fn power(reader: Reader<'_>, vmid: u32, wanted: bool) -> Result<Classification, EngineError> {
    let Some(guest) = reader.guest(vmid).await? else { return Ok(Classification::Unknown) };
    Ok(done(reader.is_running(&guest).await? == wanted))
}

/// The key says where, what the rule is, and how many of it there are afterwards.
async fn added(reader: Reader<'_>, key: &str) -> Result<Classification, EngineError> {
    let parts: Vec<&str> = key.split(' ').collect();
    let [path, count, fingerprint] = parts.as_slice() else { return Ok(Classification::Unknown) };
    let Ok(count) = count.parse::<usize>() else { return Ok(Classification::Unknown) };
    let rules = reader.rules(path, &OwnNames::new()).await?.rules;
    Ok(done(rules.iter().filter(|rule| firewall::fingerprint(rule) == *fingerprint).count() >= count))
}
