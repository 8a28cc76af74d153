//! How does the BMC get its own name, and whom it asks for names? At the interface that we reach it by; its addresses are left alone.

use engine_api::{EngineError, ErrorKind, WritePermit};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::driver::Network;
use crate::redfish::client::Client;
use crate::redfish::network::{interface, read, takes_theirs};
use crate::redfish::service::Service;
use crate::redfish::{fault, link};

const ATTEMPT: &str = "set the BMC's own name and name servers";

/// Sets what is given, and looks whether it is kept.
pub(in crate::redfish) async fn write_network(
    client: &mut Client,
    service: &Service,
    permit: &WritePermit,
    wanted: &Network,
) -> Result<(), EngineError> {
    let refused = |words: &str| EngineError::new(ErrorKind::Rejected, ATTEMPT, words);
    let found = interface(client, service).await?;
    let found = found.ok_or_else(|| refused("the BMC does not tell by which of its network interfaces it is reached"))?;
    let place = link::id(&found).ok_or_else(|| fault::senseless(ATTEMPT, "the interface does not say where it is (@odata.id)"))?;
    let places = found.get("StaticNameServers").and_then(Value::as_array).map_or(0, Vec::len);
    let (filled_up, bare) = (body(&found, wanted, places), body(&found, wanted, 0));
    let answer = match client.send_patch(permit, ATTEMPT, place, &filled_up).await {
        // Some (OpenBMC) take no nothing in a list, and put the list in the place of the old one; what is kept shows below.
        Err(error) if error.kind == ErrorKind::Rejected && filled_up != bare => client.send_patch(permit, ATTEMPT, place, &bare).await?,
        answer => answer?,
    };
    client.finish(ATTEMPT, answer).await?;
    let end = Instant::now() + client.options.timeouts.settle;
    loop {
        if read(client, service).await?.is_some_and(|kept| kept.is_as(wanted)) {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(refused("the BMC said yes and keeps something else. Hint: some take the name from DHCP; look at its own page"));
        }
        tokio::time::sleep_until((Instant::now() + client.options.timeouts.poll).min(end)).await;
    }
}

/// Fixed places are filled up with nothing, so that none of the old servers stays behind.
fn body(found: &Value, wanted: &Network, places: usize) -> Value {
    let mut body = Map::new();
    body.extend(wanted.hostname.as_ref().map(|hostname| ("HostName".to_owned(), json!(hostname))));
    if let Some(servers) = &wanted.name_servers {
        let mut listed: Vec<Value> = servers.iter().map(|server| json!(server)).collect();
        listed.resize(places.max(servers.len()), Value::Null);
        body.insert("StaticNameServers".to_owned(), Value::Array(listed));
        body.extend(takes_theirs(found).into_iter().map(|dhcp| (dhcp.to_owned(), json!({"UseDNSServers": false}))));
    }
    Value::Object(body)
}
