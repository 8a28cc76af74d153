//! What can be done to the firewall? Rules, options, groups, sets and aliases, each as one announced call.

use core_model::Hash;
use engine_api::{EngineError, Repeat};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::json;

use super::calls::{Calls, Plan, gone_is_fine};
use crate::client::{Body, Parameters};
use crate::firewall::{Edit, Names, Rule, Rules};

/// The names under which calls are journaled.
pub(crate) mod operation {
    pub(crate) const RULE_ADD: &str = "FirewallRuleAdd";
    pub(super) const RULE_MOVE: &str = "FirewallRuleMove";
    pub(super) const RULE_CHANGE: &str = "FirewallRuleChange";
    pub(super) const RULE_REMOVE: &str = "FirewallRuleRemove";
    pub(super) const OPTIONS: &str = "FirewallOptions";
    pub(super) const NAME_MAKE: &str = "FirewallNameMake";
    pub(super) const NAME_CHANGE: &str = "FirewallNameChange";
    pub(super) const NAME_REMOVE: &str = "FirewallNameRemove";
    pub(super) const MEMBER_ADD: &str = "FirewallMemberAdd";
    pub(super) const MEMBER_CHANGE: &str = "FirewallMemberChange";
    pub(super) const MEMBER_REMOVE: &str = "FirewallMemberRemove";
}

/// What tells one rule from another in the key of a call.
pub(crate) fn fingerprint(rule: &Rule) -> String {
    Hash::of(&json!(rule.parameters())).as_str().to_owned()
}

/// How a call is made.
struct Request {
    operation: &'static str,
    attempt: String,
    key: String,
    method: Method,
    path: String,
    parameters: Parameters,
}

