//! Does the simulator speak as GitHub's published description says?
//!
//! Every REST exchange and every payload is held to JSON Schemas that GitHub published, and every answer to the shapes of
//! recorded traffic. This data is not part of the repository: it is read from the folder that `IPR_CONTRACT_DATA` names, or
//! from `shared/data` beside the checkout.

mod operations;
mod schemas;
mod shapes;

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use super::webhook::Event;
use operations::Operations;
use schemas::Schemas;

/// One thing that was said or asked and that the contract does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The request, or the event.
    pub subject: String,
    pub problem: String,
}

/// A REST request with its answer.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    /// In the `/repos/{owner}/{repo}` form.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) request: Option<&'a Value>,
    pub(crate) status: u16,
    pub(crate) response: Option<&'a Value>,
}

#[derive(Debug)]
struct Contract {
    operations: Operations,
    webhooks: PathBuf,
    events: OnceLock<Option<Schemas>>,
}

/// Loaded once a process; validators are compiled when first needed.
static CONTRACT: OnceLock<Option<Contract>> = OnceLock::new();

/// Collects what broke the contract.
#[derive(Debug)]
pub(crate) struct Judge {
    contract: Option<&'static Contract>,
    violations: Vec<Violation>,
}

impl Judge {
    pub(crate) fn new(is_on: bool) -> Self {
        let contract = if is_on { CONTRACT.get_or_init(load).as_ref() } else { None };
        Self { contract, violations: Vec::new() }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.contract.is_some()
    }

    pub(crate) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    pub(crate) fn exchange(&mut self, exchange: &Exchange<'_>) {
        let Some(contract) = self.contract else { return };
        let problems = contract.operations.problems(exchange);
        let subject = format!("{} {} -> {}", exchange.method, exchange.path, exchange.status);
        self.add(&subject, problems);
    }

    pub(crate) fn payload(&mut self, event: Event, payload: &Value) {
        let Some(contract) = self.contract else { return };
        let key = event.schema();
        let Some(schemas) = contract.events() else { return };
        let problems = match schemas.event(&key) {
            Some(reference) => schemas.problems(&reference, payload),
            None => vec!["the contract knows no such event".to_owned()],
        };
        self.add(&format!("webhook {key}"), problems);
    }

    fn add(&mut self, subject: &str, problems: Vec<String>) {
        let violations = problems.into_iter().map(|problem| Violation { subject: subject.to_owned(), problem });
        self.violations.extend(violations);
    }
}

impl Contract {
    fn events(&self) -> Option<&Schemas> {
        self.events.get_or_init(|| Schemas::read(&self.webhooks)).as_ref()
    }
}

fn load() -> Option<Contract> {
    let folder = match std::env::var_os("IPR_CONTRACT_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let operations = Operations::read(&folder.join("github"));
    if operations.is_none() {
        eprintln!("github simulator: no contract data in {}; the contract layer is off", folder.display());
    }
    Some(Contract { operations: operations?, webhooks: folder.join("github/webhook-schemas.json"), events: OnceLock::new() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Exchange, Judge};
    use crate::github::webhook::Event;

    /// A judge that found its data, or a loud word that there is none.
    fn judge() -> Option<Judge> {
        let judge = Judge::new(true);
        if !judge.is_on() {
            eprintln!("NOT TESTED: the contract data is not on this machine");
        }
        judge.is_on().then_some(judge)
    }

    fn problems(judge: &mut Judge, exchange: &Exchange<'_>) -> Vec<String> {
        judge.violations.clear();
        judge.exchange(exchange);
        judge.violations.iter().map(|violation| violation.problem.clone()).collect()
    }

    fn reaction(response: &Value) -> Exchange<'_> {
        let path = "/repos/a/b/issues/comments/1/reactions";
        Exchange { method: "POST", path, query: "", request: None, status: 201, response: Some(response) }
    }

    #[test]
    fn planted_errors_are_found() {
        let Some(mut judge) = judge() else { return };
        let good = json!({ "id": 1, "node_id": "x", "user": null, "content": "+1", "created_at": "2026-01-01T00:00:00Z" });
        assert_eq!(problems(&mut judge, &reaction(&good)), Vec::<String>::new());
        let mut bad = good.clone();
        bad["content"] = json!("thumbs");
        assert_eq!(problems(&mut judge, &reaction(&bad)).len(), 1);
        let missing = json!({ "id": 1 });
        assert!(problems(&mut judge, &reaction(&missing)).len() >= 4);
        let request = json!({ "content": "thumbs" });
        let asked = Exchange { request: Some(&request), ..reaction(&good) };
        assert!(problems(&mut judge, &asked)[0].starts_with("in the request"));
        let status = Exchange { status: 202, ..reaction(&good) };
        assert_eq!(problems(&mut judge, &status), ["the contract does not list this status"]);
        let path = Exchange { path: "/repos/a/b/nothing", ..reaction(&good) };
        assert_eq!(problems(&mut judge, &path), ["the contract knows no such operation"]);
    }

    #[test]
    fn what_schemas_allow_but_github_never_sends_is_found() {
        let Some(mut judge) = judge() else { return };
        let reset = json!({ "limit": 1, "used": 1, "remaining": 1, "reset": 1 });
        let response = json!({ "resources": { "core": reset, "search": reset }, "rate": reset });
        let path = "/rate_limit";
        let exchange = Exchange { method: "GET", path, query: "", request: None, status: 200, response: Some(&response) };
        assert_eq!(problems(&mut judge, &exchange), Vec::<String>::new());
        let user = json!({ "gravatar_id": null });
        let answer = Exchange { path: "/user", response: Some(&user), ..exchange };
        let found = problems(&mut judge, &answer);
        assert!(found.iter().any(|problem| problem.starts_with(".gravatar_id has type `0`")), "{found:?}");
        assert!(found.iter().any(|problem| problem.starts_with(".login is missing")), "{found:?}");
    }

    #[test]
    fn refs_and_paths_may_hold_slashes() {
        let Some(mut judge) = judge() else { return };
        let response =
            json!({ "ref": "refs/heads/a/b", "node_id": "x", "url": "", "object": { "type": "commit", "sha": "0".repeat(40), "url": "" } });
        let path = "/repos/a/b/git/ref/heads/a/b";
        let exchange = Exchange { method: "GET", path, query: "", request: None, status: 200, response: Some(&response) };
        assert_eq!(problems(&mut judge, &exchange), Vec::<String>::new());
    }

    #[test]
    fn a_payload_without_its_keys_is_found() {
        let Some(mut judge) = judge() else { return };
        judge.payload(Event::new("issue_comment", "created"), &json!({ "action": "created" }));
        assert!(!judge.violations.is_empty());
        judge.violations.clear();
        judge.payload(Event::new("issue_comment", "invented"), &json!({}));
        assert_eq!(judge.violations[0].problem, "the contract knows no such event");
    }
}
