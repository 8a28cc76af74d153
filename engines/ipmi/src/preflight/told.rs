//! What if the part that a step names cannot be read? Then nobody can check it, and why is said as the BMC said it.

use core_model::plan::{Problem, Step};
use engine_api::{EngineError, ErrorKind};

use super::{problem, sentence};
use crate::observe::is_about_a_part;

/// What is wrong with a part that was told, or that it was not.
pub(super) fn checked<T>(
    step: &Step,
    field: &str,
    found: Result<Option<T>, EngineError>,
    check: impl FnOnce(Option<T>) -> Vec<Problem>,
) -> Result<Vec<Problem>, EngineError> {
    match found {
        Err(error) if is_about_a_part(error.kind) => Ok(vec![untold(step, field, &error)]),
        found => Ok(check(found?)),
    }
}

fn untold(step: &Step, field: &str, error: &EngineError) -> Problem {
    let hint = match error.kind {
        ErrorKind::Unauthorised => format!("give the account the right to see it, or take `{field}` out"),
        _ => format!("look at the BMC's own page whether it shows it, or take `{field}` out"),
    };
    let words = error.to_string();
    problem(step, format!("{}.", sentence(words.trim_end_matches('.'))), &hint)
}
