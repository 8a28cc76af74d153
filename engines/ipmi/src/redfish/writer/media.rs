//! How is a virtual drive filled and emptied? By its actions; by a change of the drive itself where it has none.

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::driver::Medium;
use crate::redfish::client::Client;
use crate::redfish::media::{ATTEMPT, Drive, drives, medium};
use crate::redfish::service::Service;

const INSERT: &str = "put an image into a virtual drive";
const EJECT: &str = "empty a virtual drive";

/// What another image lies in is emptied first: no BMC does that by itself.
pub(in crate::redfish) async fn fill(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    name: &str,
    wanted: &Medium,
) -> Result<(), EngineError> {
    let drive = find(client, service, INSERT, name).await?;
    match &drive.slot.medium {
        Some(found) if found.is_as(wanted) => return Ok(()),
        Some(_) => take_out(client, permit, &drive).await?,
        None => {}
    }
    let body = body(&drive, wanted)?;
    let answer = match &drive.insert {
        Some(target) => client.send_post_within(permit, INSERT, target, &body, client.options.timeouts.insert).await?,
        None => client.send_patch(permit, INSERT, &drive.link, &body).await?,
    };
    client.finish(INSERT, answer).await?;
    let words = "the BMC said yes, and the drive does not show it. Hint: look whether the BMC can reach the image, and believes the \
                 certificate of the server that has it";
    settled(client, INSERT, words, &drive.link, |found| found.is_some_and(|found| found.is_as(wanted))).await
}

pub(in crate::redfish) async fn empty(client: &mut Client, service: &Service, permit: &WritePermit, name: &str) -> Result<(), EngineError> {
    let drive = find(client, service, EJECT, name).await?;
    if drive.slot.medium.is_none() {
        return Ok(());
    }
    take_out(client, permit, &drive).await
}

async fn find(client: &mut Client, service: &Service, attempt: &str, name: &str) -> Result<Drive, EngineError> {
    let found = drives(client, service).await?.unwrap_or_default().into_iter().find(|drive| drive.slot.name == name);
    found.ok_or_else(|| EngineError::new(ErrorKind::NotFound, attempt, format!("the BMC has no virtual drive `{name}`")))
}

/// No more than was asked for: some refuse an action that names a thing that they have only one way for.
fn body(drive: &Drive, wanted: &Medium) -> Result<Value, EngineError> {
    let refused = |words: &str| EngineError::new(ErrorKind::Rejected, INSERT, words);
    if !drive.slot.can_be_filled {
        return Err(refused("the BMC can only empty this drive"));
    }
    if !drive.slot.takes_https {
        return Err(refused("the BMC does not list HTTPS among the protocols by which it fetches images"));
    }
    let mut body = json!({"Image": wanted.image});
    if drive.insert.is_none() {
        body["Inserted"] = json!(true);
    }
    if drive.lists_protocols {
        body["TransferProtocolType"] = json!("HTTPS");
    }
    if let Some(write_protected) = wanted.write_protected {
        if !drive.slot.has_write_protection {
            return Err(refused("the drive has no write protection that could be set. Hint: leave `write_protected` out"));
        }
        body["WriteProtected"] = json!(write_protected);
    }
    Ok(body)
}

/// Until it is out: some refuse what comes while the old image is still in the drive.
async fn take_out(client: &mut Client, permit: &WritePermit, drive: &Drive) -> Result<(), EngineError> {
    let answer = match &drive.eject {
        Some(target) => client.send_post(permit, EJECT, target, &json!({})).await?,
        None => client.send_patch(permit, EJECT, &drive.link, &json!({"Image": null, "Inserted": false})).await?,
    };
    client.finish(EJECT, answer).await?;
    let words = "the BMC said yes, and the image is still in the drive. Hint: look whether the machine holds it open";
    settled(client, EJECT, words, &drive.link, |found| found.is_none()).await
}

/// A BMC that cannot fetch the image says yes all the same, and stays empty.
async fn settled(client: &mut Client, attempt: &str, words: &str, link: &str, is_so: impl Fn(Option<&Medium>) -> bool) -> Result<(), EngineError> {
    let end = Instant::now() + client.options.timeouts.settle;
    loop {
        let found = medium(&client.get(ATTEMPT, link).await?);
        if is_so(found.as_ref()) {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(EngineError::new(ErrorKind::Rejected, attempt, words));
        }
        tokio::time::sleep_until((Instant::now() + client.options.timeouts.poll).min(end)).await;
    }
}
