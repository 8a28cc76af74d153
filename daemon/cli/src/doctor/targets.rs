//! Does each target answer, as the one it should be, and may our credential do there what is asked of it?

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_model::TargetName;
use engine_api::{Check, Engine};
use futures::future::join_all;

use super::github::Seen;
use super::{Entry, clock, hint_for, within};
use crate::config::{Config, TargetConfig};
use crate::engines::{self, Reach};
use crate::failure::Failure;
use crate::terminal::several;

const PROBE_MAX: Duration = Duration::from_secs(20);
const CHECKUP_MAX: Duration = Duration::from_secs(60);
/// Racks may be large, and each member is a connection.
const MEMBERS_MAX: usize = 256;

/// All targets of the configuration, each with the members that the default branches declare.
pub(super) async fn all(config: &Config, seen: &Seen) -> Vec<Entry> {
    let mut looks = Vec::new();
    let mut unseen = Vec::new();
    for target in config.targets.values() {
        let mut members = members(target, seen);
        let more = members.split_off(members.len().min(MEMBERS_MAX)).len();
        if more > 0 {
            let check = Check::warning(format!("{} of it are not looked at", several(more, "member")), "look at one: `ipr doctor --target`");
            unseen.push(Entry::new(format!("target {}", target.name), check));
        }
        looks.extend(
            members.into_iter().map(|(name, address)| async move { look(target, &name, address.as_deref(), seen.identities.get(&name)).await }),
        );
    }
    join_all(looks).await.into_iter().flatten().chain(unseen).collect()
}

/// One target, without anything of GitHub.
pub(super) async fn one(config: &Arc<Config>, name: &TargetName, address: Option<&str>) -> Result<Vec<Entry>, Failure> {
    let target = engines::known(config, name)?;
    Ok(look(target, name, address, None).await)
}

/// The target itself, or the members of a group with their addresses.
fn members(target: &TargetConfig, seen: &Seen) -> Vec<(TargetName, Option<String>)> {
    let mut members = BTreeSet::new();
    for declaration in seen.loaded.iter().filter_map(|loaded| loaded.repository.targets.get(&target.name)) {
        let names = declaration.members.keys().map(|member| format!("{}/{member}", target.name));
        let itself = declaration.members.is_empty().then(|| target.name.to_string());
        let names = names.chain(itself).filter_map(|name| name.parse::<TargetName>().ok());
        members.extend(names.map(|name| (declaration.address_of(&name).map(str::to_owned), name)));
    }
    let itself = members.is_empty().then(|| target.name.as_str().parse().ok().map(|name| (None, name))).flatten();
    members.into_iter().chain(itself).map(|(address, name)| (name, address)).collect()
}

async fn look(target: &TargetConfig, name: &TargetName, address: Option<&str>, recorded: Option<&String>) -> Vec<Entry> {
    let about = format!("target {name}");
    let checks = match connect(target, name, address) {
        Err(check) => vec![check],
        Ok(engine) => ask(&*engine, target.name.as_str(), recorded).await,
    };
    checks.into_iter().map(|check| Entry::new(&about, check)).collect()
}

fn connect(target: &TargetConfig, name: &TargetName, address: Option<&str>) -> Result<Arc<dyn Engine>, Check> {
    let key = &target.name;
    let place = engines::place(target, name, address).map_err(|why| Check::problem(why, format!("look at `targets.{key}` here and in ipr.yaml")))?;
    let reach = Reach::read(target, &place).map_err(|why| Check::problem(why, format!("put it where `targets.{key}` says")))?;
    engines::connect(reach).map_err(|error| Check::problem(error.to_string(), hint_for(&error, key.as_str())))
}

async fn ask(engine: &dyn Engine, key: &str, recorded: Option<&String>) -> Vec<Check> {
    let begun = Instant::now();
    let probe = match within(PROBE_MAX, engine.probe()).await {
        Ok(Ok(probe)) => probe,
        Ok(Err(error)) => return vec![Check::problem(error.to_string(), hint_for(&error, key))],
        Err(why) => return vec![Check::problem(why, format!("see that `targets.{key}.endpoint` leads to it from this machine"))],
    };
    let took_ms = begun.elapsed().as_millis();
    let mut checks = vec![Check::ok(format!("{}, {}, answered in {took_ms} ms", probe.version, probe.identity))];
    if let Some(recorded) = recorded.filter(|recorded| **recorded != probe.identity) {
        let text = format!("records know it as `{recorded}`, and nothing is done on another one");
        checks.push(Check::problem(text, "see whether `endpoint` leads to the right one"));
    }
    match within(CHECKUP_MAX, engine.checkup()).await.and_then(|checkup| checkup.map_err(|error| error.to_string())) {
        Ok(checkup) => {
            checks.extend(checkup.unix_time_s.map(|theirs| clock::compare(theirs, "the target")));
            checks.extend(checkup.checks);
        }
        Err(why) => {
            checks.push(Check::warning(format!("not all of it could be looked at: {why}"), "ask again, for this target alone: `ipr doctor --target`"))
        }
    }
    checks
}
