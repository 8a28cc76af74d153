//! RouterOS's scripting language, as far as configurations and dead-man switches use it.
//!
//! Commands with arguments in any way of writing a path, `[find ...]` with conditions, variables, `:if`, `:foreach`,
//! `:do ... on-error`, and what an export consists of. Deliberately absent: functions, arrays with keys, arithmetic beyond sums.

mod builtin;
mod parse;
mod run;
mod syntax;
mod value;

use crate::commands::Caller;
use crate::trap::Trap;
use crate::world::World;

/// Runs a script as somebody.
///
/// # Errors
/// The first refusal or syntax error that the script does not catch; what was done before it stays done.
pub(crate) fn run(world: &mut World, caller: &Caller, text: &str) -> Result<(), Trap> {
    let statements = parse::parse(text).map_err(Trap::script)?;
    run::Runner::new(world, caller.clone()).statements(&statements).map(drop)
}

/// Whether a script can be read.
///
/// # Errors
/// In the words of a router, with line and column.
pub(crate) fn check(text: &str) -> Result<(), Trap> {
    parse::parse(text).map(drop).map_err(Trap::script)
}
