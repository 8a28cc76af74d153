//! Where does a link lead? To the BMC that gave it, or it is not followed: every request carries the credential.

use serde_json::Value;
use url::Url;

/// The path that a link means, if it stays on the same host and port.
pub(super) fn path(base: &Url, link: &str) -> Option<String> {
    let mut url = base.join(link).ok().filter(|url| url.origin() == base.origin())?;
    url.set_fragment(None);
    Some(url[url::Position::BeforePath..].to_owned())
}

/// What `{"Name": {"@odata.id": ".."}}` points at.
pub(super) fn of<'v>(resource: &'v Value, name: &str) -> Option<&'v str> {
    id(resource.get(name)?)
}

/// The link in `{"@odata.id": ".."}`.
pub(super) fn id(reference: &Value) -> Option<&str> {
    reference.get("@odata.id")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_leave_the_bmc_are_not_followed() {
        let base = Url::parse("https://10.9.0.11").expect("an address");
        let led = |link: &str| path(&base, link);
        assert_eq!(led("/redfish/v1/Systems/1").as_deref(), Some("/redfish/v1/Systems/1"));
        assert_eq!(led("https://10.9.0.11:443/redfish/v1/x?$skip=2").as_deref(), Some("/redfish/v1/x?$skip=2"));
        assert_eq!(led("/redfish/v1/Power#/PowerSupplies/0").as_deref(), Some("/redfish/v1/Power"));
        for elsewhere in ["https://evil.example/redfish/v1", "//evil.example/x", "http://10.9.0.11/redfish/v1", "https://10.9.0.11:8443/", "ftp:x"] {
            assert_eq!(led(elsewhere), None, "{elsewhere}");
        }
    }
}
