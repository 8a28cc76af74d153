//! How is the serial console switched? At the manager; and then it is looked whether it is kept.

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::json;

use crate::driver::Console;
use crate::redfish::client::Client;
use crate::redfish::service::Service;
use crate::redfish::{console, link};

const ATTEMPT: &str = "set up the serial console";

pub(in crate::redfish) async fn switch_console(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    wanted: &Console,
) -> Result<(), EngineError> {
    let refused = |words: &str| EngineError::new(ErrorKind::Rejected, ATTEMPT, words);
    let place = service.manager.as_ref().filter(|manager| console::of(manager).is_some()).and_then(link::id);
    let place = place.ok_or_else(|| refused("its BMC does not tell whether it can be opened"))?;
    if wanted.role.is_some() || wanted.bit_rate.is_some() {
        return Err(refused("Redfish has no words for its role and its bit rate"));
    }
    let answer = client.send_patch(permit, ATTEMPT, place, &json!({"SerialConsole": {"ServiceEnabled": wanted.is_enabled}})).await?;
    client.finish(ATTEMPT, answer).await?;
    match console::of(&client.get(ATTEMPT, place).await?) {
        Some(kept) if kept.is_as(wanted) => Ok(()),
        _ => Err(refused("the BMC said yes and keeps something else. Hint: look at its own page")),
    }
}
