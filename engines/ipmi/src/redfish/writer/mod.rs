//! What can be changed on a BMC by Redfish? Every change, and nothing else. Each takes the permit that only the gate gives.

mod account;
mod boot_order;
mod console;
mod media;
mod network;
mod settings;

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::{Value, json};
use tokio::time::Instant;

pub(super) use account::{put, remove};
pub(super) use boot_order::write_boot_order;
pub(super) use console::switch_console;
pub(super) use media::{empty, fill};
pub(super) use network::write_network;
pub(super) use settings::write_settings;

use super::boot_order::settings_of;
use super::client::Client;
use super::driver::{POWER_RESTORES, READ_SYSTEM};
use super::reset_types::words;
use super::service::Service;
use super::{boot, event_log, time};
use crate::driver::{BootOverride, PowerOrder, PowerRestore, Reset};

pub(super) async fn switch(client: &mut Client, service: &Service, permit: &WritePermit, order: PowerOrder) -> Result<(), EngineError> {
    send_reset_type(client, service, permit, "switch the machine", service.resets.of_order(order)).await
}

/// Sent once. An answer that does not come leaves it unknown, and nobody sends it again.
pub(super) async fn reset_by(client: &mut Client, service: &Service, permit: &WritePermit, reset: Reset) -> Result<(), EngineError> {
    send_reset_type(client, service, permit, "reset the machine", service.resets.of_reset(reset)).await
}

async fn send_reset_type(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    attempt: &str,
    word: Option<&'static str>,
) -> Result<(), EngineError> {
    let (Some(target), Some(word)) = (&service.resets.target, word) else {
        return Err(EngineError::new(ErrorKind::Rejected, attempt, "the machine does not list this among the ways in which it can be reset"));
    };
    let answer = client.send_post(permit, attempt, target, &json!({"ResetType": word})).await?;
    client.finish(attempt, answer).await
}

pub(super) async fn restore(client: &mut Client, service: &Service, permit: &WritePermit, policy: PowerRestore) -> Result<(), EngineError> {
    const ATTEMPT: &str = "set what the machine does when mains power comes back";
    if service.system_then.get("PowerRestorePolicy").is_none() {
        return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, "its BMC has no such policy by Redfish"));
    }
    let word = POWER_RESTORES.iter().find(|(of, _)| *of == policy).map_or("", |(_, word)| *word);
    let listed = service.system_then.get("PowerRestorePolicy@Redfish.AllowableValues").and_then(words);
    if listed.is_some_and(|listed| !listed.iter().any(|of| of == word)) {
        return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, format!("its BMC does not list `{word}`")));
    }
    let answer = client.send_patch(permit, ATTEMPT, &service.system, &json!({"PowerRestorePolicy": word})).await?;
    client.finish(ATTEMPT, answer).await
}

/// What was said yes to is looked for: some keep something else, or nothing.
pub(super) async fn override_boot(client: &mut Client, service: &Service, permit: &WritePermit, wanted: BootOverride) -> Result<(), EngineError> {
    const ATTEMPT: &str = "set the boot override";
    let system = client.get(READ_SYSTEM, &service.system).await?;
    let body = boot::written(&system, wanted).map_err(|why| EngineError::new(ErrorKind::Rejected, ATTEMPT, why))?;
    let answer = match client.send_patch(permit, ATTEMPT, &service.system, &body).await {
        // iDRAC 10 takes it at the object for settings to come, and refuses it here.
        Err(error) if error.kind == ErrorKind::Rejected => match settings_of(&system) {
            Some(settings) => client.send_patch(permit, ATTEMPT, settings, &body).await?,
            None => return Err(error),
        },
        answer => answer?,
    };
    client.finish(ATTEMPT, answer).await?;
    let end = Instant::now() + client.options.timeouts.settle;
    loop {
        let kept = boot::read(&client.get(READ_SYSTEM, &service.system).await?);
        if boot::is_kept(kept, wanted) {
            return Ok(());
        }
        if Instant::now() >= end {
            let words = "the BMC said yes and keeps something else: some make a lasting override of one for the next start, or drop its mode. \
                         Hint: set the firmware's own boot order, or reach the machine by IPMI";
            return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, words));
        }
        tokio::time::sleep_until((Instant::now() + client.options.timeouts.poll).min(end)).await;
    }
}

/// Fixed places are filled up with empty ones, so that none of the old hosts stays behind.
pub(super) async fn tell_the_time(client: &mut Client, service: &Service, permit: &WritePermit, hosts: &[String]) -> Result<(), EngineError> {
    const ATTEMPT: &str = "set where the BMC gets its time from";
    let Some(place) = time::place(service) else {
        return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, "it has no such setting by Redfish"));
    };
    let now = client.get(time::ATTEMPT, place).await?;
    let places = now.get("NTP").and_then(|ntp| ntp.get("NTPServers")).and_then(Value::as_array).map_or(0, Vec::len);
    let mut listed: Vec<&str> = hosts.iter().map(String::as_str).collect();
    listed.resize(places.max(hosts.len()), "");
    let body = json!({"NTP": {"ProtocolEnabled": true, "NTPServers": listed}});
    let answer = client.send_patch(permit, ATTEMPT, place, &body).await?;
    client.finish(ATTEMPT, answer).await
}

pub(super) async fn clear(client: &mut Client, service: &Service, permit: &WritePermit) -> Result<(), EngineError> {
    const ATTEMPT: &str = "clear the event log";
    let log = event_log::find(client, service).await?;
    let Some(target) = log.as_ref().and_then(event_log::clearing) else {
        return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, "the BMC has no log of hardware events that can be emptied"));
    };
    let answer = client.send_post(permit, ATTEMPT, &target, &json!({})).await?;
    client.finish(ATTEMPT, answer).await
}

/// Redfish knows no time for the light, so it is put out when the time is over.
pub(super) async fn blink(client: &mut Client, service: &Service, permit: &WritePermit, duration: Duration) -> Result<(), EngineError> {
    const ATTEMPT: &str = "let the machine's light blink";
    let system = &service.system_then;
    let (on, off) = if system.get("LocationIndicatorActive").is_some() {
        (json!({"LocationIndicatorActive": true}), json!({"LocationIndicatorActive": false}))
    } else if system.get("IndicatorLED").is_some() {
        (json!({"IndicatorLED": "Blinking"}), json!({"IndicatorLED": "Off"}))
    } else {
        return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, "its BMC has no such light by Redfish"));
    };
    let answer = client.send_patch(permit, ATTEMPT, &service.system, &on).await?;
    client.finish(ATTEMPT, answer).await?;
    tokio::time::sleep(duration).await;
    let answer = client.send_patch(permit, "put the machine's light out", &service.system, &off).await?;
    client.finish(ATTEMPT, answer).await
}
