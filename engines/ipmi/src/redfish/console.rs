//! Can the machine's serial console be opened over the network? The manager tells; what an account has to be for it, and the bit
//! rate, are each vendor's own.

use serde_json::Value;

use super::service::Service;
use crate::driver::Console;

const PROPERTY: &str = "SerialConsole";

pub(super) fn is_told(service: &Service) -> bool {
    service.manager.as_ref().is_some_and(|manager| of(manager).is_some())
}

/// What a manager says of it. `None`: nothing.
pub(super) fn of(manager: &Value) -> Option<Console> {
    let is_enabled = manager.get(PROPERTY)?.get("ServiceEnabled")?.as_bool()?;
    Some(Console { is_enabled: Some(is_enabled), ..Console::default() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_told_is_nothing() {
        for (manager, expected) in [
            (json!({"SerialConsole": {"ServiceEnabled": true}}), Some(Some(true))),
            (json!({"SerialConsole": {"ServiceEnabled": null}}), None),
            (json!({"SerialConsole": {"ConnectTypesSupported": ["IPMI"]}}), None),
            (json!({}), None),
        ] {
            assert_eq!(of(&manager).map(|console| console.is_enabled), expected, "{manager}");
        }
    }
}
