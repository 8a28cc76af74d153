//! How do two commits relate, and what lies between them?

use crate::{CommitId, CommitInfo, History, HistoryError, error::Attempted, history::commit_info};

/// More commits than this are not walked at once: a cursor that is further behind is a mistake, or a new repository.
pub(crate) const FIRST_PARENTS_MAX: usize = 5_000;

impl History {
    /// Whether `ancestor` is `descendant` or reachable from it.
    pub fn is_ancestor(&self, ancestor: CommitId, descendant: CommitId) -> Result<bool, HistoryError> {
        Ok(self.merge_base(ancestor, descendant)? == Some(ancestor))
    }

    /// The best common ancestor, or `None` for unrelated histories.
    pub fn merge_base(&self, one: CommitId, other: CommitId) -> Result<Option<CommitId>, HistoryError> {
        let repository = self.local();
        let base = repository.merge_base(one.object(), other.object()).attempted(|| format!("compare {one} with {other}"))?;
        Ok(base.map(|id| id.detach().into()))
    }

    /// The commits after `from` up to and with `to`, along first parents, oldest first: what a branch itself went through,
    /// one commit for each merge, squash or push. Without `from`, from the first commit on.
    ///
    /// An error when `from` is not on that line (the branch was rewritten) or when more than 5000 commits lie between.
    pub fn first_parents(&self, from_exclusive: Option<CommitId>, to: CommitId) -> Result<Vec<CommitInfo>, HistoryError> {
        let repository = self.local();
        let mut commits = Vec::new();
        let mut next = Some(to);
        while next != from_exclusive {
            let Some(id) = next else { break };
            if commits.len() == FIRST_PARENTS_MAX {
                return Err(HistoryError::TooManyCommits { to, bound: FIRST_PARENTS_MAX });
            }
            let commit = commit_info(&repository, id)?;
            next = commit.parents.first().copied();
            commits.push(commit);
        }
        match from_exclusive {
            Some(from) if next.is_none() => Err(HistoryError::NotAFirstParent { from, to }),
            _ => {
                commits.reverse();
                Ok(commits)
            }
        }
    }
}
