//! What is a field that nobody set? The fake target's own defaults.

use engine_api::fields::Flat;
use serde_json::{Value, json};

/// The types whose objects always exist, whatever name is asked for.
pub(crate) const ALWAYS_THERE: [&str; 2] = ["setting", "task"];

/// The values an object of the type has of itself. `name` is what it is called.
pub(crate) fn defaults(type_name: &str, name: &str) -> Flat {
    let own = match type_name {
        "compute" => vec![("restart", json!("no")), ("hostname", json!(name)), ("env.PATH", json!("/usr/bin:/bin"))],
        "network" => vec![("driver", json!("bridge")), ("internal", json!(false)), ("attachable", json!(false))],
        "storage" => vec![("driver", json!("local"))],
        "setting" => setting(),
        "rule" => vec![("chain", json!("forward")), ("log", json!(false))],
        "task" => vec![("logged", json!(true))],
        "account" => vec![("role", json!("reader"))],
        _ => Vec::new(),
    };
    own.into_iter().chain([("name", json!(name))]).map(|(path, value)| (format!("specs.{path}"), value)).collect()
}

fn setting() -> Vec<(&'static str, Value)> {
    vec![
        ("zone", json!("UTC")),
        ("mode", json!("standard")),
        ("enabled", json!(true)),
        ("limit", json!(100)),
        ("retention", json!(604_800_000)),
        ("address", json!("192.0.2.1/24")),
    ]
}
