//! Can the records of an environment be believed, and can only the daemon write them?

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use core_config::Loaded;
use core_model::record::Record;
use core_model::{EnvironmentId, TargetName};
use daemon_github::{GitHub, RepositoryName};
use daemon_history::record::{RecordKey, RecordPublicKey, VerifiedRecord, records_branch};
use daemon_history::{History, Mirror};
use engine_api::Check;

use super::within;
use crate::{engines, record_keys, records};

const ASK_MAX: Duration = Duration::from_secs(20);
/// What keeps others from moving a branch. Each is a rule that only those may break who are named to bypass it.
const RESERVING: [(&str, &str); 4] = [
    ("creation", "restrict creations"),
    ("update", "restrict updates"),
    ("deletion", "restrict deletions"),
    ("non_fast_forward", "block force pushes"),
];

/// What the default branch wants.
pub(super) async fn default_branch(mirror: &Mirror, branch: &str) -> Result<Loaded, String> {
    let branch = branch.to_owned();
    let read = move |history: &History| -> Result<Loaded, String> {
        let tip = history.tip(&branch).map_err(|error| error.to_string())?.ok_or("it has no commit yet")?;
        let snapshot = history.snapshot(tip).map_err(|error| error.to_string())?;
        Ok(core_config::load(&snapshot.files, &engines::registry()))
    };
    mirror.run(read).await.map_err(|error| error.to_string())?
}

/// What the records of one environment say.
#[derive(Default)]
pub(super) struct Believed {
    pub(super) checks: Vec<Check>,
    pub(super) identities: BTreeMap<TargetName, String>,
}

pub(super) async fn look(mirror: &Mirror, environment: &EnvironmentId, settings: &core_config::Repository, own_key: Option<&RecordKey>) -> Believed {
    let mut believed = Believed::default();
    let keys = match record_keys::listed(settings, "ipr.yaml") {
        Ok(keys) => keys,
        Err(failure) => {
            let hint = "put the public half of the daemon's record key under `records: {keys: [..]}`: `ssh-keygen -y -f record-key` prints it";
            believed.checks.push(Check::problem(failure.in_one_line(), hint));
            return believed;
        }
    };
    if let Some(own) = own_key.map(RecordKey::public).filter(|own| !keys.contains(own)) {
        let text = format!(
            "the daemon's record key {} is not among `records.keys` of ipr.yaml, so that nobody would believe its records",
            own.fingerprint()
        );
        believed.checks.push(Check::problem(text, "add its public half there: `ssh-keygen -y -f record-key` prints it"));
    }
    let asked = environment.clone();
    let read = mirror.run(move |history| tip(history, &asked, &keys)).await.map_err(|error| error.to_string());
    match read.and_then(|read| read) {
        Ok(None) => believed.checks.push(Check::ok("there is none yet; the first one comes with the first merge")),
        Ok(Some((verified, record))) => {
            let what = records::what(&record.run);
            let text = format!("the newest one ({what}, {}) is signed by the allowed key {}", record.run.at, verified.fingerprint);
            believed.checks.push(Check::ok(text));
            believed.identities = record.run.targets;
        }
        Err(why) => {
            let hint = format!("do not apply anything until a person has looked; then `ipr records restore {environment}`");
            believed.checks.push(Check::problem(format!("they cannot be believed: {why}"), hint));
        }
    }
    believed
}

fn tip(history: &History, environment: &EnvironmentId, keys: &[RecordPublicKey]) -> Result<Option<(VerifiedRecord, Record)>, String> {
    let Some(commit) = history.record_tip(environment).map_err(|error| error.to_string())? else { return Ok(None) };
    let verified = history.verify_record(commit, environment, keys).map_err(|error| error.to_string())?;
    let record = Record::from_files(&verified.files).map_err(|error| error.to_string())?;
    Ok(Some((verified, record)))
}

/// Whether rulesets keep everybody but those whom they name from the branch.
pub(super) async fn reserved(client: &GitHub, repository: &RepositoryName, environment: &EnvironmentId, settings: &str) -> Check {
    let branch = records_branch(environment);
    let rules = within(ASK_MAX, client.branch_rules(repository, &branch)).await.and_then(|rules| rules.map_err(|error| error.to_string()));
    match rules {
        Ok(rules) => judge(&branch, &rules.into_iter().map(|rule| rule.kind).collect(), settings),
        Err(why) => Check::warning(format!("whether a ruleset reserves `{branch}` is not known: {why}"), format!("look at {settings}")),
    }
}

fn judge(branch: &str, rules: &BTreeSet<String>, settings: &str) -> Check {
    let missing: Vec<&str> = RESERVING.iter().filter(|(kind, _)| !rules.contains(*kind)).map(|(_, words)| *words).collect();
    let hint = format!("make a ruleset for `ipr/records/**` at {settings} with these, and let only the daemon's account bypass it");
    match missing.len() {
        0 => Check::ok(format!("a ruleset reserves `{branch}`; see that the daemon's account, and nobody else, may bypass it")),
        all if all == RESERVING.len() => Check::warning(
            format!(
                "no ruleset reserves `{branch}`: whoever may push can move it, and a record that no allowed key signed stops the environment ({})",
                missing.join(", ")
            ),
            hint,
        ),
        _ => Check::warning(format!("rulesets reserve `{branch}` in part; missing: {}", missing.join(", ")), hint),
    }
}

#[cfg(test)]
mod tests {
    use engine_api::CheckState;

    use super::*;

    #[test]
    fn a_branch_is_reserved_by_all_four_rules() {
        let state = |kinds: &[&str]| judge("ipr/records/prod", &kinds.iter().map(|kind| (*kind).to_owned()).collect(), "https://x/settings/rules");
        assert_eq!(state(&["creation", "update", "deletion", "non_fast_forward", "pull_request"]).state, CheckState::Ok);
        let part = state(&["deletion", "non_fast_forward"]);
        assert!(part.state == CheckState::Warning && part.text.ends_with("missing: restrict creations, restrict updates"), "{part:?}");
        assert!(state(&["pull_request"]).text.starts_with("no ruleset reserves"));
    }
}
