//! What would the plans that were applied last have got under the rules that a pull request brings? Records tell the plans.

use core_config::Environment;
use core_model::Name;
use core_model::plan::Plan;
use core_model::record::{Record, RecordKind, Run, RunResult};
use core_policy::{Facts, PullRequestFacts, Rules, Verdict};

use crate::error::FlowError;
use crate::planning::Commits;
use crate::project::Project;

/// The plans that are judged again.
const PLANS_MAX: usize = 50;
/// The records that are walked to find them.
const RECORDS_WALKED: usize = 200;

/// What the new rules say of the old plans of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    pub environment: String,
    /// How many plans were judged.
    pub judged: usize,
    /// How many could not be, because neither the rules before nor those after could be asked about them.
    pub unjudged: usize,
    /// Those with another verdict, newest first: whose plan it was, and what it would have got.
    pub changed: Vec<(String, String)>,
}

impl Project {
    /// Judges the plans that were applied last by the rules before and after. Nothing for rules that do not change, and for those of
    /// a fork, which are not run.
    pub(crate) async fn rehearse(&self, commits: &Commits, environment: &Name) -> Result<Option<Rehearsal>, FlowError> {
        let Some(base) = commits.base.as_ref().filter(|base| !commits.from_fork && base.policies != commits.merge.policies) else { return Ok(None) };
        let Some(settings) = base.repository.environments.get(environment) else { return Ok(None) };
        if [&base.policies, &commits.merge.policies].into_iter().any(|policies| Rules::compile(policies).is_err()) {
            return Ok(None);
        }
        let applied = self.applied_plans(settings).await?;
        let (name, settings, branch) = (environment.clone(), settings.clone(), self.default_branch.clone());
        let (process, before, after) = (self.rules.clone(), base.policies.clone(), commits.merge.policies.clone());
        let judging = tokio::task::spawn_blocking(move || {
            let document = |(run, plan): &(Run, Plan)| core_policy::document(plan, &facts(&settings, run, &branch));
            let documents: Vec<_> = applied.iter().map(document).collect();
            let [before, after] = [before, after].map(|rules| process.judge(&rules, &documents));
            let whose = applied.iter().map(|(run, _)| whose(run)).collect();
            compared(name.to_string(), whose, &before, &after)
        });
        // A panic in a rehearsal stops nobody: the plan itself is judged apart, and says so.
        Ok(judging.await.inspect_err(|error| tracing::error!(%error, "a rehearsal of rules panicked; this is a bug in the daemon")).ok())
    }

    /// The plans that were applied last, newest first.
    async fn applied_plans(&self, settings: &Environment) -> Result<Vec<(Run, Plan)>, FlowError> {
        let id = settings.id.clone();
        let found = self.mirror.run(move |history| {
            let mut found = Vec::new();
            for commit in history.record_chain(&id, RECORDS_WALKED)? {
                let Ok(record) = Record::from_files(&history.record_files(commit)?) else { continue };
                if record.run.kind == RecordKind::Finished
                    && record.run.result == Some(RunResult::Applied)
                    && let Some(plan) = record.plan
                {
                    found.push((record.run, plan));
                }
                if found.len() == PLANS_MAX {
                    break;
                }
            }
            Ok::<_, daemon_history::record::RecordError>(found)
        });
        Ok(found.await??)
    }
}

/// What a record tells: neither who opened the pull request, nor its labels.
fn facts<'a>(settings: &'a Environment, run: &'a Run, branch: &str) -> Facts<'a> {
    let pull_request = run.pull_request.map(|number| PullRequestFacts {
        number,
        author: None,
        title: String::new(),
        labels: Vec::new(),
        base: branch.to_owned(),
        from_fork: false,
    });
    Facts { environment: &settings.name, environment_id: &settings.id, pull_request, now: &run.at }
}

fn whose(run: &Run) -> String {
    match run.pull_request {
        Some(number) => format!("#{number}"),
        None => run.source.as_deref().unwrap_or_default().chars().take(12).collect(),
    }
}

fn compared(environment: String, whose: Vec<String>, before: &[Verdict], after: &[Verdict]) -> Rehearsal {
    let verdicts = whose.into_iter().zip(before.iter().zip(after));
    let (silent, judged): (Vec<_>, Vec<_>) = verdicts.partition(|(_, (before, after))| !before.faults.is_empty() && !after.faults.is_empty());
    let (count, unjudged) = (judged.len(), silent.len());
    let changed = judged.into_iter().filter_map(|(whose, (before, after))| Some((whose, difference(before, after)?))).collect();
    Rehearsal { environment, judged: count, unjudged, changed }
}

/// What the second verdict asks for and the first did not, or the other way round.
fn difference(before: &Verdict, after: &Verdict) -> Option<String> {
    let teams = |verdict: &Verdict| verdict.teams().into_iter().map(|(team, _)| team.to_owned()).collect::<Vec<_>>();
    match (before.permits(), after.permits()) {
        (true, false) => {
            let why = after.denials().next().map_or("a rule could not be asked", |finding| finding.message.as_str());
            Some(format!("denied: {why}"))
        }
        (false, true) => Some("no longer denied".to_owned()),
        _ if teams(before) != teams(after) => {
            let asked = teams(after);
            Some(if asked.is_empty() { "no team asked any more".to_owned() } else { format!("needs {}", asked.join(", ")) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use core_policy::{Effect, Finding};

    use super::*;

    fn verdict(effects: &[Effect]) -> Verdict {
        let finding = |effect: &Effect| Finding {
            effect: effect.clone(),
            rule: "main.x".to_owned(),
            written_at: "policies/a.rego:1".to_owned(),
            address: None,
            path: None,
            message: "too open".to_owned(),
            blueprint: None,
        };
        Verdict { findings: effects.iter().map(finding).collect(), ..Verdict::default() }
    }

    #[test]
    fn only_what_differs_is_told() {
        let team = || Effect::NeedsApproval { team: "platform".to_owned() };
        for (before, after, expected) in [
            (vec![], vec![], None),
            (vec![], vec![Effect::Warn], None),
            (vec![], vec![Effect::Deny], Some("denied: too open")),
            (vec![Effect::Deny], vec![], Some("no longer denied")),
            (vec![], vec![team()], Some("needs platform")),
            (vec![team()], vec![], Some("no team asked any more")),
        ] {
            assert_eq!(difference(&verdict(&before), &verdict(&after)).as_deref(), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_no_rules_can_be_asked_about_is_not_told_as_unchanged() {
        let fault = || Verdict { faults: vec!["too slow".to_owned()], ..Verdict::default() };
        let (before, after) = ([fault(), Verdict::default(), fault()], [fault(), fault(), Verdict::default()]);
        let found = compared("prod".to_owned(), ["#1", "#2", "#3"].map(str::to_owned).to_vec(), &before, &after);
        assert_eq!((found.judged, found.unjudged), (2, 1));
        assert_eq!(
            found.changed,
            [("#2", "denied: a rule could not be asked"), ("#3", "no longer denied")].map(|(whose, what)| (whose.into(), what.into()))
        );
    }
}
