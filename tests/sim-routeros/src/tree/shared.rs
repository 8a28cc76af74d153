//! Where are the public command trees, and how are they read?

use std::path::PathBuf;
use std::sync::Once;

use serde_json::Value;

use super::{Node, NodeKind};
use crate::version::Version;

/// The public tree of a release, or nothing where the data is not at hand; that is said once.
pub(super) fn read(version: Version) -> Option<Node> {
    static SAID: Once = Once::new();
    let file = folder().join(format!("inspect-{version}.json"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        SAID.call_once(|| eprintln!("SKIPPED: no command trees of RouterOS in {}; the simulator uses its own", folder().display()));
        return None;
    };
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{} is no JSON: {error}", file.display()));
    Some(node(&value, NodeKind::Directory))
}

fn folder() -> PathBuf {
    let data = match std::env::var_os("IPR_CONTRACT_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    data.join("routeros")
}

fn node(value: &Value, otherwise: NodeKind) -> Node {
    let kind = match value.get("_type").and_then(Value::as_str) {
        Some("dir") => NodeKind::Directory,
        Some("path") => NodeKind::Path,
        Some("cmd") => NodeKind::Command,
        Some("arg") => NodeKind::Argument,
        _ => otherwise,
    };
    let mut read = Node::new(kind);
    let Some(members) = value.as_object() else { return read };
    for (name, member) in members {
        match member {
            Value::Object(_) => {
                read.children.insert(name.clone(), node(member, NodeKind::Argument));
            }
            Value::String(text) if name == "desc" => read.description.clone_from(text),
            _ => {}
        }
    }
    read
}
