//! What would go wrong for certain? What the driver cannot do, another machine than the one that is meant, and our own account.

use core_model::plan::{Problem, ProblemKind, Step};
use engine_api::EngineError;

use crate::apply::{another_machine, own_account};
use crate::driver::{Account, Bmc, Driver};
use crate::login::Door;
use crate::types::boot_device_word;
use crate::wanted::Wanted;

pub(crate) async fn preflight(door: &Door, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let driver = door.driver.as_ref();
    let wanted: Vec<(&Step, Wanted)> = steps.iter().map(|step| (step, Wanted::of(&step.desired))).collect();
    let mut problems: Vec<Problem> = wanted.iter().flat_map(|(step, wanted)| beyond_the_driver(step, wanted, driver)).collect();
    if !wanted.is_empty() {
        let mut login = door.open().await?;
        let found = on_the_machine(login.bmc.as_mut(), driver, &wanted).await;
        login.close().await;
        problems.extend(found?);
    }
    problems.sort();
    Ok(problems)
}

fn problem(step: &Step, detail: String, hint: &str) -> Problem {
    Problem { kind: ProblemKind::Preflight, address: step.address.clone(), detail, hint: Some(hint.to_owned()), at: None }
}

/// What needs no look at the machine.
fn beyond_the_driver(step: &Step, wanted: &Wanted, driver: &dyn Driver) -> Vec<Problem> {
    let (protocol, abilities) = (driver.protocol(), driver.abilities());
    let mut problems = Vec::new();
    if !wanted.settings.is_empty() && !abilities.settings {
        let detail = format!("`bios` sets the firmware's settings, and {protocol} has no command for that.");
        problems.push(problem(step, detail, "reach the machine by Redfish (`https://` in the target's endpoint), or take `bios` out"));
    }
    let devices = [wanted.boot, wanted.once.as_ref().and_then(|once| once.boot)].into_iter().flatten().map(|boot| boot.device);
    for device in devices.filter(|device| !abilities.boot_devices.contains(device)) {
        let detail = format!("{protocol} cannot let a machine boot from `{}`.", boot_device_word(device));
        let known: Vec<&str> = abilities.boot_devices.iter().map(|device| boot_device_word(*device)).collect();
        problems.push(problem(step, detail, &format!("it can from: {}", known.join(", "))));
    }
    let reset = wanted.once.as_ref().and_then(|once| once.reset_kind).filter(|reset| !abilities.resets.contains(reset));
    if reset.is_some() {
        problems.push(problem(step, format!("{protocol} has no such reset."), "choose another one"));
    }
    if wanted.users.iter().any(|user| user.name == driver.account()) {
        problems.push(problem(
            step,
            format!("{}.", own_account(driver.account())),
            "change it with the vendor's tools, and then in the daemon's configuration",
        ));
    }
    problems
}

async fn on_the_machine(bmc: &mut dyn Bmc, driver: &dyn Driver, wanted: &[(&Step, Wanted)]) -> Result<Vec<Problem>, EngineError> {
    let identity = bmc.identity().await?;
    let mut problems = Vec::new();
    for (step, wanted) in wanted {
        if let Some(why) = another_machine(wanted, &identity) {
            let hint = "look whether the chassis was swapped; correct `identity` or the target's address";
            problems.push(problem(step, format!("{}.", sentence(&why)), hint));
        }
        if !wanted.users.is_empty() {
            problems.extend(account_problems(step, wanted, bmc.accounts().await?.as_deref()));
        }
        if !wanted.settings.is_empty() && driver.abilities().settings {
            let found = bmc.check_settings(&wanted.settings).await?;
            problems.extend(found.into_iter().map(|detail| problem(step, detail, "`ipr import` shows the names and values that the machine has")));
        }
    }
    Ok(problems)
}

fn account_problems(step: &Step, wanted: &Wanted, found: Option<&[Account]>) -> Vec<Problem> {
    let Some(found) = found else {
        return vec![problem(step, "The BMC does not tell who may log in, so accounts cannot be managed.".to_owned(), "take `users` out")];
    };
    let is_new = |name: &str| !found.iter().any(|account| account.name == name);
    let lacking = wanted.users.iter().filter(|user| is_new(&user.name) && (user.role.is_none() || !user.sets_password));
    lacking
        .map(|user| {
            let detail = format!("The account `{}` does not exist yet, and a new one needs a role and a password.", user.name);
            problem(step, detail, "add `role` and `password`")
        })
        .collect()
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
