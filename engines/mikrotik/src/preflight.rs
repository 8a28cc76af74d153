//! What would this router refuse for certain? Menus and arguments that its version does not have.

use std::collections::BTreeMap;

use core_model::plan::{Action, Problem, ProblemKind, Step};
use engine_api::EngineError;

use crate::identity::Identity;
use crate::shape::WantedRow;
use crate::tree::{arguments, since};
use crate::types::shape;
use crate::wire::Connection;

/// Checks the rows of all steps against the router's own tree.
pub(crate) async fn preflight(connection: &mut Connection, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let version = Identity::read(connection).await?.version.to_string();
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
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
