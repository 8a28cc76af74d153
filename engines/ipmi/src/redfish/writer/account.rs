//! How does an account come onto a BMC, and off it again? Made and deleted, or put into a slot and out of it.

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::{Map, Value, json};

use crate::driver::AccountEdit;
use crate::redfish::accounts::{self, Place};
use crate::redfish::client::Client;
use crate::redfish::service::Service;

/// A new account comes in one piece: name, password and role in the same request, so that no half-made one can log in.
pub(in crate::redfish) async fn put(client: &mut Client, service: &Service, permit: &WritePermit, edit: &AccountEdit<'_>) -> Result<(), EngineError> {
    let done = put_openly(client, service, permit, edit).await;
    done.map_err(|error| without_password(error, edit))
}

/// Some BMCs repeat a password that they do not like.
fn without_password(error: EngineError, edit: &AccountEdit<'_>) -> EngineError {
    match edit.password.map(core_model::Secret::expose).filter(|password| error.message.contains(*password)) {
        Some(password) => EngineError::new(error.kind, error.attempted, error.message.replace(password, "[secret]")),
        None => error,
    }
}

async fn put_openly(client: &mut Client, service: &Service, permit: &WritePermit, edit: &AccountEdit<'_>) -> Result<(), EngineError> {
    let attempt = format!("set up the account `{}`", edit.name);
    let places = places(client, service, &attempt).await?;
    let mut properties = Map::new();
    properties.extend(edit.password.map(|password| ("Password".to_owned(), json!(password.expose()))));
    if let Some(role) = edit.role {
        properties.insert("RoleId".to_owned(), json!(accounts::role_id(client, service, role).await?));
    }
    properties.extend(edit.is_enabled.map(|is_enabled| ("Enabled".to_owned(), json!(is_enabled))));
    let answer = match only(&places, edit.name, &attempt)? {
        Some(place) => client.send_patch(permit, &attempt, &place.link, &Value::Object(properties)).await?,
        None => {
            properties.insert("UserName".to_owned(), json!(edit.name));
            make(client, service, permit, &attempt, &places, &Value::Object(properties)).await?
        }
    };
    client.finish(&attempt, answer).await
}

/// Into the first free slot where there are slots, and beside the others where there are none.
async fn make(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    attempt: &str,
    places: &[Place],
    properties: &Value,
) -> Result<crate::redfish::answer::Answer, EngineError> {
    let is_free = |place: &&Place| place.name.is_empty() && service.reserved_slot() != Some(place.id.as_str());
    if let Some(slot) = places.iter().find(is_free) {
        return client.send_patch(permit, attempt, &slot.link, properties).await;
    }
    if service.reserved_slot().is_some() {
        let words = format!("all {} slots of the BMC are taken. Hint: remove an account that nobody uses", places.len());
        return Err(EngineError::new(ErrorKind::Rejected, attempt, words));
    }
    let accounts = accounts::collection_of(service).unwrap_or_default();
    client.send_post(permit, attempt, &accounts, properties).await
}

/// In slots it is kept out first, and loses its name then: two requests, because some do only half of both at once.
pub(in crate::redfish) async fn remove(client: &mut Client, service: &Service, permit: &WritePermit, name: &str) -> Result<(), EngineError> {
    let attempt = format!("remove the account `{name}`");
    let places = places(client, service, &attempt).await?;
    let Some(place) = only(&places, name, &attempt)? else { return Ok(()) };
    let has_slots = service.reserved_slot().is_some() || places.iter().any(|place| place.name.is_empty());
    if !has_slots {
        let answer = client.send_delete(permit, &attempt, &place.link).await?;
        return client.finish(&attempt, answer).await;
    }
    for body in [json!({"Enabled": false}), json!({"UserName": ""})] {
        let answer = client.send_patch(permit, &attempt, &place.link, &body).await?;
        client.finish(&attempt, answer).await?;
    }
    Ok(())
}

async fn places(client: &mut Client, service: &Service, attempt: &str) -> Result<Vec<Place>, EngineError> {
    let places = accounts::places(client, service).await?;
    places.ok_or_else(|| EngineError::new(ErrorKind::Rejected, attempt, "this BMC does not tell who may log in"))
}

fn only<'p>(places: &'p [Place], name: &str, attempt: &str) -> Result<Option<&'p Place>, EngineError> {
    let mut same = places.iter().filter(|place| place.name == name);
    match (same.next(), same.next()) {
        (place, None) => Ok(place),
        _ => {
            let words = "several accounts of the BMC have this name. Hint: remove all but one by hand";
            Err(EngineError::new(ErrorKind::Conflict, attempt, words))
        }
    }
}
