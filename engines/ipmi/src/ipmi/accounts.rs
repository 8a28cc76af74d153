//! Who may log in? The slots of the BMC, those with a name.

use engine_api::{EngineError, ErrorKind};

use super::client::Client;
use super::command::user::{GetUserAccess, GetUserName, SLOT_FIRST};
use crate::driver::{Account, Role};

/// A slot with somebody in it.
pub(super) struct Slot {
    pub(super) number: u8,
    pub(super) account: Account,
}

pub(super) const CALLBACK: u8 = 0x01;
pub(super) const USER: u8 = 0x02;
pub(super) const OPERATOR: u8 = 0x03;
pub(super) const ADMINISTRATOR: u8 = 0x04;
const VENDORS_OWN: u8 = 0x05;
pub(super) const NO_ACCESS: u8 = 0x0f;

/// `None`: the BMC has no such commands.
pub(super) async fn read(client: &mut Client) -> Result<Option<Vec<Slot>>, EngineError> {
    let Some(last) = slot_last(client).await? else { return Ok(None) };
    let mut found = Vec::new();
    for number in SLOT_FIRST..=last {
        let name = client.ask_if_there(&GetUserName { slot: number }).await?.unwrap_or_default();
        if name.is_empty() {
            continue;
        }
        // Somebody is in it, and may be able to log in: that is not the same as nobody.
        let Some(access) = client.ask_if_there(&GetUserAccess { slot: number }).await? else {
            let words = format!("the BMC says that slot {number} has the account `{name}`, and not what it may do");
            return Err(EngineError::new(ErrorKind::Rejected, "read who may log in", words));
        };
        let role = match access.privilege {
            _ if !access.may_send => Role::None,
            CALLBACK | USER => Role::User,
            OPERATOR => Role::Operator,
            ADMINISTRATOR | VENDORS_OWN => Role::Administrator,
            _ => Role::None,
        };
        // A BMC that does not say lets in whoever may do something.
        let is_enabled = access.is_enabled.unwrap_or(role != Role::None);
        found.push(Slot { number, account: Account { name, role, is_enabled } });
    }
    Ok(Some(found))
}

pub(super) async fn slot_last(client: &mut Client) -> Result<Option<u8>, EngineError> {
    Ok(client.ask_if_there(&GetUserAccess { slot: SLOT_FIRST }).await?.map(|access| access.slot_last))
}
