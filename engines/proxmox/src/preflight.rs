//! What would go wrong for certain? Found by reading, so that it stands in the plan and not in a failed run.

use core_model::plan::{Action, Problem, ProblemKind, Step};
use engine_api::EngineError;

use crate::cluster::{Cluster, Permissions};
use crate::kind::{KINDS, Kind};
use crate::pool;

pub(crate) async fn preflight(cluster: &Cluster<'_>) -> Result<Vec<Problem>, EngineError> {
    let mut found = Found::default();
    let members: Vec<&Step> = cluster.steps.iter().filter(|step| step.action.mutates()).collect();
    found.take(&members, pool::of_members(cluster).await);
    for (kind, steps) in by_kind(cluster.steps) {
        found.take(&steps, kind.preflight(cluster, &steps).await);
    }
    for kind in KINDS {
        found.take(&members, kind.preflight_together(cluster, cluster.steps).await);
    }
    found.problems()
}

/// The answers of all checks: one that could not be made takes nothing from the others.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    failed: Vec<(Vec<Problem>, EngineError)>,
}

impl Found {
    fn take(&mut self, steps: &[&Step], answer: Result<Vec<Problem>, EngineError>) {
        match answer {
            Ok(problems) => self.problems.extend(problems),
            Err(error) => {
                let unchecked =
                    |step: &&Step| problem(step, format!("This step could not be checked: {error}."), "look into that, and plan again with `/plan`");
                self.failed.push((steps.iter().map(unchecked).collect(), error));
            }
        }
    }

    /// Where nothing else was found, the first failure is the answer.
    fn problems(mut self) -> Result<Vec<Problem>, EngineError> {
        if self.problems.is_empty() && !self.failed.is_empty() {
            return Err(self.failed.remove(0).1);
        }
        self.problems.extend(self.failed.into_iter().flat_map(|(unchecked, _)| unchecked));
        self.problems.sort();
        self.problems.dedup();
        Ok(self.problems)
    }
}

/// What may go wrong and is not certain.
pub(crate) async fn cautions(cluster: &Cluster<'_>) -> Result<Vec<String>, EngineError> {
    let mut cautions = Vec::new();
    for (kind, steps) in by_kind(cluster.steps) {
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
    Problem { kind: ProblemKind::Preflight, address: step.address.clone(), detail, hint: Some(hint.to_owned()), at: None }
}

/// Whether the step makes an object.
pub(crate) fn makes(step: &Step) -> bool {
    matches!(step.action, Action::Create | Action::Replace)
}

/// A privilege, with the paths of which one is enough. The first is the one that is named.
pub(crate) type Need = (Vec<String>, &'static str);

/// A need, and the fields that ask for it: a problem names them, and is shown where they are written.
pub(crate) struct Asked {
    need: Need,
    fields: Vec<String>,
}

impl From<Need> for Asked {
    fn from(need: Need) -> Self {
        Self { need, fields: Vec::new() }
    }
}

impl From<(Need, Vec<String>)> for Asked {
    fn from((need, fields): (Need, Vec<String>)) -> Self {
        Self { need, fields }
    }
}

/// A problem for each privilege that the credential lacks.
pub(crate) fn lacking(step: &Step, needed: impl IntoIterator<Item = impl Into<Asked>>, permissions: &Permissions) -> Vec<Problem> {
    let needed = needed.into_iter().map(Into::into);
    let lacking = needed.filter(|Asked { need: (paths, privilege), .. }| !paths.iter().any(|path| has(permissions, path, privilege)));
    lacking
        .map(|Asked { need: (paths, privilege), fields }| {
            let path = paths.first().map_or("/", String::as_str);
            let hint = format!("give its role `{privilege}`; docs/engines/proxmox.md has the whole list");
            let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
            let asking = if fields.is_empty() { String::new() } else { format!("{}: ", fields.join(", ")) };
            problem(step, format!("{asking}the token or user lacks `{privilege}` on `{path}`, which this step needs."), &hint)
        })
        .collect()
}

/// What holds on a path: its own entry, or what reaches down from the nearest path above.
pub(crate) fn has(permissions: &Permissions, path: &str, privilege: &str) -> bool {
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
