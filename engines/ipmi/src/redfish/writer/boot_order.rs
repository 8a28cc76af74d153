//! How is the firmware's boot order changed? At the system, or where it keeps what is to come; and then it is looked whether it is kept.

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::json;
use tokio::time::Instant;

use crate::redfish::boot_order::{read, settings_of, to_come};
use crate::redfish::client::Client;
use crate::redfish::service::Service;

const ATTEMPT: &str = "set the firmware's boot order";

pub(in crate::redfish) async fn write_boot_order(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    wanted: &[String],
) -> Result<(), EngineError> {
    let refused = |words: String| EngineError::new(ErrorKind::Rejected, ATTEMPT, words);
    let found = read(client, service).await?.ok_or_else(|| refused("the BMC does not tell it".to_owned()))?;
    let mut references = Vec::new();
    for name in wanted {
        let option = found.options.iter().find(|option| option.name == *name);
        references.push(option.ok_or_else(|| refused(missing(name, found.unnamed.as_deref())))?.reference.as_str());
    }
    let body = json!({"Boot": {"BootOrder": references}});
    // The task that a BMC makes of this ends at the machine's next start, which is not ours to wait for.
    if let Err(error) = client.send_patch(permit, ATTEMPT, &service.system, &body).await {
        match settings_of(&service.system_then) {
            Some(settings) if error.kind == ErrorKind::Rejected => client.send_patch(permit, ATTEMPT, settings, &body).await?,
            _ => return Err(error),
        };
    }
    let end = Instant::now() + client.options.timeouts.settle;
    loop {
        if to_come(client, service).await?.is_some_and(|kept| kept == references) {
            return Ok(());
        }
        if Instant::now() >= end {
            let words = "the BMC said yes and keeps another order. Hint: some want every boot option in it; `ipr import` shows the one there is";
            return Err(refused(words.to_owned()));
        }
        tokio::time::sleep_until((Instant::now() + client.options.timeouts.poll).min(end)).await;
    }
}

fn missing(name: &str, unnamed: Option<&str>) -> String {
    match unnamed {
        Some(why) => format!("whether `{name}` is a boot option is not known: {why}"),
        None => format!("the machine has no boot option `{name}`"),
    }
}
