//! Where does the BMC get its time from? It dates the event log, and certificates and logs are of little use without it.

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use super::link;
use super::service::Service;

pub(super) const ATTEMPT: &str = "read where the BMC gets its time from";

/// The resource that tells, if there is one.
pub(super) fn place(service: &Service) -> Option<&str> {
    link::of(service.manager.as_ref()?, "NetworkProtocol")
}

pub(super) async fn read(client: &mut Client, service: &Service) -> Result<Option<Vec<String>>, EngineError> {
    let Some(place) = place(service) else { return Ok(None) };
    Ok(client.get_if_there(ATTEMPT, place).await?.as_ref().and_then(servers))
}

/// Fixed places that nobody filled are null or empty. Servers that are not asked are none.
pub(super) fn servers(protocols: &Value) -> Option<Vec<String>> {
    let ntp = protocols.get("NTP")?;
    let listed = ntp.get("NTPServers")?.as_array()?;
    let is_asked = ntp.get("ProtocolEnabled").and_then(Value::as_bool).unwrap_or(true);
    let filled = listed.iter().filter_map(Value::as_str).map(str::trim).filter(|host| !host.is_empty() && is_asked);
    Some(filled.map(str::to_ascii_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn servers_that_are_not_asked_are_none() {
        let told = |enabled: bool| servers(&json!({"NTP": {"ProtocolEnabled": enabled, "NTPServers": ["A.example", "", null, "10.0.0.1"]}}));
        assert_eq!(told(true), Some(vec!["a.example".to_owned(), "10.0.0.1".to_owned()]));
        assert_eq!((told(false), servers(&json!({}))), (Some(Vec::new()), None));
    }
}
