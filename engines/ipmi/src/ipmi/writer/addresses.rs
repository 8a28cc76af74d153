//! How does the BMC get other addresses? One parameter after the other, each within its own brackets as `ipmitool lan set` does, and
//! the way to it last.

use engine_api::{EngineError, ErrorKind, WritePermit};

use crate::driver::Addresses;
use crate::ipmi::addresses;
use crate::ipmi::client::Client;
use crate::ipmi::command::lan::{BEGIN, COMMIT, END, SET_IN_PROGRESS, SetLanParameter};

const ATTEMPT: &str = "set the BMC's own addresses";

pub(in crate::ipmi) async fn readdress(client: &mut Client, permit: &WritePermit, wanted: &Addresses) -> Result<(), EngineError> {
    let tag_now = addresses::tag(client).await?;
    for (parameter, value) in addresses::written(wanted, tag_now) {
        write(client, permit, parameter, &value).await.map_err(cut_off)?;
    }
    match addresses::read(client).await.map_err(cut_off)? {
        Some(kept) if wanted.missing_from(&kept) == Addresses::default() => Ok(()),
        _ => {
            let words = "the BMC said yes and keeps something else. Hint: some need `source: static` beside an address; look at its own page";
            Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, words))
        }
    }
}

/// Not every BMC has the brackets; the parameter is what matters. Nobody waits twice for one that fell silent.
async fn write(client: &mut Client, permit: &WritePermit, parameter: u8, value: &[u8]) -> Result<(), EngineError> {
    bracket(client, permit, BEGIN).await?;
    let set = client.order(permit, &SetLanParameter { parameter, value }).await;
    if set.as_ref().is_err_and(is_silence) {
        return set;
    }
    bracket(client, permit, COMMIT).await?;
    bracket(client, permit, END).await?;
    set
}

async fn bracket(client: &mut Client, permit: &WritePermit, value: u8) -> Result<(), EngineError> {
    match client.order(permit, &SetLanParameter { parameter: SET_IN_PROGRESS, value: &[value] }).await {
        Err(error) if error.kind == ErrorKind::Rejected => Ok(()),
        done => done,
    }
}

fn is_silence(error: &EngineError) -> bool {
    matches!(error.kind, ErrorKind::Timeout | ErrorKind::Unreachable)
}

/// Silence is what a new address sounds like. Whoever reads it is told where to look; asking again at the old one is of no use.
fn cut_off(error: EngineError) -> EngineError {
    if !is_silence(&error) {
        return error;
    }
    let words = "the BMC fell silent: it may be at its new address, or out of reach; whether all of it took effect is not known. Hint: look whether it \
                 answers there, and write that address as the target's";
    EngineError::new(ErrorKind::Timeout, ATTEMPT, words).with_source(error)
}
