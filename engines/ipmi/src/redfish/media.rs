//! Which virtual drives are there, and what lies in them? They belong to the system, or in older services to the BMC.

use engine_api::EngineError;
use serde_json::Value;
use url::Url;

use super::client::Client;
use super::reset_types::words;
use super::service::Service;
use super::{collection, link};
use crate::driver::{MediaSlot, Medium};

pub(super) const ATTEMPT: &str = "read what is in the virtual drives";
const PROTOCOL: &str = "TransferProtocolType";
/// By which word a blueprint means which of Redfish's.
const KINDS: &[(&str, &[&str])] = &[("cd", &["CD", "DVD"]), ("usb", &["USBStick"]), ("floppy", &["Floppy"])];
/// Begins with what no address begins with, so that nothing that is read back takes it for one.
const NOT_SHOWN: &str = "(an address that is not shown)";
/// What is in a drive that somebody's own console filled.
const UNNAMED: &str = "(an image without an address)";

/// One drive, and how it is filled.
pub(super) struct Drive {
    pub(super) slot: MediaSlot,
    pub(super) link: String,
    /// The actions' places. Without them it is changed itself.
    pub(super) insert: Option<String>,
    pub(super) eject: Option<String>,
    /// Whether the protocol has to be named.
    pub(super) lists_protocols: bool,
}

/// Where drives can be, the system's first.
fn collections(service: &Service) -> Vec<String> {
    let places = [Some(&service.system_then), service.manager.as_ref()];
    places.into_iter().flatten().filter_map(|place| link::of(place, "VirtualMedia")).map(str::to_owned).collect()
}

pub(super) fn is_told(service: &Service) -> bool {
    !collections(service).is_empty()
}

/// `None`: the BMC does not tell. What it does not let us read is an error, and says nothing of what is there.
pub(super) async fn drives(client: &mut Client, service: &Service) -> Result<Option<Vec<Drive>>, EngineError> {
    let mut found = None;
    let mut refused = None;
    for place in collections(service) {
        let members = match collection::resources(client, ATTEMPT, &place).await {
            Err(error) if error.kind.is_transient() => return Err(error),
            Err(error) => {
                refused = refused.or(Some(error));
                continue;
            }
            Ok(members) => members,
        };
        let mut drives = Vec::new();
        for member in &members {
            let Some(link) = link::id(member) else { continue };
            let protocols = protocols(client, member).await?;
            drives.push(drive(link, member, protocols.as_deref()));
        }
        // Some have both places, and one of them empty.
        if !drives.is_empty() {
            return Ok(Some(drives));
        }
        found = Some(drives);
    }
    refused.map_or(Ok(found), Err)
}

/// Which protocols are listed: beside the action, in its description, or beside the drive. A description that cannot be read lists none.
async fn protocols(client: &mut Client, member: &Value) -> Result<Option<Vec<String>>, EngineError> {
    let annotation = format!("{PROTOCOL}@Redfish.AllowableValues");
    let action = action(member, "InsertMedia");
    let told = action.and_then(|action| action.get(&annotation)).or_else(|| member.get(&annotation)).and_then(words);
    let described = action.and_then(|action| action.get("@Redfish.ActionInfo")).and_then(Value::as_str);
    match (told, described) {
        (None, Some(place)) => match client.get_if_there(ATTEMPT, place).await {
            Err(error) if error.kind.is_transient() => Err(error),
            described => Ok(described.ok().flatten().as_ref().and_then(of_action_info)),
        },
        (told, _) => Ok(told),
    }
}

fn of_action_info(info: &Value) -> Option<Vec<String>> {
    let parameter = info.get("Parameters")?.as_array()?.iter().find(|parameter| parameter.get("Name").is_some_and(|name| name == PROTOCOL))?;
    parameter.get("AllowableValues").and_then(words)
}

fn action<'m>(member: &'m Value, name: &str) -> Option<&'m Value> {
    member.get("Actions")?.get(format!("#VirtualMedia.{name}"))
}

