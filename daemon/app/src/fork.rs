//! May everything be looked up for a head that somebody pushed to a fork? Only what the base already uses, until somebody who
//! may write asks for the plan of that very head.

use std::collections::BTreeSet;

use core_model::resource_type::Registry;
use core_model::state::{DesiredResource, DesiredState};
use core_model::{Diagnostic, Origin};
use daemon_github::PullRequest;
use serde_json::Value;

use crate::error::FlowError;
use crate::project::Project;

/// The head of a fork's pull request that a member asked to be planned.
const COVERED: &str = "fork-covered";
const HINT: &str = "somebody who may write to this repository looks at the change and comments `/plan`";

impl Project {
    /// Whether a head may reach further than the base. A member's `/plan` covers the head that had been looked at before it: one
    /// that is pushed while the command is on its way is not meant.
    pub(crate) async fn may_reach_further(&self, pull: &PullRequest, covered: Option<&str>) -> Result<bool, FlowError> {
        if !pull.is_from_fork(&self.repository) {
            return Ok(true);
        }
        let (key, head) = (self.key(&pull.number.0.to_string()), pull.head_sha.as_str());
        if self.store.facts().recall(COVERED, &key).await?.as_deref() == Some(head) {
            return Ok(true);
        }
        let is_covered = covered == Some(head);
        if is_covered {
            self.store.facts().remember(COVERED, &key, head).await?;
        }
        Ok(is_covered)
    }
}

/// What the merge result makes us look up or unlock that the base does not use.
pub(crate) fn reaching(base: &DesiredState, merge: &DesiredState, registry: &Registry) -> Vec<Diagnostic> {
    let known: BTreeSet<_> = core_planner::questions(base, registry).into_iter().map(|(_, _, asked)| asked).collect();
    let used: BTreeSet<String> = base.resources.values().flat_map(secrets).map(|(_, name)| name).collect();
    let mut found = Vec::new();
    for (address, question, asked) in core_planner::questions(merge, registry) {
        if !known.contains(&asked) {
            let origin = merge.resources[&address].origin_of(&question.path);
            found.push(refused(format!("`{}` of `{address}` is `{}`, which the base does not use", question.path, question.text), &origin));
        }
    }
    for resource in merge.resources.values() {
        for (path, name) in secrets(resource).into_iter().filter(|(_, name)| !used.contains(name)) {
            let detail = format!("`{path}` of `{}` needs the secret `{name}`, which the base does not use", resource.address);
            found.push(refused(detail, &resource.origin_of(&path)));
        }
    }
    found
}

fn refused(detail: String, origin: &Origin) -> Diagnostic {
    let detail = format!("{detail}. For a pull request from a fork it is not looked up.");
    Diagnostic::error("Not from a fork", detail).hint(HINT).at_origin(origin)
}

/// The secrets that a resource names, with the paths of their fields.
fn secrets(resource: &DesiredResource) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, value) in &resource.values {
        collect(value, name, &mut found);
    }
    found
}

fn collect(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => match map.get("$secret").and_then(Value::as_array) {
            Some(parts) => {
                let names = parts.iter().filter_map(|part| part.get("name")?.as_str());
                found.extend(names.map(|name| (path.to_owned(), name.to_owned())));
            }
            None => map.iter().for_each(|(key, inner)| collect(inner, &format!("{path}.{key}"), found)),
        },
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        _ => {}
    }
}
