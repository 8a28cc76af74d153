//! What would go wrong for certain? What the driver cannot do, another machine than the one that is meant, and our own account.

mod media;
mod order;
mod told;

use core_model::plan::{Problem, ProblemKind, Step};
use engine_api::EngineError;

use crate::apply::{another_machine, own_account};
use crate::driver::{Account, Addresses, Bmc, BootDevice, Console, Network, PowerOrder, PowerState};
use crate::login::Door;
use crate::types::{boot_device_word, reset_word};
use crate::wanted::Wanted;

pub(crate) async fn preflight(door: &Door, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let driver = door.driver.as_ref();
    let wanted: Vec<(&Step, Wanted)> = steps.iter().map(|step| (step, Wanted::of(&step.desired))).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut login = door.open().await?;
    let bmc = login.bmc.as_mut();
    let mut problems: Vec<Problem> = wanted.iter().flat_map(|(step, wanted)| beyond_the_bmc(step, wanted, driver.account(), bmc)).collect();
    let found = on_the_machine(bmc, &wanted).await;
    login.close().await;
    problems.extend(found?);
    problems.sort();
    Ok(problems)
}

fn problem(step: &Step, detail: String, hint: &str) -> Problem {
    Problem { kind: ProblemKind::Preflight, address: step.address.clone(), detail, hint: Some(hint.to_owned()), at: None }
}

/// What one of the two protocols has no words for.
fn beyond_the_protocol(step: &Step, wanted: &Wanted, bmc: &dyn Bmc) -> Vec<Problem> {
    let (protocol, abilities) = (bmc.protocol(), bmc.abilities());
    let mut problems = Vec::new();
    let is_network = wanted.network != Network::default();
    let only_by_redfish = [
        (
            "`bios`",
            !wanted.settings.is_empty() && !abilities.settings,
            format!("`bios` sets the firmware's settings, and {protocol} has no way to them here."),
        ),
        (
            "`ntp`",
            wanted.time_servers.is_some() && !abilities.time_servers,
            format!("The BMC cannot be told over {protocol} where it gets its time from."),
        ),
        ("`boot.order`", wanted.order.is_some() && !abilities.boot_order, format!("The firmware's boot order cannot be set over {protocol} here.")),
        ("`media`", !wanted.media.is_empty() && !abilities.media, format!("There are no virtual drives over {protocol} here.")),
        (
            "`bmc.hostname` and `bmc.dns`",
            is_network && !abilities.network,
            format!("The BMC's own name and name servers cannot be set over {protocol} here."),
        ),
    ];
    for (field, _, detail) in only_by_redfish.into_iter().filter(|(_, is_lacking, _)| *is_lacking) {
        let hint = format!("where it is IPMI, reach the machine by Redfish (`https://` in the target's endpoint); else take {field} out");
        problems.push(problem(step, detail, &hint));
    }
    let only_by_ipmi = [
        (
            "them out of `bmc`",
            wanted.addresses != Addresses::default() && !abilities.addresses,
            format!("The BMC's own addresses cannot be set over {protocol} here."),
        ),
        (
            "`console` out",
            wanted.console != Console::default() && !abilities.console,
            format!("The serial console cannot be set up over {protocol} here."),
        ),
    ];
    for (what, _, detail) in only_by_ipmi.into_iter().filter(|(_, is_lacking, _)| *is_lacking) {
        let hint = format!("use the vendor's tools, or reach the machine by IPMI (`ipmi://` in the target's endpoint) for it; else take {what}");
        problems.push(problem(step, detail, &hint));
    }
    problems
}

