//! What do rules say, and what is said of rules that are wrong? Texts in, findings and messages out.
#![allow(clippy::unwrap_used)]

mod bounds;
mod document;
mod forms;
mod mistakes;
mod trials;

use core_policy::{Files, Places, Rules, Verdict};
use serde_json::{Value, json};

/// A rule set of one file.
fn files(text: &str) -> Files {
    Files::from([("policies/a.rego".to_owned(), text.as_bytes().to_vec())])
}

fn rules(text: &str) -> Rules {
    Rules::compile(&files(text)).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}\n{text}"))
}

fn judge(text: &str, input: &Value) -> Verdict {
    rules(text).judge(input, Places::default())
}

/// One create and one delete.
fn input() -> Value {
    json!({
        "version": 1,
        "now": "2026-12-24T17:30:00Z",
        "environment": {"name": "prod", "id": "prod"},
        "pull_request": {"number": 7, "author": "ann", "title": "t", "labels": ["db"], "base": "main", "from_fork": false},
        "plan": {"digest": "d", "risk": "data-loss", "managed": 3, "counts": {"create": 1, "delete": 1}, "steps": [
            {"address": "shop.web", "type": "compute", "action": "create", "risk": "none",
             "desired": {"specs": {"image": "nginx:latest", "ports": [{"host": 80}], "memory": 512}, "metadata": {}}, "changes": []},
            {"address": "shop.db", "type": "storage", "action": "delete", "risk": "data-loss", "desired": {"specs": {}, "metadata": {}}, "changes": []}
        ], "unknown": [], "problems": []}
    })
}
