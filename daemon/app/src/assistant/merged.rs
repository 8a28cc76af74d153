//! What came to the default branch, when, and with which pull request? Read from Git, and from GitHub where Git does not know.

use daemon_github::{GitHubError, GitHubErrorKind, PullNumber, PullRequest};
use daemon_history::CommitId;

use crate::error::FlowError;
use crate::project::Project;
use crate::records::parse_commit;

/// How far back the default branch is walked.
const COMMITS_WALKED: usize = 1_000;
/// A pull request that was rebased is this many commits at most.
const COMMITS_OF_A_PULL: usize = 100;

impl Project {
    /// The commits of the default branch that changed something managed, newest first, with their times.
    pub(crate) async fn changes_of_main(&self, main: CommitId) -> Result<Vec<(CommitId, i64)>, FlowError> {
        let walked = self.mirror.run(move |history| {
            let mut found = Vec::new();
            let mut next = Some(main);
            for _ in 0..COMMITS_WALKED {
                let Some(commit) = next else { break };
                let info = history.commit(commit)?;
                next = info.parents.first().copied();
                if next.map_or(Ok(true), |parent| history.is_changed(parent, commit))? {
                    found.push((commit, info.committed_at_s));
                }
            }
            Ok::<_, daemon_history::HistoryError>(found)
        });
        Ok(walked.await??)
    }

    pub(crate) async fn merged_with_commit(&self, commit: CommitId) -> Result<Option<PullRequest>, FlowError> {
        let sha = super::publish::sha(&commit.to_string())?;
        let pulls = self.github.pulls_of_commit(&self.repository, &sha).await?;
        Ok(pulls.into_iter().find(|pull| pull.base_ref == self.default_branch && pull.merged_at.is_some()))
    }

    /// The last commit before a merged pull request, and the last one of it.
    pub(crate) async fn merged(&self, number: PullNumber) -> Result<Option<(CommitId, CommitId)>, FlowError> {
        let pull = match self.github.pull(&self.repository, number).await {
            Ok(pull) => pull,
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some(after) = pull.merge_commit_sha.filter(|_| pull.merged && pull.base_ref == self.default_branch) else { return Ok(None) };
        let after = parse_commit(after.as_str())?;
        let mut before = self.mirror.run(move |history| history.commit(after)).await??.parents.first().copied();
        for _ in 0..COMMITS_OF_A_PULL {
            let Some(commit) = before else { return Ok(None) };
            // A rebase leaves one commit for each of the branch.
            if self.merged_with_commit(commit).await?.map(|pull| pull.number) != Some(number) {
                return Ok(Some((commit, after)));
            }
            before = self.mirror.run(move |history| history.commit(commit)).await??.parents.first().copied();
        }
        Ok(None)
    }
}