/// What the protocol has no words for, or the BMC says that it cannot do.
fn beyond_the_bmc(step: &Step, wanted: &Wanted, own: &str, bmc: &dyn Bmc) -> Vec<Problem> {
    let (protocol, abilities) = (bmc.protocol(), bmc.abilities());
    let mut problems = beyond_the_protocol(step, wanted, bmc);
    let devices = [wanted.boot, wanted.once.as_ref().and_then(|once| once.boot)].into_iter().flatten().map(|boot| boot.device);
    for device in devices.filter(|device| !abilities.boot_devices.contains(device)) {
        let detail = format!("{protocol} cannot let a machine boot from `{}`.", boot_device_word(device));
        let known: Vec<&str> = abilities.boot_devices.iter().map(|device| boot_device_word(*device)).collect();
        problems.push(problem(step, detail, &format!("it can from: {}", known.join(", "))));
    }
    if wanted.boot.is_some_and(|boot| boot.device != BootDevice::None) && !abilities.lasting_override {
        let detail = "The BMC overrides the boot order for the next start only, not for every start.".to_owned();
        problems.push(problem(step, detail, "set the firmware's own boot order, or use `once`"));
    }
    let reset = wanted.once.as_ref().and_then(|once| once.reset_kind).filter(|reset| !abilities.resets.contains(reset));
    if let Some(reset) = reset {
        let known: Vec<&str> = abilities.resets.iter().map(|reset| reset_word(*reset)).collect();
        let detail = format!("The machine cannot be reset by `{}` over {protocol}.", reset_word(reset));
        problems.push(problem(step, detail, &format!("it can by: {}", known.join(", "))));
    }
    let is_to_shut_down = wanted.power == Some(PowerState::Off) && !(wanted.may_cut_power && wanted.shut_down_within.is_zero());
    if is_to_shut_down && !abilities.orders.contains(&PowerOrder::ShutDown) {
        let detail = format!("The operating system cannot be asked to shut down over {protocol}.");
        problems.push(problem(step, detail, "cut its power with `power_off: {within: 0s, force: true}`, or take `power` out"));
    }
    if abilities.is_pinned && abilities.network && step.changes.iter().any(|change| change.path == "specs.bmc.hostname") {
        let detail = "A new name can lock ipr out: its certificate is pinned, and some BMCs make a new one when their name changes.".to_owned();
        let hint = "trust who signed it instead (`ca`), or set the name with the vendor's tools and pin the new certificate";
        problems.push(problem(step, detail, hint));
    }
    if wanted.users.iter().any(|user| user.name == own) {
        problems.push(problem(step, format!("{}.", own_account(own)), "change it with the vendor's tools, and then in the daemon's configuration"));
    }
    problems
}

async fn on_the_machine(bmc: &mut dyn Bmc, wanted: &[(&Step, Wanted)]) -> Result<Vec<Problem>, EngineError> {
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
        if let Some(order) = wanted.order.as_ref().filter(|_| bmc.abilities().boot_order) {
            let found = bmc.boot_order().await;
            problems.extend(told::checked(step, "boot.order", found, |found| order::problems(step, order, found.as_ref()))?);
        }
        if !wanted.media.is_empty() && bmc.abilities().media {
            let found = bmc.media().await;
            problems.extend(told::checked(step, "media", found, |found| media::problems(step, &wanted.media, found.as_deref()))?);
        }
        if wanted.network != Network::default() && bmc.abilities().network {
            let found = bmc.network().await;
            problems.extend(told::checked(step, "bmc", found, |found| network_problem(step, &wanted.network, found).into_iter().collect())?);
        }
        if wanted.addresses != Addresses::default() && bmc.abilities().addresses && bmc.addresses().await?.is_none() {
            let detail = "The BMC does not tell its own addresses, so they cannot be managed.".to_owned();
            problems.push(problem(step, detail, "give the account the privilege of an operator, or take them out of `bmc`"));
        }
        if wanted.console != Console::default() && bmc.abilities().console {
            problems.extend(console_problem(step, &wanted.console, bmc.console().await?, bmc.protocol()));
        }
        if !wanted.settings.is_empty() && bmc.abilities().settings {
            let found = bmc.check_settings(&wanted.settings).await?;
            problems.extend(found.into_iter().map(|detail| problem(step, detail, "`ipr import` shows the names and values that the machine has")));
        }
    }
    Ok(problems)
}

fn network_problem(step: &Step, wanted: &Network, found: Option<Network>) -> Option<Problem> {
    let Some(found) = found else {
        let detail = "The BMC does not tell by which of its network interfaces it is reached.".to_owned();
        return Some(problem(
            step,
            detail,
            "write the address of the BMC as its address, not as a name; else take `hostname` and `dns` out of `bmc`",
        ));
    };
    let lacking =
        [("hostname", wanted.hostname.is_some() && found.hostname.is_none()), ("dns", wanted.name_servers.is_some() && found.name_servers.is_none())];
    let (field, _) = lacking.into_iter().find(|(_, is_lacking)| *is_lacking)?;
    Some(problem(step, format!("The BMC does not tell `bmc.{field}`, so it cannot be managed."), "take it out"))
}

fn console_problem(step: &Step, wanted: &Console, found: Option<Console>, protocol: &str) -> Option<Problem> {
    let field = found.unwrap_or_default().first_untold(wanted)?;
    let detail = format!("The BMC does not tell `console.{field}` over {protocol}, so it cannot be managed.");
    Some(problem(step, detail, "take it out, and set it with the vendor's tools"))
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
