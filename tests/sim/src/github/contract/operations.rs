//! Which of GitHub's operations is a request, and is it used as described?

use std::path::Path;

use serde_json::Value;

use super::Exchange;
use super::schemas::Schemas;
use super::shapes::Shapes;

/// Statuses that GitHub sends on any operation, listed there or not.
const ALWAYS_POSSIBLE: &[u16] = &[304, 401, 403, 404, 422, 429];

#[derive(Debug)]
enum Segment {
    Literal(String),
    One,
    /// One or more segments: refs and paths hold slashes.
    Many,
}

#[derive(Debug)]
struct Operation {
    id: String,
    method: String,
    segments: Vec<Segment>,
    /// Query parameters: name and schema.
    query: Vec<(String, Value)>,
    request: Option<String>,
    responses: Value,
}

#[derive(Debug)]
pub(super) struct Operations {
    schemas: Schemas,
    /// Absent where only the schemas are at hand.
    shapes: Option<Shapes>,
    operations: Vec<Operation>,
}

impl Operations {
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let schemas = Schemas::read(&folder.join("contract.json"))?;
        let listed = schemas.bundle().get("operations")?.as_array()?;
        let operations = listed.iter().map(parse).collect::<Option<Vec<_>>>()?;
        Some(Self { schemas, shapes: Shapes::read(&folder.join("shapes.json")), operations })
    }

    pub(super) fn problems(&self, exchange: &Exchange<'_>) -> Vec<String> {
        let path: Vec<&str> = exchange.path.split('/').skip(1).collect();
        let found = |operation: &&Operation| operation.method == exchange.method && fits(&operation.segments, &path);
        let Some(operation) = self.operations.iter().find(found) else {
            let is_refused = exchange.status == 404 || exchange.status == 401;
            return if is_refused { Vec::new() } else { vec!["the contract knows no such operation".to_owned()] };
        };
        let mut problems = Vec::new();
        if exchange.status < 400 {
            problems.extend(query_problems(operation, exchange.query));
            if let (Some(reference), Some(request)) = (&operation.request, exchange.request) {
                let found = self.schemas.problems(reference, request);
                problems.extend(found.into_iter().map(|problem| format!("in the request, {problem}")));
            }
        }
        match (operation.responses.get(exchange.status.to_string()), exchange.response) {
            (Some(Value::String(reference)), Some(response)) => problems.extend(self.schemas.problems(reference, response)),
            (Some(_), _) => {}
            (None, _) if ALWAYS_POSSIBLE.contains(&exchange.status) || exchange.status >= 500 => {}
            (None, _) => problems.push("the contract does not list this status".to_owned()),
        }
        if let (Some(shapes), Some(response)) = (&self.shapes, exchange.response.filter(|_| exchange.status < 300)) {
            problems.extend(shapes.problems(&operation.id, exchange.status, response));
        }
        problems
    }
}

fn parse(operation: &Value) -> Option<Operation> {
    let regex = operation.get("regex")?.as_str()?;
    let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        None => Segment::Literal(text.to_owned()),
        Some(name) if regex.contains(&format!("<{name}>.+")) => Segment::Many,
        Some(_) => Segment::One,
    };
    let parameters = operation.get("params")?.as_array()?;
    let query = parameters.iter().filter(|parameter| parameter.get("in").is_some_and(|place| place == "query"));
    let query = query.filter_map(|parameter| Some((parameter.get("name")?.as_str()?.to_owned(), parameter.get("schema")?.clone())));
    Some(Operation {
        id: operation.get("id")?.as_str()?.to_owned(),
        method: operation.get("method")?.as_str()?.to_owned(),
        segments: operation.get("path")?.as_str()?.split('/').skip(1).map(segment).collect(),
        query: query.collect(),
        request: operation.pointer("/request/ref").and_then(Value::as_str).map(str::to_owned),
        responses: operation.get("responses")?.clone(),
    })
}

fn fits(segments: &[Segment], path: &[&str]) -> bool {
    match (segments, path) {
        ([], []) => true,
        ([Segment::Literal(text), rest @ ..], [first, below @ ..]) => text == first && fits(rest, below),
        ([Segment::One, rest @ ..], [first, below @ ..]) => !first.is_empty() && fits(rest, below),
        ([Segment::Many, rest @ ..], [_, ..]) => (1..=path.len()).any(|taken| path.get(taken..).is_some_and(|below| fits(rest, below))),
        _ => false,
    }
}

fn query_problems(operation: &Operation, query: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let Some((_, schema)) = operation.query.iter().find(|(known, _)| *known == name) else {
            problems.push(format!("the operation has no query parameter `{name}`"));
            continue;
        };
        let is_integer = schema.get("type").is_some_and(|kind| kind == "integer");
        let allowed = schema.get("enum").and_then(Value::as_array);
        let is_bad = is_integer && value.parse::<i64>().is_err() || allowed.is_some_and(|allowed| !allowed.iter().any(|one| one == value.as_ref()));
        if is_bad {
            problems.push(format!("`{value}` is not a value of the query parameter `{name}`"));
        }
    }
    problems
}
