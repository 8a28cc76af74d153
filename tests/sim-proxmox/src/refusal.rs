//! How does Proxmox VE say no?

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// An HTTP status, a sentence, and what is wrong with which parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) errors: BTreeMap<String, String>,
}

impl Refusal {
    /// 500, which is what nearly every operational error is.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::with_status(500, message)
    }

    pub(crate) fn with_status(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: BTreeMap::new() }
    }

    /// 400 for one parameter.
    pub(crate) fn parameter(name: &str, problem: impl Into<String>) -> Self {
        Self::parameters(BTreeMap::from([(name.to_owned(), problem.into())]))
    }

    pub(crate) fn parameters(errors: BTreeMap<String, String>) -> Self {
        Self { status: 400, message: "Parameter verification failed.".to_owned(), errors }
    }

    pub(crate) fn forbidden(path: &str, privileges: &str) -> Self {
        Self::with_status(403, format!("Permission check failed ({path}, {privileges})"))
    }

    /// A pool to be used is not there; asked for by itself it answers otherwise.
    pub(crate) fn no_pool(pool: &str) -> Self {
        Self::with_status(403, format!("Permission check failed (pool '{pool}' does not exist)"))
    }

    /// The words a failed task ends with.
    pub(crate) fn exit_status(&self) -> String {
        match self.errors.iter().next() {
            None => self.message.clone(),
            Some(_) => {
                let errors: Vec<_> = self.errors.iter().map(|(name, problem)| format!("{name}: {problem}")).collect();
                format!("{} {}", self.message, errors.join(", "))
            }
        }
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "data": null, "message": format!("{}\n", self.message) });
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        body
    }
}
