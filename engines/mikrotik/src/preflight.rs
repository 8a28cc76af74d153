//! What would this router, or this engine, refuse for certain? Menus and arguments that its version does not have, lists where settings
//! are meant, and whatever would change the daemon's own user.

use std::collections::BTreeMap;

use core_model::plan::{Action, Problem, ProblemKind, Step};
use engine_api::EngineError;
use serde_json::{Map, Value};

use crate::batch::{Ourselves, own_account};
use crate::identity::Identity;
use crate::shape::{WantedRow, specs};
use crate::tree::{arguments, since};
use crate::types::shape;
use crate::wire::Connection;

/// Checks the rows of all steps against the router's own tree.
pub(crate) async fn preflight(connection: &mut Connection, user: &str, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let version = Identity::read(connection).await?.version.to_string();
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
    let ourselves = Ourselves::read(connection, user).await?;
    problems.extend(steps.iter().filter(|step| step.action.mutates()).filter_map(|step| our_own(step, &ourselves)));
    for step in steps.iter().filter(|step| !matches!(step.action, Action::Delete | Action::Release)) {
        let Some(shape) = shape(&step.type_name) else { continue };
        for row in shape.wanted(&step.object, &step.desired) {
            let command = if row.is_fixed { "set" } else { "add" };
            let key = (row.menu.clone(), command);
            if !known.contains_key(&key) {
                known.insert(key.clone(), arguments(connection, &row.menu, command).await?);
            }
            problems.extend(refused(step, &row, command, &version, known.get(&key).and_then(Option::as_ref)));
        }
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

fn refused(step: &Step, row: &WantedRow, command: &str, version: &str, known: Option<&std::collections::BTreeSet<String>>) -> Vec<Problem> {
    let problem =
        |detail: String, hint: Option<String>| Problem { kind: ProblemKind::Preflight, address: step.address.clone(), detail, hint, at: None };
    let Some(known) = known else {
        let detail = format!("The router, version {version}, has no `{command}` in `{}`.", row.menu);
        let newer = since(&row.menu, None).map(|since| format!("`{}` exists from {since} on: upgrade the router", row.menu));
        return vec![problem(detail, newer.or_else(|| Some("look the menu up in the router's own console".to_owned())))];
    };
    // Only rows of a list are told apart by numbers.
    if row.is_fixed && row.key.is_empty() && known.contains("numbers") {
        let detail = format!("`specs.path`: `{}` is a list of entries and no set of settings: whose entry would it be?", row.menu);
        return vec![problem(detail, Some("use `type: menu`, or a type of its own".to_owned()))];
    }
    let missing = row.values.keys().filter(|name| !known.contains(*name));
    missing
        .map(|name| {
            let detail = format!("`{}` of the router, version {version}, has no argument `{name}`.", row.menu);
            let newer = since(&row.menu, Some(name)).map(|since| format!("it exists from {since} on: upgrade the router, or leave it out"));
            let near = core_model::diagnostic::nearest(name, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            problem(detail, newer.or(near).or_else(|| Some("leave it out".to_owned())))
        })
        .collect()
}

/// A step that would change the user that we log in as, or its group.
fn our_own(step: &Step, ourselves: &Ourselves) -> Option<Problem> {
    let (path, what, name) = match step.type_name.as_str() {
        "user" => ("specs.name", "user", ourselves.user()),
        "menu" if is_menu(step, "/user") => ("specs.entries", "user", ourselves.user()),
        "menu" if is_menu(step, "/user/group") => ("specs.entries", "group", ourselves.group()?),
        _ => return None,
    };
    let is_own = if step.type_name == "user" { step.object == name } else { has_entry(step, name) };
    is_own.then(|| Problem {
        kind: ProblemKind::Preflight,
        address: step.address.clone(),
        detail: format!("`{path}`: {}.", own_account(what, name)),
        hint: Some("change it with the router's own tools, and then in the daemon's configuration".to_owned()),
        at: None,
    })
}

fn is_menu(step: &Step, menu: &str) -> bool {
    let is_it = |value: &Value| value.as_str() == Some(menu);
    specs(&step.desired).and_then(|specs| specs.get("path")).is_some_and(is_it)
        || step.changes.iter().any(|change| change.path == "specs.path" && (is_it(&change.before) || is_it(&change.after)))
}

/// Whether an entry of this name is wanted, or was there.
fn has_entry(step: &Step, name: &str) -> bool {
    let has = |entries: &Value| entries.as_array().into_iter().flatten().any(|entry| entry.get("name").and_then(Value::as_str) == Some(name));
    let wanted = |specs: &Map<String, Value>| specs.get("entries").is_some_and(has);
    specs(&step.desired).is_some_and(wanted) || step.changes.iter().any(|change| change.path == "specs.entries" && has(&change.before))
}
