//! How can this machine be switched and reset? By what it lists; words that it does not list are never sent.

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use crate::driver::{PowerOrder, Reset};

/// The first word that the machine lists is used.
const ORDERS: &[(PowerOrder, &[&str])] =
    &[(PowerOrder::On, &["On", "ForceOn"]), (PowerOrder::Off, &["ForceOff"]), (PowerOrder::ShutDown, &["GracefulShutdown"])];
const RESETS: &[(Reset, &[&str])] = &[(Reset::Cycle, &["PowerCycle"]), (Reset::Hard, &["ForceRestart"]), (Reset::Nmi, &["Nmi"])];

/// The action, and what it takes.
#[derive(Debug, Default)]
pub(super) struct ResetTypes {
    pub(super) target: Option<String>,
    /// `None`: it does not say, so every word of the standard may be tried.
    allowed: Option<Vec<String>>,
}

impl ResetTypes {
    pub(super) async fn read(client: &mut Client, system: &Value) -> Result<Self, EngineError> {
        let Some(action) = system.get("Actions").and_then(|actions| actions.get("#ComputerSystem.Reset")) else { return Ok(Self::default()) };
        let target = action.get("target").and_then(Value::as_str).map(str::to_owned);
        let mut allowed = action.get("ResetType@Redfish.AllowableValues").and_then(words);
        let described = action.get("@Redfish.ActionInfo").and_then(Value::as_str);
        if let (None, Some(place)) = (&allowed, described) {
            allowed = client.get_if_there("read how the machine can be reset", place).await?.as_ref().and_then(of_action_info);
        }
        Ok(Self { target, allowed })
    }

    pub(super) fn of_order(&self, order: PowerOrder) -> Option<&'static str> {
        self.first_listed(ORDERS.iter().find(|(of, _)| *of == order)?.1)
    }

    pub(super) fn of_reset(&self, reset: Reset) -> Option<&'static str> {
        self.first_listed(RESETS.iter().find(|(of, _)| *of == reset)?.1)
    }

    pub(super) fn orders(&self) -> Vec<PowerOrder> {
        ORDERS.iter().map(|(order, _)| *order).filter(|order| self.of_order(*order).is_some()).collect()
    }

    pub(super) fn resets(&self) -> Vec<Reset> {
        RESETS.iter().map(|(reset, _)| *reset).filter(|reset| self.of_reset(*reset).is_some()).collect()
    }

    fn first_listed(&self, words: &[&'static str]) -> Option<&'static str> {
        self.target.as_ref()?;
        words.iter().copied().find(|word| self.allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|listed| listed == word)))
    }
}

fn of_action_info(info: &Value) -> Option<Vec<String>> {
    let parameter = info.get("Parameters")?.as_array()?.iter().find(|parameter| parameter.get("Name").is_some_and(|name| name == "ResetType"))?;
    parameter.get("AllowableValues").and_then(words)
}

/// A list of texts.
pub(super) fn words(value: &Value) -> Option<Vec<String>> {
    Some(value.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_is_sent() {
        let with = |allowed: Option<&[&str]>| ResetTypes {
            target: Some("/x".to_owned()),
            allowed: allowed.map(|words| words.iter().map(|word| (*word).to_owned()).collect()),
        };
        let few = with(Some(&["ForceOn", "ForceOff", "ForceRestart"]));
        assert_eq!((few.of_order(PowerOrder::On), few.of_order(PowerOrder::ShutDown), few.of_reset(Reset::Cycle)), (Some("ForceOn"), None, None));
        assert_eq!(few.resets(), [Reset::Hard]);
        assert_eq!(with(None).resets().len(), 3);
        assert_eq!(ResetTypes::default().orders(), []);
    }
}
