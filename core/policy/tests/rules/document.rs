//! The document that rules see: as its schema says, and without a secret.

use core_model::plan::{Action, FieldChange, Inverse, Pin, Plan, Problem, ProblemKind, Risk, Step, Unknown};
use core_model::schema::Effect;
use core_model::{Address, EnvironmentId, Hash, Name};
use core_policy::{Facts, PullRequestFacts, document, fields, schema};
use serde_json::{Value, json};

fn plan() -> Plan {
    let environment: EnvironmentId = "prod".parse().unwrap();
    let address: Address = "shop.web".parse().unwrap();
    let sealed = json!({"$sealed": {"fingerprint": "k1:abcd", "parts": ["canary-in-parts", {"name": "db"}]}});
    let values = json!({"specs": {"image": "nginx:1.27", "env": {"URL": sealed}}, "metadata": {"owner": "@acme/web"}});
    let step = Step {
        digest: Hash::of_bytes(b""),
        address: address.clone(),
        type_name: "compute".to_owned(),
        provider: "docker".to_owned(),
        target: "dock-01".parse().unwrap(),
        action: Action::Update,
        object: "shop-web".to_owned(),
        moved_from: None,
        changes: vec![FieldChange {
            path: "specs.env.URL".to_owned(),
            before: Value::Null,
            after: sealed,
            effect: Effect::Replace,
            risk: Risk::Restart,
            unset: false,
        }],
        desired: values.as_object().unwrap().clone(),
        pins: [("specs.image".to_owned(), Pin { question: "nginx:1.27".to_owned(), answer: "sha256:0".to_owned() })].into(),
        risk: Risk::Restart,
        inverse: Inverse::None { why: "because".to_owned() },
        waits_for: ["shop.db".parse().unwrap()].into(),
        reason: "it differs".to_owned(),
    };
    let steps = vec![step.sealed_for(&environment)];
    Plan {
        format: 1,
        digest: Plan::compute_digest(&environment, &steps),
        environment,
        steps,
        pending: Vec::new(),
        drift: Vec::new(),
        unknown: vec![Unknown { address: address.clone(), target: "dock-01".parse().unwrap(), why: "away".to_owned(), in_scope: true }],
        orphans: Vec::new(),
        problems: vec![Problem { kind: ProblemKind::Conflict, address, detail: "d".to_owned(), hint: None, at: None }],
        notes: Vec::new(),
        after: Vec::new(),
        targets: Default::default(),
        managed: 1,
    }
}

fn full() -> Value {
    let (name, id): (Name, EnvironmentId) = ("prod".parse().unwrap(), "prod".parse().unwrap());
    let pull_request = PullRequestFacts {
        number: 7,
        author: Some("ann".to_owned()),
        title: "Add web".to_owned(),
        labels: vec!["db".to_owned()],
        base: "main".to_owned(),
        from_fork: false,
    };
    document(&plan(), &Facts { environment: &name, environment_id: &id, pull_request: Some(pull_request), now: "2026-11-20T13:34:41Z" })
}

#[test]
fn the_document_is_as_its_schema_says() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let told = |document: &Value| validator.iter_errors(document).map(|error| error.to_string()).collect::<Vec<_>>();
    assert_eq!(told(&full()), Vec::<String>::new());
    let mut without = full();
    without["pull_request"] = Value::Null;
    assert_eq!(told(&without), Vec::<String>::new());
    without["plan"]["steps"][0].as_object_mut().unwrap().remove("risk");
    assert_eq!(told(&without).len(), 1);
}

#[test]
fn every_field_of_the_document_is_in_the_table() {
    let mut paths = Vec::new();
    collect("", &full(), &mut paths);
    let open = ["plan.steps[].desired.specs.", "plan.steps[].desired.metadata.", "plan.steps[].changes[].after.", "plan.counts."];
    for path in paths.iter().filter(|path| !open.iter().any(|open| path.starts_with(open))) {
        assert!(fields().iter().any(|field| field.path == path), "{path} is not described");
    }
    for field in fields() {
        assert!(paths.iter().any(|path| path == field.path), "{} is described and never there", field.path);
    }
}

fn collect(path: &str, value: &Value, paths: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                paths.push(below.clone());
                collect(&below, value, paths);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| {
            let below = format!("{path}[]");
            if !item.is_object() {
                paths.push(below.clone());
            }
            collect(&below, item, paths);
        }),
        _ => {}
    }
}

#[test]
fn secrets_are_fingerprints() {
    let text = full().to_string();
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(full()["plan"]["steps"][0]["desired"]["specs"]["env"]["URL"], json!({"$sealed": "k1:abcd"}));
}
