//! How are the firmware's settings changed? Where the firmware says they wait for its next start; and then it is looked whether they do.

use std::collections::BTreeMap;

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::redfish::bios;
use crate::redfish::client::Client;
use crate::redfish::service::Service;

const ATTEMPT: &str = "set the firmware's settings";

pub(in crate::redfish) async fn write_settings(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    settings: &BTreeMap<String, String>,
) -> Result<(), EngineError> {
    let found = bios::read(client, service).await?;
    let attributes: Map<String, Value> = settings.iter().map(|(name, text)| (name.clone(), bios::value(found.attributes.get(name), text))).collect();
    let mut body = json!({"Attributes": attributes});
    if found.waits_for_reset {
        body["@Redfish.SettingsApplyTime"] = json!({"ApplyTime": "OnReset"});
    }
    // The task that a BMC makes of this ends at the machine's next start, which is not ours to wait for.
    client.send_patch(permit, ATTEMPT, &found.settings, &body).await?;
    let names: Vec<String> = settings.keys().cloned().collect();
    let end = Instant::now() + client.options.timeouts.settle;
    loop {
        let kept = bios::settings(client, service, &names).await?;
        let is_kept = |(name, value): (&String, &String)| kept.pending.get(name).or_else(|| kept.now.get(name)) == Some(value);
        let missing: Vec<&str> = settings.iter().filter(|(name, value)| !is_kept((name, value))).map(|(name, _)| name.as_str()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if Instant::now() >= end {
            let words = format!("the BMC said yes and does not show what was set: {}. Hint: look at its list of jobs", missing.join(", "));
            return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, words));
        }
        tokio::time::sleep_until((Instant::now() + client.options.timeouts.poll).min(end)).await;
    }
}
