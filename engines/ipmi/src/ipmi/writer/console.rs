//! How is the serial console set up? Each parameter within its own brackets, as `ipmitool sol set` does.

use engine_api::{EngineError, ErrorKind, WritePermit};

use crate::driver::Console;
use crate::ipmi::client::Client;
use crate::ipmi::command::console::{AUTHENTICATION, BIT_RATE_NOW, ENABLED, GetConsole, LASTING_BIT_RATE, SetConsole};
use crate::ipmi::console;

const ATTEMPT: &str = "set up the serial console";

/// Sets what is given, and looks whether it is kept.
pub(in crate::ipmi) async fn set_up(client: &mut Client, permit: &WritePermit, wanted: &Console) -> Result<(), EngineError> {
    let refused = |words: &str| EngineError::new(ErrorKind::Rejected, ATTEMPT, words);
    if let Some(role) = wanted.role {
        let number = console::number_of_role(role).ok_or_else(|| refused("IPMI has no number for this role"))?;
        let now = client.ask(&GetConsole { parameter: AUTHENTICATION }).await?;
        write(client, permit, AUTHENTICATION, console::with_role(now, number)).await?;
    }
    if let Some(rate) = wanted.bit_rate {
        let number = console::number_of_bit_rate(rate).ok_or_else(|| refused("IPMI has no number for this bit rate"))?;
        write(client, permit, LASTING_BIT_RATE, number).await?;
        write(client, permit, BIT_RATE_NOW, number).await?;
    }
    // Last: who may open it is set by then.
    if let Some(is_enabled) = wanted.is_enabled {
        write(client, permit, ENABLED, u8::from(is_enabled)).await?;
    }
    match console::read(client).await? {
        Some(kept) if kept.is_as(wanted) => Ok(()),
        _ => Err(refused("the BMC said yes and keeps something else. Hint: set it up with the vendor's tools, and take `console` out")),
    }
}

/// Not every BMC has the brackets; the parameter is what matters.
async fn write(client: &mut Client, permit: &WritePermit, parameter: u8, value: u8) -> Result<(), EngineError> {
    let begun = client.order(permit, &SetConsole::BEGIN).await;
    let set = client.order(permit, &SetConsole { parameter, value }).await;
    let committed = client.order(permit, &SetConsole::COMMIT).await;
    let ended = client.order(permit, &SetConsole::END).await;
    set?;
    [begun, committed, ended].into_iter().filter_map(Result::err).find(|error| error.kind != ErrorKind::Rejected).map_or(Ok(()), Err)
}
