//! In which order does the firmware look for something to boot from? A list of references, which other resources give names to.

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{collection, link};
use crate::driver::{BootOption, BootOrder};

pub(super) const ATTEMPT: &str = "read the firmware's boot order";

/// Whether the system tells an order that can be set.
pub(super) fn is_told(system: &Value) -> bool {
    listed(system).is_some()
}

/// The references, in order. An order of kinds of devices in its place is none that this program knows.
fn listed(system: &Value) -> Option<Vec<String>> {
    let boot = system.get("Boot")?;
    if boot.get("BootOrderPropertySelect").is_some_and(|select| select == "AliasBootOrder") {
        return None;
    }
    Some(boot.get("BootOrder")?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Where an order is written that waits for the next start, if the system has such a place.
pub(super) fn settings_of(system: &Value) -> Option<&str> {
    link::of(system.get("@Redfish.Settings")?, "SettingsObject")
}

pub(super) async fn read(client: &mut Client, service: &Service) -> Result<Option<BootOrder>, EngineError> {
    let system = client.get(ATTEMPT, &service.system).await?;
    of(client, &system).await
}

/// From a system that was just read.
pub(super) async fn of(client: &mut Client, system: &Value) -> Result<Option<BootOrder>, EngineError> {
    let Some((now, pending)) = orders(client, system).await? else { return Ok(None) };
    let (members, unnamed) = match members(client, system).await {
        // Who may not see them knows the options by their references.
        Err(error) if matches!(error.kind, ErrorKind::Unauthorised | ErrorKind::NotFound) => (Vec::new(), Some(error.to_string())),
        members => (members?, None),
    };
    let options = options(&members, now.iter().chain(pending.iter().flatten()));
    let named = |order: Vec<String>| order.iter().map(|reference| name_of(&options, reference)).collect::<Vec<String>>();
    Ok(Some(BootOrder { now: named(now), pending: pending.map(named), options, unnamed }))
}

/// As it will be after the next start, by references alone.
pub(super) async fn to_come(client: &mut Client, service: &Service) -> Result<Option<Vec<String>>, EngineError> {
    let system = client.get(ATTEMPT, &service.system).await?;
    Ok(orders(client, &system).await?.map(|(now, pending)| pending.unwrap_or(now)))
}

/// The one that holds now, and another one where that waits.
async fn orders(client: &mut Client, system: &Value) -> Result<Option<(Vec<String>, Option<Vec<String>>)>, EngineError> {
    let Some(now) = listed(system) else { return Ok(None) };
    let settings = match settings_of(system) {
        Some(place) => client.get_if_there(ATTEMPT, place).await?,
        None => None,
    };
    // Some repeat there what holds now, some say nothing.
    let pending = settings.as_ref().and_then(listed).filter(|order| !order.is_empty() && *order != now);
    Ok(Some((now, pending)))
}

/// What describes the options.
async fn members(client: &mut Client, system: &Value) -> Result<Vec<Value>, EngineError> {
    let Some(place) = system.get("Boot").and_then(|boot| link::of(boot, "BootOptions")).map(str::to_owned) else { return Ok(Vec::new()) };
    collection::resources(client, ATTEMPT, &place).await
}

/// The options that are described, and those that are only in an order.
fn options<'r>(members: &[Value], ordered: impl Iterator<Item = &'r String>) -> Vec<BootOption> {
    let text = |member: &Value, key: &str| member.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let names: Vec<Option<String>> = members.iter().map(|member| text(member, "DisplayName")).collect();
    let is_one = |name: &String| names.iter().flatten().filter(|other| *other == name).count() == 1;
    let mut options: Vec<BootOption> = Vec::new();
    for (member, name) in members.iter().zip(&names) {
        let Some(reference) = text(member, "BootOptionReference").or_else(|| text(member, "Id")) else { continue };
        let name = name.clone().filter(is_one).unwrap_or_else(|| reference.clone());
        options.push(BootOption { name, reference });
    }
    for reference in ordered {
        if !options.iter().any(|option| option.reference == *reference) {
            options.push(BootOption { name: reference.clone(), reference: reference.clone() });
        }
    }
    options
}

fn name_of(options: &[BootOption], reference: &str) -> String {
    options.iter().find(|option| option.reference == reference).map_or_else(|| reference.to_owned(), |option| option.name.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_go_by_the_name_that_no_other_has() {
        let members = [
            json!({"BootOptionReference": "Boot0001", "DisplayName": " debian "}),
            json!({"BootOptionReference": "Boot0002", "DisplayName": "UEFI PXE"}),
            json!({"BootOptionReference": "Boot0003", "DisplayName": "UEFI PXE"}),
            json!({"Id": "Boot0004", "DisplayName": ""}),
            json!({"DisplayName": "nobody"}),
        ];
        let order = ["Boot0002", "Boot0001", "Boot0009"].map(str::to_owned);
        let found: Vec<(String, String)> = options(&members, order.iter()).into_iter().map(|option| (option.name, option.reference)).collect();
        let pair = |name: &str, reference: &str| (name.to_owned(), reference.to_owned());
        let same = |name: &str| pair(name, name);
        assert_eq!(found, [pair("debian", "Boot0001"), same("Boot0002"), same("Boot0003"), same("Boot0004"), same("Boot0009")]);
    }

    #[test]
    fn an_order_of_kinds_is_none() {
        assert!(is_told(&json!({"Boot": {"BootOrder": ["Boot0001"]}})));
        assert!(!is_told(&json!({"Boot": {"BootOrder": ["Boot0001"], "BootOrderPropertySelect": "AliasBootOrder"}})));
        assert!(!is_told(&json!({"Boot": {}})));
    }
}