fn drive(link: &str, member: &Value, protocols: Option<&[String]>) -> Drive {
    let text = |name: &str| member.get(name).and_then(Value::as_str);
    let target = |name: &str| action(member, name)?.get("target")?.as_str().map(str::to_owned);
    let types = member.get("MediaTypes").and_then(words).unwrap_or_default();
    let is_kind = |names: &[&str]| names.iter().any(|name| types.iter().any(|listed| listed == name));
    let slot = MediaSlot {
        name: text("Id").map_or_else(|| link.rsplit('/').next().unwrap_or_default().to_owned(), str::to_owned),
        kinds: KINDS.iter().filter(|(_, names)| is_kind(names)).map(|(kind, _)| *kind).collect(),
        medium: medium(member),
        can_be_filled: target("InsertMedia").is_some() || ["InsertMedia", "EjectMedia"].into_iter().all(|name| action(member, name).is_none()),
        takes_https: protocols.is_none_or(|listed| listed.iter().any(|word| word == "HTTPS")),
        has_write_protection: member.get("WriteProtected").is_some(),
    };
    Drive { slot, link: link.to_owned(), insert: target("InsertMedia"), eject: target("EjectMedia"), lists_protocols: protocols.is_some() }
}

/// A drive that says that nothing is connected is empty, whatever else it still names.
pub(super) fn medium(member: &Value) -> Option<Medium> {
    let text = |name: &str| member.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let inserted = member.get("Inserted").and_then(Value::as_bool);
    let is_empty = inserted == Some(false) || text("ConnectedVia") == Some("NotConnected");
    let image = text("Image").map(shown);
    let image = image.or_else(|| (inserted == Some(true)).then(|| UNNAMED.to_owned())).filter(|_| !is_empty)?;
    Some(Medium { image, write_protected: member.get("WriteProtected").and_then(Value::as_bool) })
}

/// Plans are read by everybody, and somebody else's address may hold a password. What is shown is an address of a host with
/// nothing beside it, or a path in which nothing has a place that could be secret.
fn shown(image: &str) -> String {
    let is_plain = |url: &Url| {
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        url.has_host() && is_anonymous && url.query().is_none() && url.fragment().is_none()
    };
    match Url::parse(image) {
        Ok(url) if is_plain(&url) => url.into(),
        Err(_) if !image.contains(|letter: char| matches!(letter, '@' | '?' | '#' | ';') || letter.is_whitespace()) => image.to_owned(),
        _ => NOT_SHOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_drive_is_empty_whatever_it_names() {
        let image = |member: Value| medium(&member).map(|medium| medium.image);
        let iso = "https://images.example/a.iso";
        for (member, expected) in [
            (json!({"Image": iso, "Inserted": true, "ConnectedVia": "URI"}), Some(iso)),
            (json!({"Image": iso}), Some(iso)),
            (json!({"Image": iso, "Inserted": false}), None),
            (json!({"Image": iso, "Inserted": true, "ConnectedVia": "NotConnected"}), None),
            (json!({"Image": "", "Inserted": null}), None),
            (json!({"Image": null, "Inserted": true, "ConnectedVia": "Applet"}), Some(UNNAMED)),
            (json!({"Image": "//10.0.0.1/share/a.iso", "Inserted": true}), Some("//10.0.0.1/share/a.iso")),
            (json!({"Image": "10.0.0.1:/share/a.iso", "Inserted": true}), Some("10.0.0.1:/share/a.iso")),
            (json!({"Image": "https://ops:sesame@images.example/a.iso"}), Some(NOT_SHOWN)),
            (json!({"Image": "https://images.example/a.iso?token=sesame"}), Some(NOT_SHOWN)),
            (json!({"Image": "//ops:sesame@10.0.0.1/share/a.iso"}), Some(NOT_SHOWN)),
            (json!({"Image": "ops:sesame@10.0.0.1/share/a.iso"}), Some(NOT_SHOWN)),
            (json!({"Image": "//images/a.iso?sig=sesame"}), Some(NOT_SHOWN)),
            (json!({"Image": "10.0.0.1/a.iso?sig=sesame"}), Some(NOT_SHOWN)),
        ] {
            assert_eq!(image(member.clone()).as_deref(), expected, "{member}");
        }
    }

    #[test]
    fn a_drive_is_of_the_kinds_that_it_lists() {
        let drive = drive("/x/2", &json!({"MediaTypes": ["DVD", "CD", "USBStick"]}), Some(&["NFS".to_owned()]));
        assert_eq!((drive.slot.name.as_str(), drive.slot.kinds.as_slice(), drive.slot.takes_https), ("2", &["cd", "usb"][..], false));
    }
}
