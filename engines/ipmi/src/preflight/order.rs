//! Which names in a boot order does the machine not know?

use core_model::plan::{Problem, Step};

use super::problem;
use crate::driver::BootOrder;

pub(super) fn problems(step: &Step, wanted: &[String], found: Option<&BootOrder>) -> Vec<Problem> {
    let Some(found) = found else {
        return vec![problem(step, "The BMC does not tell the firmware's boot order.".to_owned(), "take `order` out and use `device`")];
    };
    let is_known = |name: &String| found.options.iter().any(|option| option.name == *name);
    wanted.iter().filter(|name| !is_known(name)).map(|name| unknown(step, name, found)).collect()
}

fn unknown(step: &Step, name: &str, found: &BootOrder) -> Problem {
    let by_reference = found.options.iter().find(|option| option.reference == name);
    match by_reference {
        Some(option) => {
            let detail = format!("The boot option `{name}` is called `{}` by this BMC, and is compared by that name.", option.name);
            problem(step, detail, &format!("write `{}`: the number may be another one after an installation", option.name))
        }
        None => {
            let is_unnamed = |why: &String| format!("Whether `{name}` is a boot option is not known: {}.", why.trim_end_matches('.'));
            let known: Vec<String> = found.options.iter().map(|option| format!("`{}`", option.name)).collect();
            let known = known.join(", ");
            match &found.unnamed {
                Some(why) => problem(step, is_unnamed(why), &format!("give the account the right to see their names, or write references: {known}")),
                None => problem(step, format!("The machine has no boot option `{name}`."), &format!("it has: {known}")),
            }
        }
    }
}
