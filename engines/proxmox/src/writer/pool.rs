//! What can be done to one pool?

use std::collections::BTreeSet;

use engine_api::{EngineError, Repeat};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::calls::{Calls, Plan, gone_is_fine};
use super::operation;
use crate::client::{Body, Parameters};

impl Calls<'_> {
    fn pool_plan(&self, operation: &'static str, attempt: String, name: &str, method: Method, parameters: Parameters) -> Plan {
        Plan {
            operation,
            attempt,
            key: name.to_owned(),
            repeat: Repeat::Safe,
            method,
            path: "/pools".to_owned(),
            body: Body::Form(std::iter::once(("poolid".to_owned(), name.to_owned())).chain(parameters).collect()),
            limit: self.timeouts.write,
        }
    }

    /// The mark is in the comment: the pool is ours from the first moment.
    pub(crate) async fn make_pool(&self, name: &str, comment: &str) -> Result<(), EngineError> {
        let parameters = vec![("comment".to_owned(), comment.to_owned())];
        let plan = self.pool_plan(operation::POOL_CREATE, format!("create the pool `{name}`"), name, Method::POST, parameters);
        self.make(Plan { repeat: Repeat::Check, ..plan }).await
    }

    pub(crate) async fn describe_pool(&self, name: &str, comment: &str) -> Result<(), EngineError> {
        let parameters = vec![("comment".to_owned(), comment.to_owned())];
        self.make(self.pool_plan(operation::POOL, format!("describe the pool `{name}`"), name, Method::PUT, parameters)).await
    }

    /// Puts storages into a pool, or takes them out.
    pub(crate) async fn fill_pool(&self, name: &str, storages: &BTreeSet<String>, is_removal: bool) -> Result<(), EngineError> {
        let list = storages.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        let attempt = format!("{} the pool `{name}`: {list}", if is_removal { "take storages out of" } else { "put storages into" });
        let mut parameters = vec![("storage".to_owned(), list)];
        if is_removal {
            parameters.push(("delete".to_owned(), "1".to_owned()));
        }
        self.make(self.pool_plan(operation::POOL, attempt, name, Method::PUT, parameters)).await
    }

    pub(crate) async fn discard_pool(&self, name: &str) -> Result<(), EngineError> {
        let plan = self.pool_plan(operation::POOL_DELETE, format!("delete the pool `{name}`"), name, Method::DELETE, Parameters::new());
        let path = format!("/pools?poolid={}", utf8_percent_encode(name, NON_ALPHANUMERIC));
        gone_is_fine(self.make(Plan { path, body: Body::None, ..plan }).await)
    }
}
