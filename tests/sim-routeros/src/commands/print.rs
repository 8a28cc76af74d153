//! `print`: entries, all or those that a query wants.

use super::query::Query;
use super::{Answer, Caller, Request, Row, row};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    // A list that only the router itself fills has nothing in it here.
    let Some(menu) = world.menu(&request.menu) else { return answer(Vec::new(), request) };
    let rows = world.config.entries(&menu.path).items.iter().map(|item| row(world, caller, &menu, item));
    let rows = rows.chain(super::shown::connections(world, &menu)).collect();
    answer(rows, request)
}

/// The rows that the request wants, with the values that it wants.
pub(super) fn answer(rows: Vec<Row>, request: &Request) -> Result<Answer, Trap> {
    let query = Query::parse(&request.query)?;
    let wanted = [".id", "numbers", "from"].iter().find_map(|name| request.argument(name));
    let wanted = wanted.map(crate::values::list);
    let is_wanted = |row: &Row| wanted.as_ref().is_none_or(|ids| is_named(row, ids)) && query.matches(row);
    let mut rows: Vec<Row> = rows.into_iter().filter(is_wanted).collect();
    if request.argument("count-only").is_some() {
        return Ok(Answer::ret(rows.len().to_string()));
    }
    if let Some(names) = &request.proplist {
        rows.iter_mut().for_each(|row| row.retain(|(name, _)| names.contains(name)));
        rows.retain(|row| !row.is_empty());
    }
    Ok(Answer::rows(rows))
}

fn is_named(row: &Row, ids: &[String]) -> bool {
    row.iter().any(|(name, value)| matches!(name.as_str(), ".id" | "name") && ids.contains(value))
}
