//! Is every request and answer as the API schema of PVE 9.2 has it?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use test_sim_proxmox::RequestRecord;

use crate::everything;
use crate::python;

/// What the schema does not list, or lists otherwise, but the real one answers; each row with the reason to believe so.
const UNDOCUMENTED: &str = include_str!("../../data/undocumented.tsv");

/// Whether a row covers this property, or with `type` this place, of a method.
fn is_explained(label: &str, place: &str) -> bool {
    let rows = UNDOCUMENTED.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?))
    });
    let mut fitting = rows.filter(|(method, _)| fits(method, label));
    fitting.any(|(_, places)| {
        places.split(' ').any(|known| known == "*" || known == place || known.strip_suffix('*').is_some_and(|start| place.starts_with(start)))
    })
}

/// A star stands for any text.
fn fits(pattern: &str, label: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == label,
        Some((start, rest)) => {
            label.strip_prefix(start).is_some_and(|left| rest.is_empty() || (0..=left.len()).any(|from| fits(rest, &left[from..])))
        }
    }
}

/// The types of the schema as JSON Schema. Booleans are 0 and 1 on the wire.
fn json_schema(spec: &Value) -> Value {
    let mut schema = Map::new();
    match spec["type"].as_str() {
        Some("boolean") => _ = schema.insert("enum".to_owned(), json!([0, 1, true, false])),
        Some("any") | None => {}
        Some(kind) => _ = schema.insert("type".to_owned(), json!(kind)),
    }
    for (from, to) in [("minimum", "minimum"), ("maximum", "maximum"), ("maxLength", "maxLength"), ("minLength", "minLength")] {
        if let Some(limit) = number(&spec[from]) {
            schema.insert(to.to_owned(), limit);
        }
    }
    if let Some(values) = spec.get("enum").filter(|_| spec["type"] != "boolean") {
        schema.insert("enum".to_owned(), values.clone());
    }
    if let Some(properties) = spec["properties"].as_object() {
        let required: Vec<&String> = properties.iter().filter(|(_, inner)| !is_optional(inner)).map(|(name, _)| name).collect();
        schema.insert("required".to_owned(), json!(required));
        let inner: Map<String, Value> = properties.iter().map(|(name, inner)| (name.clone(), json_schema(inner))).collect();
        schema.insert("properties".to_owned(), Value::Object(inner));
    }
    if let Some(items) = spec.get("items") {
        schema.insert("items".to_owned(), json_schema(items));
    }
    Value::Object(schema)
}

/// Limits are numbers or texts of numbers.
fn number(value: &Value) -> Option<Value> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).map(Value::from)
}

fn is_optional(spec: &Value) -> bool {
    matches!(&spec["optional"], Value::Bool(true)) || number(&spec["optional"]).and_then(|number| number.as_f64()).is_some_and(|number| number != 0.0)
}

/// The schema's path for a request's.
fn route<'schema>(schema: &'schema Map<String, Value>, request: &RequestRecord) -> Option<(&'schema String, &'schema Value)> {
    let asked: Vec<&str> = request.path.split('/').collect();
    let is_parameter = |part: &str| part.starts_with('{');
    let mut fitting: Vec<_> = schema
        .iter()
        .filter(|(path, methods)| {
            let parts: Vec<&str> = path.split('/').collect();
            let takes_rest = matches!(parts.last(), Some(&"{volume}" | &"{cidr}"));
            let same_length = parts.len() == asked.len() || (takes_rest && asked.len() > parts.len());
            same_length
                && !methods["methods"][&request.method].is_null()
                && parts.iter().zip(&asked).all(|(part, asked)| is_parameter(part) || part == asked)
        })
        .collect();
    fitting.sort_by_key(|(path, _)| path.matches('{').count());
    fitting.into_iter().next().map(|(path, methods)| (path, &methods["methods"][&request.method]))
}

/// What is wrong with one exchange.
fn problems(schema: &Map<String, Value>, request: &RequestRecord) -> Vec<String> {
    let Some((path, method)) = route(schema, request) else { return vec!["the schema knows no such method".to_owned()] };
    let label = format!("{} {path}", request.method);
    let mut found = Vec::new();
    if request.status == 200 {
        let returns = json_schema(&method["returns"]);
        let validator = jsonschema::validator_for(&returns).unwrap();
        let data = &request.answer["data"];
        let wrong = validator.iter_errors(data).map(|error| (error.instance_path().to_string(), error.to_string()));
        let is_new = |place: &str| !is_explained(&format!("{label} type"), place.rsplit('/').next().unwrap_or_default());
        found.extend(wrong.filter(|(place, _)| is_new(place)).map(|(place, error)| format!("{label}: {place}: {error}")));
        found.extend(
            unknown(&method["returns"], data, "")
                .into_iter()
                .filter(|name| !is_explained(&label, name))
                .map(|name| format!("{label}: answers `{name}`, which the schema does not list")),
        );
        let properties = method["parameters"]["properties"].as_object().cloned().unwrap_or_default();
        for name in request.parameters.keys() {
            let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
            if !properties.contains_key(name) && !properties.contains_key(&format!("{stem}[n]")) {
                found.push(format!("{label}: took the parameter `{name}`, which the schema does not list"));
            }
        }
    }
    found
}

