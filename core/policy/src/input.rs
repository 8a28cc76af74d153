//! What do rules see? The plan and what is known of its pull request, as one documented and versioned JSON document.

use std::collections::BTreeMap;

use core_model::plan::{Action, FieldChange, Inverse, Plan, Problem, Step, comparable};
use core_model::{EnvironmentId, Name};
use serde_json::{Map, Value, json};

/// The version of the document. A field may be added under the same version; none is renamed or removed.
pub const INPUT_VERSION: u32 = 1;

/// What is known beside the plan.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub environment: &'a Name,
    pub environment_id: &'a EnvironmentId,
    /// `None` for a push without a pull request, and for a plan of a checkout.
    pub pull_request: Option<PullRequestFacts>,
    /// RFC 3339, in UTC. Rules have no other clock.
    pub now: &'a str,
}

/// What is known of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestFacts {
    pub number: u64,
    /// `None` where the account is gone.
    pub author: Option<String>,
    pub title: String,
    pub labels: Vec<String>,
    /// The branch that it is merged into.
    pub base: String,
    pub from_fork: bool,
}

/// The document of a plan. Secrets are in it as fingerprints only: `{"$sealed": "k1:…"}`.
pub fn document(plan: &Plan, facts: &Facts<'_>) -> Value {
    json!({
        "version": INPUT_VERSION,
        "now": facts.now,
        "environment": {"name": facts.environment, "id": facts.environment_id},
        "pull_request": facts.pull_request.as_ref().map(pull_request),
        "plan": {
            "digest": plan.digest,
            "risk": plan.risk(),
            "managed": plan.managed,
            "counts": counts(plan),
            "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
            "unknown": plan.unknown,
            "problems": plan.problems.iter().map(problem).collect::<Vec<_>>(),
        },
    })
}

/// Without its line: where something stands in a file is nothing to judge by.
fn problem(problem: &Problem) -> Value {
    let Problem { kind, address, detail, hint, at: _ } = problem;
    json!({"kind": kind, "address": address, "detail": detail, "hint": hint})
}

fn pull_request(facts: &PullRequestFacts) -> Value {
    let PullRequestFacts { number, author, title, labels, base, from_fork } = facts;
    json!({"number": number, "author": author, "title": title, "labels": labels, "base": base, "from_fork": from_fork})
}

/// How many steps there are of each action, zeros too: a rule need not ask whether a key is there.
fn counts(plan: &Plan) -> BTreeMap<&'static str, usize> {
    use Action::{Adopt, Create, Delete, Move, Release, Replace, Restart, Update};
    [Adopt, Create, Delete, Move, Release, Replace, Restart, Update].into_iter().map(|action| (action.word(), plan.count(action))).collect()
}

fn step(step: &Step) -> Value {
    json!({
        "digest": step.digest,
        "address": step.address,
        "blueprint": step.address.blueprint,
        "resource": step.address.resource,
        "type": step.type_name,
        "provider": step.provider,
        "target": step.target,
        "action": step.action,
        "object": step.object,
        "moved_from": step.moved_from,
        "risk": step.risk,
        "reason": step.reason,
        "inverse": inverse(&step.inverse),
        "waits_for": step.waits_for,
        "desired": desired(&step.desired),
        "changes": step.changes.iter().map(change).collect::<Vec<_>>(),
        "pins": step.pins.iter().map(|(path, pin)| json!({"path": path, "question": pin.question, "answer": pin.answer})).collect::<Vec<_>>(),
    })
}

/// What the author set, with `specs` and `metadata` even where they are empty.
fn desired(values: &Map<String, Value>) -> Value {
    let part = |name: &str| values.get(name).map_or_else(|| json!({}), comparable);
    json!({"specs": part("specs"), "metadata": part("metadata")})
}

fn change(change: &FieldChange) -> Value {
    json!({
        "path": change.path,
        "before": comparable(&change.before),
        "after": comparable(&change.after),
        "effect": change.effect,
        "risk": change.risk,
        "unset": change.unset,
    })
}

fn inverse(inverse: &Inverse) -> &'static str {
    match inverse {
        Inverse::Exact => "exact",
        Inverse::DeleteWhatWeMade => "delete-what-we-made",
        Inverse::None { .. } => "none",
    }
}
