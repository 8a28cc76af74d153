//! Which accounts are made, changed and removed? Those that the blueprint names, and those that the record names and it does not.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use super::Work;
use crate::driver::{Account, AccountEdit};
use crate::wanted::{Wanted, WantedUser};

const PATH: &str = "specs.users";

/// What no BMC would keep is refused before anything is changed.
pub(super) fn check(task: &Work<'_>) -> Result<(), EngineError> {
    let max = task.calls.bmc.abilities().password_bytes_max;
    let too_long = |user: &&WantedUser| user.password.as_ref().is_some_and(|password| password.expose().len() > max);
    match task.wanted.users.iter().find(too_long) {
        Some(user) => {
            let protocol = task.calls.bmc.protocol();
            let words = format!(
                "the password of `{}` is longer than {max} bytes, which is all that {protocol} takes here. Hint: give it a shorter one",
                user.name
            );
            Err(task.error(ErrorKind::Rejected, &words))
        }
        None => Ok(()),
    }
}

pub(super) async fn bring(task: &mut Work<'_>) -> Result<(), EngineError> {
    if !task.is_reviewed(PATH) {
        return Ok(());
    }
    let Some(found) = task.calls.bmc.accounts().await? else {
        return Err(task.error(ErrorKind::Rejected, "this BMC does not tell who may log in, so accounts cannot be managed"));
    };
    let (ours, wanted) = (task.driver.account(), task.wanted);
    // The plan may be of yesterday: an account that it would have changed may be gone.
    let is_new = |user: &&WantedUser| !found.iter().any(|account| account.name == user.name);
    if let Some(user) = wanted.users.iter().filter(is_new).find(|user| user.role.is_none() || user.password.is_none()) {
        return Err(task
            .error(ErrorKind::Conflict, &format!("the account `{}` does not exist any more, and a new one needs a role and a password", user.name)));
    }
    let gone = recorded(task.order).into_iter().filter(|name| !wanted.users.iter().any(|user| user.name == *name));
    for name in gone.collect::<Vec<_>>() {
        if name != ours && found.iter().any(|account| account.name == name) {
            task.calls.remove_account(&name).await?;
        }
    }
    for user in &wanted.users {
        if user.name == ours {
            return Err(task.error(ErrorKind::Rejected, &own_account(ours)));
        }
        if let Some(edit) = edit(user, found.iter().find(|account| account.name == user.name), task) {
            task.calls.put_account(&edit).await?;
        }
    }
    Ok(())
}

/// Why the account that we log in with cannot be managed.
pub(crate) fn own_account(name: &str) -> String {
    format!("`{name}` is the account that ipr itself logs in with; a change of it in mid-run would lock ipr out")
}

fn recorded(order: &engine_api::Order) -> BTreeSet<String> {
    let applied = order.applied.as_ref().map(|applied| Wanted::of(&applied.values));
    applied.into_iter().flat_map(|applied| applied.users).map(|user| user.name).collect()
}

/// What is not so yet. A password is written when the review has a new one, or the account is new: nothing tells whether it is set.
fn edit<'u>(user: &'u WantedUser, found: Option<&Account>, task: &Work<'_>) -> Option<AccountEdit<'u>> {
    let is_new_password = found.is_none() || before(task, &user.name) != after(task, &user.name);
    let password = user.password.as_ref().filter(|_| is_new_password);
    let is_enabled = user.is_enabled.or(found.is_none().then_some(true));
    let role = user.role;
    let is_so = found.is_some_and(|account| {
        password.is_none() && role.is_none_or(|role| account.role == role) && is_enabled.is_none_or(|is_enabled| account.is_enabled == is_enabled)
    });
    (!is_so).then_some(AccountEdit { name: &user.name, role, is_enabled, password })
}

/// The fingerprint of a password in the change that was reviewed: as the record has it, and as it is to be.
fn before(task: &Work<'_>, name: &str) -> Option<Value> {
    fingerprint(task.order.step.changes.iter().find(|change| change.path == PATH).map(|change| &change.before), name)
}

fn after(task: &Work<'_>, name: &str) -> Option<Value> {
    fingerprint(task.order.step.changes.iter().find(|change| change.path == PATH).map(|change| &change.after), name)
}

fn fingerprint(users: Option<&Value>, name: &str) -> Option<Value> {
    let user = users?.as_array()?.iter().find(|user| user.get("name").is_some_and(|found| found == name))?;
    user.get("password").map(core_model::plan::comparable)
}
