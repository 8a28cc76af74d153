//! Which command does a request come to?

use serde_json::Value;

use super::exchange::Refusal;
use crate::commands::Request;
use crate::tree::Node;

/// What the answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// All rows.
    Rows,
    /// The only row; 404 if there is none.
    OneRow,
    /// The entry that was made, with 201.
    Made,
    /// The entry that was changed.
    Changed,
    /// Nothing, with 204.
    Nothing,
    /// What the command gave: rows, or `{"ret": ...}`.
    Output,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) request: Request,
    pub(super) shown: Shown,
}

/// The menu of a path, and what is left of it.
fn split<'path>(tree: &Node, path: &'path str) -> (String, Vec<&'path str>) {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let mut menu = String::new();
    for (index, part) in parts.iter().enumerate() {
        let next = format!("{menu}/{part}");
        if !tree.at(&next).is_some_and(Node::is_menu) {
            return (menu, parts[index..].to_vec());
        }
        menu = next;
    }
    (menu, Vec::new())
}

/// `path` is what follows `/rest`; `query` are the pairs behind the `?`.
pub(super) fn route(tree: &Node, method: &str, path: &str, query: &[(String, String)], body: &Value) -> Result<Route, Refusal> {
    let (menu, rest) = split(tree, path);
    let request = |command: &str, arguments: Vec<(String, String)>| Request {
        menu: menu.clone(),
        command: command.to_owned(),
        arguments,
        ..Request::default()
    };
    let has_entries = tree.at(&menu).is_some_and(|node| node.command("find").is_some());
    match (method, &rest[..]) {
        ("GET", []) => {
            let mut route = Route { request: request("print", Vec::new()), shown: if has_entries { Shown::Rows } else { Shown::OneRow } };
            select(&mut route.request, query);
            Ok(route)
        }
        ("GET", [entry]) if has_entries => {
            let mut route = Route { request: request("print", vec![(".id".to_owned(), (*entry).to_owned())]), shown: Shown::OneRow };
            select(&mut route.request, query);
            Ok(route)
        }
        ("PUT", []) if has_entries => Ok(Route { request: request("add", members(body)?), shown: Shown::Made }),
        ("PATCH", [entry]) if has_entries => {
            let mut arguments = vec![(".id".to_owned(), (*entry).to_owned())];
            arguments.extend(members(body)?);
            Ok(Route { request: request("set", arguments), shown: Shown::Changed })
        }
        ("DELETE", [entry]) if has_entries => {
            Ok(Route { request: request("remove", vec![(".id".to_owned(), (*entry).to_owned())]), shown: Shown::Nothing })
        }
        ("POST", [command]) => {
            let mut request = request(command, members(body)?);
            let words = |name: &str| match body.get(name) {
                Some(Value::Array(words)) => Some(words.iter().map(text).collect::<Vec<_>>()),
                Some(other) => Some(crate::values::list(&text(other))),
                None => None,
            };
            request.proplist = words(".proplist");
            request.query = words(".query").unwrap_or_default();
            Ok(Route { request, shown: Shown::Output })
        }
        ("GET" | "PUT" | "PATCH" | "DELETE" | "POST", _) => Err(Refusal::new(400, "no such command or directory")),
        _ => Err(Refusal::new(405, "method not allowed")),
    }
}

/// `?name=value` selects entries, `.proplist` their values.
fn select(request: &mut Request, query: &[(String, String)]) {
    for (name, value) in query {
        match name.as_str() {
            ".proplist" => request.proplist = Some(crate::values::list(value)),
            _ => request.query.push(format!("{name}={value}")),
        }
    }
}

/// The members of the body as arguments, but for those that say what is shown.
fn members(body: &Value) -> Result<Vec<(String, String)>, Refusal> {
    match body {
        Value::Null => Ok(Vec::new()),
        Value::Object(members) => {
            let arguments = members.iter().filter(|(name, _)| !matches!(name.as_str(), ".proplist" | ".query"));
            Ok(arguments.map(|(name, value)| (name.clone(), text(value))).collect())
        }
        _ => Err(Refusal::new(400, "expected an object")),
    }
}

/// Numbers and truths are taken as the texts that they are written as.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
