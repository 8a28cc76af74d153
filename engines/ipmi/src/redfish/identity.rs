//! Which machine is this? Its UUID and serial number; the address of the BMC's network interface where it has neither.

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use super::quirk::Way;
use super::service::Service;
use super::{collection, link};
use crate::driver::Identity;

/// What factories write where nobody wrote anything.
const PLACEHOLDERS: &[&str] = &[
    "none",
    "n/a",
    "na",
    "unknown",
    "not specified",
    "not available",
    "to be filled by o.e.m.",
    "default string",
    "system serial number",
    "0123456789",
];

pub(super) async fn read(client: &mut Client, service: &Service) -> Result<Identity, EngineError> {
    let system = &service.system_then;
    let guid = text(system, "UUID").map(|uuid| uuid.to_ascii_lowercase()).filter(|uuid| is_set(uuid));
    let serial = match service.ways.contains(&Way::SerialIsSku) {
        true => text(system, "SKU").or_else(|| text(system, "SerialNumber")),
        false => text(system, "SerialNumber"),
    };
    let serial = match serial {
        Some(serial) => Some(serial),
        None => chassis_serial(client, service).await?,
    };
    let mac = if guid.is_none() && serial.is_none() { mac(client, service).await? } else { None };
    let firmware = service.manager.as_ref().and_then(|manager| text(manager, "FirmwareVersion"));
    Ok(Identity {
        guid,
        serial,
        mac,
        manufacturer: text(system, "Manufacturer"),
        product: text(system, "Model"),
        firmware: firmware.unwrap_or_else(|| "unknown".to_owned()),
    })
}

async fn chassis_serial(client: &mut Client, service: &Service) -> Result<Option<String>, EngineError> {
    for place in service.chassis() {
        if let Some(serial) = client.get_if_there("read about the chassis", &place).await?.as_ref().and_then(|chassis| text(chassis, "SerialNumber"))
        {
            return Ok(Some(serial));
        }
    }
    Ok(None)
}

async fn mac(client: &mut Client, service: &Service) -> Result<Option<String>, EngineError> {
    let Some(interfaces) = service.manager.as_ref().and_then(|manager| link::of(manager, "EthernetInterfaces")).map(str::to_owned) else {
        return Ok(None);
    };
    let found = collection::resources(client, "read about the BMC's network interface", &interfaces).await?;
    let address = |interface: &Value| text(interface, "PermanentMACAddress").or_else(|| text(interface, "MACAddress"));
    Ok(found.iter().find_map(address).map(|address| address.to_ascii_lowercase().replace('-', ":")))
}

/// What was really written there.
fn text(resource: &Value, name: &str) -> Option<String> {
    let text = resource.get(name)?.as_str()?.trim();
    let is_placeholder = PLACEHOLDERS.iter().any(|placeholder| text.eq_ignore_ascii_case(placeholder));
    (!text.is_empty() && !is_placeholder).then(|| text.to_owned())
}

/// A UUID of zeros or ones is none.
fn is_set(uuid: &str) -> bool {
    let digits: String = uuid.chars().filter(|digit| *digit != '-').collect();
    !digits.chars().all(|digit| digit == '0') && !digits.chars().all(|digit| digit == 'f')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_factory_left_blank_is_nothing() {
        for blank in ["", "  ", "To be filled by O.E.M.", "Not Specified", "NONE"] {
            assert_eq!(text(&json!({"SerialNumber": blank}), "SerialNumber"), None, "{blank}");
        }
        assert_eq!(text(&json!({"SerialNumber": " S412340 "}), "SerialNumber").as_deref(), Some("S412340"));
        assert!(!is_set("00000000-0000-0000-0000-000000000000") && !is_set("ffffffff-ffff-ffff-ffff-ffffffffffff"));
        assert!(is_set("4c4c4544-0033-4610-8050-b4c04f305032"));
    }
}
