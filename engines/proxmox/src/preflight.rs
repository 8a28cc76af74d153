//! What would go wrong for certain? Found by reading, so that it stands in the plan and not in a failed run.

use std::collections::BTreeSet;

use core_model::plan::{Action, Problem, ProblemKind, Step};
use engine_api::EngineError;

use crate::cluster::{Cluster, Permissions};
use crate::kind::{KINDS, Kind};

pub(crate) async fn preflight(cluster: &Cluster<'_>, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
    let mut problems = Vec::new();
    for (kind, steps) in by_kind(steps) {
        problems.extend(kind.preflight(cluster, &steps).await?);
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// What may go wrong and is not certain.
pub(crate) async fn cautions(cluster: &Cluster<'_>, steps: &[Step]) -> Result<Vec<String>, EngineError> {
    let mut cautions = Vec::new();
    for (kind, steps) in by_kind(steps) {
        cautions.extend(kind.cautions(cluster, &steps).await?);
    }
    Ok(cautions)
}

/// The steps that change something, by kind. Kinds without any are left out.
fn by_kind(steps: &[Step]) -> impl Iterator<Item = (&'static dyn Kind, Vec<&Step>)> {
    let of_kind = |kind: &'static dyn Kind| steps.iter().filter(move |step| step.type_name == kind.name() && step.action.mutates()).collect();
    KINDS.iter().map(move |kind| (*kind, of_kind(*kind))).filter(|(_, steps): &(_, Vec<&Step>)| !steps.is_empty())
}

pub(crate) fn problem(step: &Step, detail: String, hint: &str) -> Problem {
    Problem { kind: ProblemKind::Preflight, address: step.address.clone(), detail, hint: Some(hint.to_owned()) }
}

/// Whether the step makes an object.
pub(crate) fn makes(step: &Step) -> bool {
    matches!(step.action, Action::Create | Action::Replace)
}

/// A privilege, with the paths of which one is enough. The first is the one that is named.
pub(crate) type Need = (Vec<String>, &'static str);

/// A problem for each privilege that the credential lacks.
pub(crate) fn lacking(step: &Step, needed: BTreeSet<Need>, permissions: &Permissions) -> Vec<Problem> {
    let lacking = needed.into_iter().filter(|(paths, privilege)| !paths.iter().any(|path| has(permissions, path, privilege)));
    lacking
        .map(|(paths, privilege)| {
            let detail = format!("The credential lacks `{privilege}` on {}, which this step needs.", paths.first().map_or("/", String::as_str));
            problem(step, detail, "give it the role of docs/engines/proxmox.md")
        })
        .collect()
}

/// What holds on a path: its own entry, or what reaches down from the nearest path above.
fn has(permissions: &Permissions, path: &str, privilege: &str) -> bool {
    if let Some(privileges) = permissions.get(path) {
        return privileges.contains(privilege);
    }
    let mut path = path;
    loop {
        if let Some(privileges) = permissions.get(path).filter(|privileges| privileges.any_reaches_below()) {
            return privileges.reach_below(privilege);
        }
        path = match path.rsplit_once('/') {
            Some(("", _)) if path != "/" => "/",
            Some((above, _)) if !above.is_empty() => above,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_entry_above_holds() {
        let entries = [("/", "VM.Audit", true), ("/vms", "VM.Allocate", true), ("/vms/100", "VM.Clone", true), ("/storage", "VM.Backup", false)];
        let permissions: Permissions =
            entries.map(|(path, privilege, reaches)| (path.to_owned(), [(privilege.to_owned(), reaches)].into_iter().collect())).into();
        for (path, privilege, expected) in [
            ("/vms/200", "VM.Allocate", true),
            ("/vms/100", "VM.Allocate", false),
            ("/vms/100", "VM.Clone", true),
            ("/storage/local", "VM.Audit", true),
            ("/storage/local", "VM.Clone", false),
            ("/storage", "VM.Backup", true),
            ("/storage/local", "VM.Backup", false),
        ] {
            assert_eq!(has(&permissions, path, privilege), expected, "{path} {privilege}");
        }
        assert!(!has(&Permissions::new(), "/vms", "VM.Audit"));
    }
}