fn text(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

impl Calls<'_> {
    async fn send(&self, request: Request, repeat: Repeat) -> Result<(), EngineError> {
        let Request { operation, attempt, key, method, path, parameters } = request;
        // A DELETE has its parameters in the path.
        let (path, body) = if method == Method::DELETE {
            let query: Vec<String> =
                parameters.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
            (if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }, Body::None)
        } else {
            (path, Body::Form(parameters))
        };
        self.make(Plan { operation, attempt, key, repeat, method, path, body, limit: self.timeouts.write }).await
    }

    /// One call on a list of rules as it was seen. Proxmox looks at no digest where a rule is put in, and puts it at the top.
    pub(crate) async fn edit_rules(&self, path: &str, name: &str, edit: &Edit, seen: &Rules) -> Result<(), EngineError> {
        let digest = seen.digest.clone().map(|digest| ("digest".to_owned(), digest));
        let request = |operation, words: String, key: String, method, rest: String, parameters: Parameters| Request {
            operation,
            attempt: format!("{words} of `{name}`"),
            key: format!("{path} {key}"),
            method,
            path: format!("{path}{rest}"),
            parameters: parameters.into_iter().chain(digest.clone()).collect(),
        };
        let request = match edit {
            Edit::Insert(rule) => {
                let count = seen.rules.iter().filter(|other| *other == rule).count() + 1;
                let key = format!("{count} {}", fingerprint(rule));
                request(operation::RULE_ADD, "add a rule".to_owned(), key, Method::POST, String::new(), rule.parameters())
            }
            Edit::Move { from, before } => {
                let words = format!("move the rule at position {from}");
                let parameters = vec![text("moveto", before.to_string())];
                request(operation::RULE_MOVE, words, format!("{from} {before}"), Method::PUT, format!("/{from}"), parameters)
            }
            Edit::Change { at, to } => {
                let words = format!("change the rule at position {at}");
                request(operation::RULE_CHANGE, words, at.to_string(), Method::PUT, format!("/{at}"), to.parameters_from(&seen.rules[*at]))
            }
            Edit::Remove { at } => {
                let words = format!("remove the rule at position {at}");
                request(operation::RULE_REMOVE, words, at.to_string(), Method::DELETE, format!("/{at}"), Parameters::new())
            }
        };
        let repeat = if matches!(edit, Edit::Insert(_)) { Repeat::Check } else { Repeat::Safe };
        self.send(request, repeat).await
    }

    pub(crate) async fn set_firewall_options(
        &self,
        path: &str,
        name: &str,
        mut parameters: Parameters,
        digest: Option<&str>,
    ) -> Result<(), EngineError> {
        parameters.extend(digest.map(|digest| text("digest", digest)));
        let attempt = format!("set the options of `{name}`");
        let request =
            Request { operation: operation::OPTIONS, attempt, key: path.to_owned(), method: Method::PUT, path: path.to_owned(), parameters };
        self.send(request, Repeat::Safe).await
    }

    /// Makes a group, a set or an alias, with its marker.
    pub(crate) async fn make_name(&self, names: Names, name: &str, mut parameters: Parameters) -> Result<(), EngineError> {
        parameters.push(text(names.key(), name));
        let attempt = format!("create the {} `{name}`", names.noun());
        let path = names.path().to_owned();
        let request = Request { operation: operation::NAME_MAKE, attempt, key: names.path_of(name), method: Method::POST, path, parameters };
        self.send(request, Repeat::Safe).await
    }

    /// Groups and sets are changed by the call that makes them, with `rename`.
    pub(crate) async fn change_name(&self, names: Names, name: &str, mut parameters: Parameters, digest: Option<&str>) -> Result<(), EngineError> {
        parameters.extend(digest.map(|digest| text("digest", digest)));
        let (method, path) = if names == Names::Aliases {
            (Method::PUT, names.path_of(name))
        } else {
            parameters.extend([text(names.key(), name), text("rename", name)]);
            (Method::POST, names.path().to_owned())
        };
        let attempt = format!("change the {} `{name}`", names.noun());
        let request = Request { operation: operation::NAME_CHANGE, attempt, key: names.path_of(name), method, path, parameters };
        self.send(request, Repeat::Safe).await
    }

    /// A set goes with its members; a group must be empty.
    pub(crate) async fn remove_name(&self, names: Names, name: &str) -> Result<(), EngineError> {
        let parameters = if names == Names::Sets { vec![text("force", "1")] } else { Parameters::new() };
        let attempt = format!("delete the {} `{name}`", names.noun());
        let path = names.path_of(name);
        let request = Request { operation: operation::NAME_REMOVE, attempt, key: path.clone(), method: Method::DELETE, path, parameters };
        gone_is_fine(self.send(request, Repeat::Safe).await)
    }

    pub(crate) async fn add_member(&self, set: &str, cidr: &str, mut parameters: Parameters) -> Result<(), EngineError> {
        parameters.push(text("cidr", cidr));
        let attempt = format!("add `{cidr}` to the IP set `{set}`");
        let (path, key) = (Names::Sets.path_of(set), format!("{set} {cidr}"));
        self.send(Request { operation: operation::MEMBER_ADD, attempt, key, method: Method::POST, path, parameters }, Repeat::Safe).await
    }

    /// What is not among the parameters is taken out.
    pub(crate) async fn change_member(&self, set: &str, cidr: &str, mut parameters: Parameters, digest: Option<&str>) -> Result<(), EngineError> {
        parameters.extend(digest.map(|digest| text("digest", digest)));
        let attempt = format!("change `{cidr}` in the IP set `{set}`");
        let (path, key) = (member_path(set, cidr), format!("{set} {cidr}"));
        self.send(Request { operation: operation::MEMBER_CHANGE, attempt, key, method: Method::PUT, path, parameters }, Repeat::Safe).await
    }

    pub(crate) async fn remove_member(&self, set: &str, cidr: &str, digest: Option<&str>) -> Result<(), EngineError> {
        let parameters = digest.map(|digest| text("digest", digest)).into_iter().collect();
        let attempt = format!("remove `{cidr}` from the IP set `{set}`");
        let (path, key) = (member_path(set, cidr), format!("{set} {cidr}"));
        self.send(Request { operation: operation::MEMBER_REMOVE, attempt, key, method: Method::DELETE, path, parameters }, Repeat::Safe).await
    }
}

fn member_path(set: &str, cidr: &str) -> String {
    format!("{}/{}", Names::Sets.path_of(set), utf8_percent_encode(cidr, NON_ALPHANUMERIC))
}
