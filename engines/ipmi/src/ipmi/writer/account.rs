//! How does an account come into a slot, and out of it again? In an order in which no half-made account can log in.

use engine_api::{EngineError, ErrorKind, WritePermit};

use crate::driver::{Account, AccountEdit, Role};
use crate::ipmi::accounts::{self, ADMINISTRATOR, NO_ACCESS, OPERATOR, USER};
use crate::ipmi::client::Client;
use crate::ipmi::command::user::{GetUserName, PasswordOrder, SLOT_FIRST, SetUserAccess, SetUserName, SetUserPassword};

/// A new account is named and kept out first; it is let in last, when it has its password and its privilege.
pub(in crate::ipmi) async fn put(client: &mut Client, permit: &WritePermit, edit: &AccountEdit<'_>) -> Result<(), EngineError> {
    let attempt = format!("set up the account `{}`", edit.name);
    let known = find(client, &attempt, edit.name).await?;
    let (slot, now) = match known {
        Some((slot, account)) => (slot, account),
        None => (occupy(client, permit, &attempt, edit.name).await?, Account { name: edit.name.to_owned(), role: Role::None, is_enabled: false }),
    };
    let is_enabled = edit.is_enabled.unwrap_or(now.is_enabled);
    if !is_enabled && now.is_enabled {
        client.order(permit, &SetUserPassword { slot, order: PasswordOrder::Disable }).await?;
    }
    if let Some(password) = edit.password {
        client.order(permit, &SetUserPassword { slot, order: PasswordOrder::Set(password.expose()) }).await?;
    }
    let role = edit.role.unwrap_or(now.role);
    if role != now.role {
        client.order(permit, &SetUserAccess { slot, privilege: privilege(role), may_send: role != Role::None }).await?;
    }
    if is_enabled && !now.is_enabled {
        client.order(permit, &SetUserPassword { slot, order: PasswordOrder::Enable }).await?;
    }
    Ok(())
}

/// First it cannot log in, then it has no rights, then no name. The password stays behind in a slot that nobody can use.
pub(in crate::ipmi) async fn remove(client: &mut Client, permit: &WritePermit, name: &str) -> Result<(), EngineError> {
    let attempt = format!("remove the account `{name}`");
    let Some((slot, account)) = find(client, &attempt, name).await? else { return Ok(()) };
    if account.is_enabled {
        client.order(permit, &SetUserPassword { slot, order: PasswordOrder::Disable }).await?;
    }
    client.order(permit, &SetUserAccess { slot, privilege: NO_ACCESS, may_send: false }).await?;
    client.order(permit, &SetUserName { slot, name: "" }).await
}

fn privilege(role: Role) -> u8 {
    match role {
        Role::None | Role::Other => NO_ACCESS,
        Role::User => USER,
        Role::Operator => OPERATOR,
        Role::Administrator => ADMINISTRATOR,
    }
}

async fn find(client: &mut Client, attempt: &str, name: &str) -> Result<Option<(u8, Account)>, EngineError> {
    let Some(slots) = accounts::read(client).await? else {
        return Err(EngineError::new(ErrorKind::Rejected, attempt, "this BMC has no commands for accounts"));
    };
    let same_name = slots.into_iter().filter(|slot| slot.account.name == name).collect::<Vec<_>>();
    match <[_; 1]>::try_from(same_name) {
        Ok([slot]) => Ok(Some((slot.number, slot.account))),
        Err(none) if none.is_empty() => Ok(None),
        Err(several) => {
            let words = format!("{} slots of the BMC have this name. Hint: free all but one by hand", several.len());
            Err(EngineError::new(ErrorKind::Conflict, attempt, words))
        }
    }
}

/// Takes the first free slot, and keeps whoever is in it out.
async fn occupy(client: &mut Client, permit: &WritePermit, attempt: &str, name: &str) -> Result<u8, EngineError> {
    let last = accounts::slot_last(client).await?.unwrap_or_default();
    for slot in SLOT_FIRST..=last {
        let is_free = client.ask_if_there(&GetUserName { slot }).await?.is_some_and(|name| name.is_empty());
        if is_free {
            client.order(permit, &SetUserAccess { slot, privilege: NO_ACCESS, may_send: false }).await?;
            client.order(permit, &SetUserName { slot, name }).await?;
            client.order(permit, &SetUserPassword { slot, order: PasswordOrder::Disable }).await?;
            return Ok(slot);
        }
    }
    Err(EngineError::new(ErrorKind::Rejected, attempt, format!("all {last} slots of the BMC are taken. Hint: remove an account that nobody uses")))
}
