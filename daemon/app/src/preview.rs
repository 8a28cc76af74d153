//! What would the daemon say about this pull request? The same plan, without saying it: for `ipr plan --pr N`.

use std::sync::Arc;

use core_config::Loaded;
use core_model::{Diagnostic, Name};
use core_policy::Verdict;
use daemon_github::{PullNumber, PullRequest};
use daemon_history::MergeOutcome;

use crate::error::FlowError;
use crate::planning::{Commits, Planned, has_errors};
use crate::project::Project;
use crate::records::{Records, parse_commit};
use crate::rules::mistakes;

/// One environment of a pull request, planned or not.
pub struct Preview {
    pub environment: Name,
    pub result: Result<Box<Previewed>, Vec<Diagnostic>>,
}

/// A plan, and what the rules say of it.
pub struct Previewed {
    pub planned: Planned,
    pub verdict: Verdict,
}

/// What came of merging the pull request in memory.
pub enum PreviewOutcome {
    Conflict {
        paths: Vec<String>,
    },
    /// The merge result, and a plan for each environment unless it has mistakes.
    Merged {
        merge: Arc<Loaded>,
        environments: Vec<Preview>,
    },
}

impl Project {
    /// Plans a pull request against what is there now. Writes nothing.
    pub async fn preview(&self, number: PullNumber) -> Result<PreviewOutcome, FlowError> {
        let pull = self.github.pull(&self.repository, number).await?;
        self.mirror.fetch().await?;
        let head = parse_commit(pull.head_sha.as_str())?;
        let base = parse_commit(pull.base_sha.as_str())?;
        let base = self.default_tip().await?.unwrap_or(base);
        let merged = match self.mirror.run(move |history| history.merge(base, head)).await?? {
            MergeOutcome::Clean(merged) => merged,
            MergeOutcome::Conflict { paths, .. } => return Ok(PreviewOutcome::Conflict { paths }),
        };
        let merge = self.load_files(merged.snapshot.files).await?;
        let commits = Commits { base: Some(self.load_commit(base).await?), merge: merge.clone(), from_fork: pull.is_from_fork(&self.repository) };
        let mut environments = Vec::new();
        if !has_errors(&merge) && mistakes(&merge).is_empty() {
            for environment in self.planned_environments(&merge) {
                let result = self.preview_environment(&commits, &environment, &pull).await?;
                environments.push(Preview { environment, result });
            }
        }
        Ok(PreviewOutcome::Merged { merge, environments })
    }

    async fn preview_environment(
        &self,
        commits: &Commits,
        environment: &Name,
        pull: &PullRequest,
    ) -> Result<Result<Box<Previewed>, Vec<Diagnostic>>, FlowError> {
        let Some(settings) = commits.merge.repository.environments.get(environment) else { return Ok(Err(Vec::new())) };
        let judge = commits.base.as_ref().filter(|base| base.repository.environments.contains_key(environment)).unwrap_or(&commits.merge);
        let records = self.records(&settings.id, &judge.repository).await?;
        if let Records::Stopped { why } = &records {
            return Ok(Err(vec![stopped(environment, why)]));
        }
        let planned = match self.planning.plan(commits, environment, &records.applied(), &Default::default()).await {
            Ok(planned) => planned,
            Err(blocked) => return Ok(Err(blocked.diagnostics)),
        };
        let verdict = self.judged(commits, settings, &planned.plan, Some(pull)).await?;
        Ok(Ok(Box::new(Previewed { planned, verdict })))
    }
}

/// The message for an environment whose records are not believed.
pub(crate) fn stopped(environment: &Name, why: &str) -> Diagnostic {
    Diagnostic::error("Environment stopped", format!("The records of `{environment}` are not believed: {why}."))
        .because("A record that somebody else wrote could make the daemon delete things, so nothing is done until a person has looked.")
        .hint("compare the branch of its records with what you expect, then put it back to a record that verifies")
}
