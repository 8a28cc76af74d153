//! What is where on this BMC? Found from the root by links, once for each login.

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use super::client::Client;
use super::quirk::{self, Way};
use super::reset_types::ResetTypes;
use super::{collection, fault, link};

/// The places that the driver needs.
pub(super) struct Service {
    pub(super) system: String,
    /// As it was when we logged in.
    pub(super) system_then: Value,
    pub(super) manager: Option<Value>,
    pub(super) resets: ResetTypes,
    /// The firmware's settings.
    pub(super) bios: Option<String>,
    pub(super) account_service: Option<Value>,
    pub(super) ways: Vec<Way>,
}

const ATTEMPT: &str = "find the machine behind the BMC";

pub(super) async fn discover(client: &mut Client) -> Result<Service, EngineError> {
    let systems = link::of(&client.root, "Systems").unwrap_or_default().to_owned();
    let found = collection::resources(client, ATTEMPT, &systems).await?;
    let system = chosen(found, client.options.system.as_deref())?;
    let place = link::id(&system).ok_or_else(|| fault::senseless(ATTEMPT, "the system does not say where it is (@odata.id)"))?.to_owned();
    let ways = quirk::ways(&client.root, &system);
    for way in &ways {
        if let Way::Etags(etag_use) = way {
            client.etag_use = *etag_use;
        }
    }
    let manager = manager(client, &system).await?;
    let resets = ResetTypes::read(client, &system).await?;
    let account_service = account_service(client).await?;
    let bios = link::of(&system, "Bios").map(str::to_owned);
    Ok(Service { system: place, system_then: system, manager, resets, bios, account_service, ways })
}

/// The system that is meant. Where there are several, and nobody says which, none is.
fn chosen(mut found: Vec<Value>, wanted: Option<&str>) -> Result<Value, EngineError> {
    let is_called = |system: &Value, name: &str| {
        ["Id", "Name", "UUID", "SerialNumber"]
            .iter()
            .any(|key| system.get(key).and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(name)))
    };
    match wanted {
        Some(name) => found.retain(|system| is_called(system, name)),
        // Partitions and the operating system's own view are not the bare machine.
        None => found.retain(|system| system.get("SystemType").is_none_or(|kind| kind == "Physical")),
    }
    let ids: Vec<String> = found.iter().filter_map(|system| system.get("Id")?.as_str()).map(|id| format!("`{id}`")).collect();
    match <[Value; 1]>::try_from(found) {
        Ok([system]) => Ok(system),
        Err(none) if none.is_empty() => {
            let which = wanted.map_or_else(|| "no physical machine".to_owned(), |name| format!("no machine called `{name}`"));
            Err(EngineError::new(ErrorKind::NotFound, ATTEMPT, format!("the BMC tells of {which}")))
        }
        Err(_) => {
            let words = format!("the BMC has several: {}. Hint: name one as `settings: {{system: ..}}` of the target", ids.join(", "));
            Err(EngineError::new(ErrorKind::Conflict, ATTEMPT, words))
        }
    }
}

/// The BMC itself, as a resource: the one that says it manages the machine.
async fn manager(client: &mut Client, system: &Value) -> Result<Option<Value>, EngineError> {
    let managed_by = system.get("Links").and_then(|links| links.get("ManagedBy")).and_then(Value::as_array);
    if let Some(place) = managed_by.and_then(|managers| managers.first()).and_then(link::id) {
        return client.get_if_there("read about the BMC itself", place).await;
    }
    let Some(managers) = link::of(&client.root, "Managers").map(str::to_owned) else { return Ok(None) };
    Ok(collection::resources(client, "read about the BMC itself", &managers).await?.into_iter().next())
}

/// `None` also where we may not look: an account for power alone need not see the others.
async fn account_service(client: &mut Client) -> Result<Option<Value>, EngineError> {
    let Some(place) = link::of(&client.root, "AccountService").map(str::to_owned) else { return Ok(None) };
    match client.get_if_there("read about the BMC's accounts", &place).await {
        Err(error) if error.kind == ErrorKind::Unauthorised => Ok(None),
        found => found,
    }
}

impl Service {
    pub(super) fn reserved_slot(&self) -> Option<&'static str> {
        self.ways.iter().find_map(|way| if let Way::AccountsAreSlots { reserved } = way { Some(*reserved) } else { None })
    }

    pub(super) fn settings_below_bios(&self) -> Option<&'static str> {
        self.ways.iter().find_map(|way| if let Way::SettingsBelowBios(name) = way { Some(*name) } else { None })
    }

    /// The chassis that the machine is in.
    pub(super) fn chassis(&self) -> Vec<String> {
        let chassis = self.system_then.get("Links").and_then(|links| links.get("Chassis")).and_then(Value::as_array);
        chassis.into_iter().flatten().filter_map(link::id).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_machine_is_meant_or_none() {
        let systems = || {
            vec![
                json!({"Id": "a", "UUID": "AA", "SystemType": "Physical"}),
                json!({"Id": "b", "SerialNumber": "S2"}),
                json!({"Id": "c", "SystemType": "OS"}),
            ]
        };
        let id =
            |found: Result<Value, EngineError>| found.map(|system| system["Id"].as_str().unwrap_or_default().to_owned()).map_err(|error| error.kind);
        assert_eq!(id(chosen(systems()[..1].to_vec(), None)).as_deref(), Ok("a"));
        assert_eq!(id(chosen(systems(), Some("aa"))).as_deref(), Ok("a"));
        assert_eq!(id(chosen(systems(), Some("S2"))).as_deref(), Ok("b"));
        assert_eq!(id(chosen(systems(), None)), Err(ErrorKind::Conflict));
        assert_eq!(id(chosen(systems(), Some("d"))), Err(ErrorKind::NotFound));
        assert_eq!(id(chosen(systems()[2..].to_vec(), None)), Err(ErrorKind::NotFound));
    }
}
