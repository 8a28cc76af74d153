//! `/user/active`: who is logged in.

use super::{Answer, Caller, Request, print as print_rows};
use crate::trap::Trap;
use crate::world::World;

/// As many as there are connections; REST leaves no session.
pub(super) fn print(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let rows = world.open_connections().into_iter().map(|row| {
        let via = row.iter().find(|(name, _)| name == "name").map(|(_, value)| value.clone()).unwrap_or_default();
        let kept = row.into_iter().filter(|(name, _)| name == ".id");
        kept.chain([("via".to_owned(), via)]).collect()
    });
    print_rows::answer(rows.collect(), request)
}
