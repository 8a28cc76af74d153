//! Who may log in? The accounts with a name; slots without one are free.

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{collection, fault, link};
use crate::driver::{Account, Role};

pub(super) const ATTEMPT: &str = "read who may log in";

/// A role, and what BMCs call it; the first one that the BMC has is written.
const ROLES: &[(Role, &[&str])] =
    &[(Role::Administrator, &["Administrator"]), (Role::Operator, &["Operator"]), (Role::User, &["ReadOnly", "User", "ReadOnlyUser"])];
const NO_ROLES: &[&str] = &["None", "NoAccess"];

/// One place for an account.
pub(super) struct Place {
    pub(super) link: String,
    pub(super) id: String,
    /// Empty where the place is free.
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) is_enabled: bool,
}

impl Place {
    pub(super) fn account(&self) -> Account {
        Account { name: self.name.clone(), role: self.role, is_enabled: self.is_enabled }
    }
}

/// Where accounts are, if the BMC tells us.
pub(super) fn collection_of(service: &Service) -> Option<String> {
    link::of(service.account_service.as_ref()?, "Accounts").map(str::to_owned)
}

/// Every place for an account, free ones as well. `None`: the BMC does not tell, or not us.
pub(super) async fn places(client: &mut Client, service: &Service) -> Result<Option<Vec<Place>>, EngineError> {
    let Some(accounts) = collection_of(service) else { return Ok(None) };
    let members = match collection::members_at_once(client, ATTEMPT, &accounts).await {
        // An account for power alone may not know the others; that is no fault of the machine.
        Err(error) if matches!(error.kind, ErrorKind::Unauthorised | ErrorKind::NotFound) => return Ok(None),
        members => members?,
    };
    let mut places = Vec::new();
    for member in members {
        let link = link::id(&member).ok_or_else(|| fault::senseless(ATTEMPT, "an account does not say where it is (@odata.id)"))?;
        // One that is listed and cannot be read is somebody, not nobody.
        let read = if collection::is_whole(&member) { None } else { Some(client.get(ATTEMPT, link).await?) };
        places.push(place(link, read.as_ref().unwrap_or(&member))?);
    }
    Ok(Some(places))
}

fn place(link: &str, account: &Value) -> Result<Place, EngineError> {
    let text = |name: &str| account.get(name).and_then(Value::as_str);
    // Of a free slot some say nothing, some null.
    let name = text("UserName").unwrap_or_default().trim().to_owned();
    let is_enabled = account.get("Enabled").and_then(Value::as_bool);
    if !name.is_empty() && text("RoleId").is_none() {
        let words = format!("the BMC tells of the account `{name}`, and not what it may do");
        return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, words));
    }
    let role = role(text("RoleId").unwrap_or_default());
    let id = text("Id").map_or_else(|| link.rsplit('/').next().unwrap_or_default().to_owned(), str::to_owned);
    Ok(Place { link: link.to_owned(), id, name, role, is_enabled: is_enabled.unwrap_or(true) })
}

fn role(id: &str) -> Role {
    let known = ROLES.iter().find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(id))).map(|(role, _)| *role);
    known.unwrap_or(if id.is_empty() || NO_ROLES.contains(&id) { Role::None } else { Role::Other })
}

/// What the BMC calls a role, of those that it has.
pub(super) async fn role_id(client: &mut Client, service: &Service, role: Role) -> Result<&'static str, EngineError> {
    let names = ROLES.iter().find(|(of, _)| *of == role).map_or(&[][..], |(_, names)| names);
    let first = names.first().copied();
    let Some(first) = first else { return Err(EngineError::new(ErrorKind::Rejected, "find the role", "it is none that can be given")) };
    let Some(roles) = service.account_service.as_ref().and_then(|accounts| link::of(accounts, "Roles")).map(str::to_owned) else { return Ok(first) };
    let members = collection::members(client, "read which roles the BMC has", &roles).await?;
    let ids: Vec<&str> = members.iter().filter_map(link::id).filter_map(|link| link.rsplit('/').next()).collect();
    Ok(names.iter().copied().find(|name| ids.contains(name)).unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn accounts_are_read_as_they_are() {
        for (account, name, expected, is_enabled) in [
            (json!({"UserName": "ops", "RoleId": "Operator", "Enabled": true}), "ops", Role::Operator, true),
            (json!({"UserName": "ro", "RoleId": "ReadOnly", "Enabled": false}), "ro", Role::User, false),
            (json!({"UserName": "own", "RoleId": "CustomRole3"}), "own", Role::Other, true),
            (json!({"UserName": "", "RoleId": "None", "Enabled": false}), "", Role::None, false),
            (json!({"UserName": null, "Enabled": false}), "", Role::None, false),
        ] {
            let place = place("/redfish/v1/AccountService/Accounts/3", &account).expect("an account");
            assert_eq!((place.name.as_str(), place.role, place.is_enabled, place.id.as_str()), (name, expected, is_enabled, "3"));
        }
        assert!(place("/x", &json!({"UserName": "ops"})).is_err());
    }
}
