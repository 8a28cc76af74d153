//! Which fields does the document have? One table, from which the JSON Schema and the page about it are made.

use serde_json::{Map, Value, json};

use crate::input::INPUT_VERSION;

/// One field of the document.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// `plan.steps[].address`; `[]` stands for each item of a list.
    pub path: &'static str,
    /// The word of JSON Schema, or two of them: `string`, `string or null`.
    pub kind: &'static str,
    pub meaning: &'static str,
}

const fn field(path: &'static str, kind: &'static str, meaning: &'static str) -> Field {
    Field { path, kind, meaning }
}

const FIELDS: &[Field] = &[
    field("version", "integer", "The version of this document: 1. Fields may be added to it; none is renamed or removed."),
    field("now", "string", "When the plan is judged, as RFC 3339 writes it, in UTC. Rules have no other clock."),
    field("environment", "object", "The environment that the plan is for."),
    field("environment.name", "string", "Its name in ipr.yaml."),
    field("environment.id", "string", "Its id, which outlives its name."),
    field("pull_request", "object or null", "The pull request; null for a push without one, and for a plan of a checkout."),
    field("pull_request.number", "integer", "Its number."),
    field("pull_request.author", "string or null", "The login of who opened it; null where the account is gone."),
    field("pull_request.title", "string", "Its title."),
    field("pull_request.labels", "array", "Its labels."),
    field("pull_request.labels[]", "string", "One label, as it is written."),
    field("pull_request.base", "string", "The branch that it is merged into."),
    field("pull_request.from_fork", "boolean", "Whether its head is in another repository."),
    field("plan", "object", "What would be done."),
    field("plan.digest", "string", "What people approve and type."),
    field("plan.risk", "string", "The highest risk among the steps: none, in-place, restart, may-disconnect or data-loss."),
    field("plan.managed", "integer", "How many resources the environment's record holds."),
    field(
        "plan.counts",
        "object",
        "How many steps there are of each action: adopt, create, delete, move, release, replace, restart, update. Zeros are there too.",
    ),
    field("plan.steps", "array", "The steps, in an order in which they can be carried out one by one."),
    field("plan.steps[].digest", "string", "The step's own digest."),
    field("plan.steps[].address", "string", "`<blueprint>.<resource>`."),
    field("plan.steps[].blueprint", "string", "The first part of the address."),
    field("plan.steps[].resource", "string", "The second part of the address."),
    field("plan.steps[].type", "string", "The type of the resource: compute, network, storage, firewall and so on."),
    field("plan.steps[].provider", "string", "Whose type it is: docker, proxmox, mikrotik and so on."),
    field("plan.steps[].target", "string", "The target, or `group/member`."),
    field("plan.steps[].action", "string", "adopt, create, delete, move, release, replace, restart or update."),
    field("plan.steps[].object", "string", "What the object is called on the target."),
    field("plan.steps[].moved_from", "string or null", "The former address, for a move."),
    field("plan.steps[].risk", "string", "none, in-place, restart, may-disconnect or data-loss."),
    field("plan.steps[].reason", "string", "Why there is this step, in one sentence."),
    field("plan.steps[].inverse", "string", "How it is undone: exact, delete-what-we-made or none."),
    field("plan.steps[].waits_for", "array", "The addresses whose steps come first."),
    field("plan.steps[].waits_for[]", "string", "One address."),
    field("plan.steps[].desired", "object", "All values that the author set. Empty for a delete."),
    field(
        "plan.steps[].desired.specs",
        "object",
        "The specs by field name, as the pages of the engines list them. A secret is `{\"$sealed\": \"<fingerprint>\"}`.",
    ),
    field("plan.steps[].desired.metadata", "object", "The metadata by field name."),
    field("plan.steps[].changes", "array", "The fields that differ."),
    field("plan.steps[].changes[].path", "string", "`specs.env.DEBUG`."),
    field("plan.steps[].changes[].before", "any", "The value before; null where nothing was set."),
    field("plan.steps[].changes[].after", "any", "The value after; null where nothing will be set."),
    field("plan.steps[].changes[].effect", "string", "What a change of this field does to the object: update, restart, replace and so on."),
    field("plan.steps[].changes[].risk", "string", "What this one change may cost."),
    field("plan.steps[].changes[].unset", "boolean", "Whether the field was in the record and is no longer in the blueprint."),
    field("plan.steps[].pins", "array", "What was looked up to plan."),
    field("plan.steps[].pins[].path", "string", "The field that asked."),
    field("plan.steps[].pins[].question", "string", "What was asked: an image's reference, a template's name."),
    field("plan.steps[].pins[].answer", "string", "What was answered: an image's digest."),
    field("plan.unknown", "array", "Resources whose state could not be seen."),
    field("plan.unknown[].address", "string", "The resource."),
    field("plan.unknown[].target", "string", "Its target."),
    field("plan.unknown[].why", "string", "Why it could not be seen."),
    field("plan.unknown[].in_scope", "boolean", "Whether the plan would have had a step for it."),
    field("plan.problems", "array", "What stands in the way of the plan. Such a plan is not applied, whatever the rules say."),
    field("plan.problems[].kind", "string", "conflict, protected, looks-like-rename, claim-taken, preflight or target-changed."),
    field("plan.problems[].address", "string", "The resource."),
    field("plan.problems[].detail", "string", "What is wrong."),
    field("plan.problems[].hint", "string or null", "What to do."),
];

/// Every field of the document, in reading order.
pub fn fields() -> &'static [Field] {
    FIELDS
}

/// The JSON Schema (draft 2020-12) of the document that rules get as `input`.
pub fn schema() -> Value {
    let mut root = json!({"type": "object"});
    for field in FIELDS {
        *place(&mut root, field.path) = described(field);
    }
    close(&mut root);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("The input of a policy");
    root["properties"]["version"]["const"] = json!(INPUT_VERSION);
    root["properties"]["now"]["format"] = json!("date-time");
    root["properties"]["plan"]["properties"]["counts"]["additionalProperties"] = json!({"type": "integer", "minimum": 0});
    root
}

fn described(field: &Field) -> Value {
    let mut schema = json!({"description": field.meaning});
    match field.kind {
        "any" => {}
        kind if kind.contains(" or ") => schema["type"] = json!(kind.split(" or ").collect::<Vec<_>>()),
        kind => schema["type"] = json!(kind),
    }
    schema
}

/// Where the schema of a path stands. Parents come first in the table.
fn place<'a>(root: &'a mut Value, path: &str) -> &'a mut Value {
    path.split('.').fold(root, |schema, part| match part.strip_suffix("[]") {
        Some(list) => &mut schema["properties"][list]["items"],
        None => &mut schema["properties"][part],
    })
}

/// An object with known fields has all of them and is an object where it is an item; what an author writes is left open.
fn close(schema: &mut Value) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        if let Some(items) = schema.get_mut("items") {
            close(items);
        }
        return;
    };
    let names: Vec<String> = properties.keys().cloned().collect();
    properties.values_mut().for_each(close);
    let closed = schema.as_object_mut().map(|schema: &mut Map<String, Value>| {
        schema.entry("type").or_insert_with(|| json!("object"));
        schema.insert("required".to_owned(), json!(names));
    });
    debug_assert!(closed.is_some(), "what has properties is an object");
}
