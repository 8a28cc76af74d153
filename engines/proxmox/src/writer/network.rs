//! What can be done to the network of a node? Changes are staged, and then applied or thrown away together.

use engine_api::{EngineError, Repeat};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::calls::{Calls, Plan, gone_is_fine};
use super::operation;
use crate::client::{Body, Parameters};

impl Calls<'_> {
    fn network_plan(&self, operation: &'static str, attempt: String, node: &str, name: Option<&str>, call: (Method, Parameters)) -> Plan {
        let (method, parameters) = call;
        let rest = name.map(|name| format!("/{}", utf8_percent_encode(name, NON_ALPHANUMERIC))).unwrap_or_default();
        Plan {
            operation,
            attempt,
            key: name.map_or_else(|| node.to_owned(), |name| format!("{node}/{name}")),
            repeat: Repeat::Safe,
            path: format!("/nodes/{node}/network{rest}"),
            body: if method == Method::DELETE { Body::None } else { Body::Form(parameters) },
            method,
            limit: self.timeouts.write,
        }
    }

    /// The mark is in the comment, among the parameters.
    pub(crate) async fn stage_new(&self, node: &str, name: &str, mut parameters: Parameters) -> Result<(), EngineError> {
        parameters.push(("iface".to_owned(), name.to_owned()));
        let attempt = format!("stage the new interface `{name}` of `{node}`");
        let plan = self.network_plan(operation::NETWORK_CREATE, attempt, node, Some(name), (Method::POST, parameters));
        self.make(Plan { repeat: Repeat::Check, path: format!("/nodes/{node}/network"), ..plan }).await
    }

    pub(crate) async fn stage_changed(&self, node: &str, name: &str, parameters: Parameters) -> Result<(), EngineError> {
        let attempt = format!("stage the change of the interface `{name}` of `{node}`");
        self.make(self.network_plan(operation::NETWORK_UPDATE, attempt, node, Some(name), (Method::PUT, parameters))).await
    }

    pub(crate) async fn stage_gone(&self, node: &str, name: &str) -> Result<(), EngineError> {
        let attempt = format!("stage the removal of the interface `{name}` of `{node}`");
        gone_is_fine(self.make(self.network_plan(operation::NETWORK_DELETE, attempt, node, Some(name), (Method::DELETE, Parameters::new()))).await)
    }

    /// What is staged comes true. The node may be out of reach while it does.
    pub(crate) async fn apply_network(&self, node: &str) -> Result<(), EngineError> {
        let attempt = format!("apply the staged network of `{node}`");
        let plan = self.network_plan(operation::NETWORK_APPLY, attempt, node, None, (Method::PUT, Parameters::new()));
        self.make(Plan { limit: self.timeouts.network, ..plan }).await
    }

    /// Throws away what is staged.
    pub(crate) async fn revert_network(&self, node: &str) -> Result<(), EngineError> {
        let attempt = format!("throw away what is staged for the network of `{node}`");
        self.make(self.network_plan(operation::NETWORK_REVERT, attempt, node, None, (Method::DELETE, Parameters::new()))).await
    }
}