/// Properties that an answer has and its schema has not, where the schema lists any.
fn unknown(spec: &Value, data: &Value, path: &str) -> Vec<String> {
    if let Value::Array(items) = data {
        let all = items.iter().flat_map(|item| unknown(&spec["items"], item, path)).collect::<BTreeSet<_>>();
        return all.into_iter().collect();
    }
    let (Some(data), Some(properties)) = (data.as_object(), spec["properties"].as_object()) else { return Vec::new() };
    let spec_of = |name: &str| {
        let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
        properties.get(name).or_else(|| properties.get(&format!("{stem}[n]")))
    };
    let inner = data.iter().flat_map(|(name, value)| match spec_of(name) {
        None if properties.is_empty() => Vec::new(),
        None => vec![format!("{path}{name}")],
        Some(spec) => unknown(spec, value, &format!("{path}{name}.")),
    });
    inner.collect()
}

#[tokio::test]
async fn every_answer_fits_the_schema() {
    let Some(schema) = python::schema().and_then(Value::as_object) else { return };
    let requests = everything::run().await;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for request in &requests {
        for problem in problems(schema, request) {
            *found.entry(problem).or_default() += 1;
        }
    }
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.keys().cloned().collect::<Vec<_>>().join("\n"));
    let served: BTreeSet<String> = requests
        .iter()
        .filter(|request| request.status == 200)
        .filter_map(|request| Some(format!("{} {}", request.method, route(schema, request)?.0)))
        .collect();
    let listed = include_str!("../../data/served.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let missing: Vec<&str> = listed.filter(|line| !served.contains(*line)).collect();
    assert_eq!(missing, [""; 0], "served, but not part of the scenario");
}

#[test]
fn the_method_table_is_what_the_schema_says() {
    let Some(schema) = python::schema() else { return };
    for line in include_str!("../../data/methods.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let (method, path) = (row["method"].as_str().unwrap(), row["path"].as_str().unwrap());
        let known = &schema[path]["methods"][method];
        assert!(!known.is_null(), "{method} {path} is not in the schema");
        let properties = known["parameters"]["properties"].as_object().cloned().unwrap_or_default();
        let own: BTreeSet<&String> = row["parameters"].as_object().unwrap().keys().collect();
        assert_eq!(own, properties.keys().collect(), "{method} {path}: parameters; run data/refresh.py");
        for (name, spec) in &properties {
            let field = &row["parameters"][name];
            assert_eq!(field["required"] == true, !is_optional(spec), "{method} {path}: {name} required");
            assert_eq!(field["type"].as_str(), spec["type"].as_str().or(Some("string")), "{method} {path}: {name} type");
            assert_eq!(field.get("enum"), spec.get("enum"), "{method} {path}: {name} values");
        }
        let check = &known["permissions"]["check"];
        assert_eq!(row.get("check").unwrap_or(&Value::Null), check, "{method} {path}: permission");
    }
}

#[test]
fn planted_errors_are_found() {
    let Some(schema) = python::schema().and_then(Value::as_object) else { return };
    let exchange = |path: &str, data: Value| RequestRecord {
        method: "GET".to_owned(),
        path: path.to_owned(),
        parameters: BTreeMap::new(),
        actor: None,
        status: 200,
        answer: json!({ "data": data }),
        at_ms: 0,
    };
    let status = "/nodes/pve1/tasks/UPID:x/status";
    let good = json!({ "upid": "x", "node": "x", "type": "x", "id": "x", "user": "x", "pid": 1, "pstart": 1, "starttime": 1, "status": "stopped" });
    assert_eq!(problems(schema, &exchange(status, good.clone())), [""; 0]);
    let mut wrong = good.clone();
    wrong["status"] = json!("finished");
    assert_eq!(problems(schema, &exchange(status, wrong)).len(), 1);
    let mut extra = good;
    extra["invented"] = json!(1);
    assert_eq!(problems(schema, &exchange(status, extra)).len(), 1);
    assert_eq!(problems(schema, &exchange(status, json!({}))).len(), 9);
    assert_eq!(problems(schema, &exchange("/nothing", json!({}))), ["the schema knows no such method"]);
}
