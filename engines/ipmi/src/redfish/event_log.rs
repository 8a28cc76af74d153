//! Where does the BMC write down what happened to the hardware? The log that can be emptied, and not one that tells who did what.

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{collection, link};

const ATTEMPT: &str = "find the log of hardware events";

/// Names that vendors give to that log, where it does not say its kind: SEL and EventLog of most, HPE's IML, Supermicro's Log1.
const NAMES: &[&str] = &["SEL", "EventLog", "IML", "Log1"];

/// The log of hardware events. Audit logs and journals are never it.
pub(super) async fn find(client: &mut Client, service: &Service) -> Result<Option<Value>, EngineError> {
    let mut owners = vec![service.system_then.clone()];
    for place in service.chassis() {
        owners.extend(client.get_if_there(ATTEMPT, &place).await?);
    }
    owners.extend(service.manager.clone());
    let mut logs = Vec::new();
    for owner in &owners {
        if let Some(services) = link::of(owner, "LogServices") {
            logs.extend(collection::resources(client, ATTEMPT, services).await?);
        }
    }
    let is_of_kind = |log: &&Value| log.get("LogEntryType").is_some_and(|kind| kind == "SEL");
    let is_called = |log: &&Value| log.get("Id").and_then(Value::as_str).is_some_and(|id| NAMES.iter().any(|name| id.eq_ignore_ascii_case(name)));
    Ok(logs.iter().find(is_of_kind).or_else(|| logs.iter().find(is_called)).cloned())
}

/// The action that empties it.
pub(super) fn clearing(log: &Value) -> Option<String> {
    log.get("Actions")?.get("#LogService.ClearLog")?.get("target")?.as_str().map(str::to_owned)
}
