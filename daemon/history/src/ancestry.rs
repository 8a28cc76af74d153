//! How do two commits relate, and what lies between them?

use crate::{CommitId, CommitInfo, History, HistoryError, error::Attempted, history::commit_info};

/// More commits than this are not walked at once: a cursor that is further behind is a mistake, or a new repository.
pub(crate) const FIRST_PARENTS_MAX: usize = 5_000;

/// What a branch went through after one of its commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// The commits after it, oldest first.
    Commits(Vec<CommitId>),
    /// The branch does not hold that commit any more: it was rewritten.
    Rewritten,
    /// More commits than are walked at once.
    TooMany { bound: usize },
}

impl History {
    /// What a branch with the tip `to` went through after `from`, along first parents. Where `from` came in by the other side of a
    /// merge (a branch that was merged the wrong way round), the first commit is that merge.
    pub fn since(&self, from: CommitId, to: CommitId) -> Result<Since, HistoryError> {
        let ids = |commits: Vec<CommitInfo>| commits.into_iter().map(|commit| commit.id).collect();
        match self.first_parents(Some(from), to) {
            Ok(commits) => return Ok(Since::Commits(ids(commits))),
            Err(HistoryError::NotAFirstParent { .. } | HistoryError::TooManyCommits { .. }) => {}
            Err(error) => return Err(error),
        }
        if !self.is_ancestor(from, to)? {
            return Ok(Since::Rewritten);
        }
        let line: Vec<CommitId> = match self.first_parents(None, to) {
            Ok(commits) => ids(commits),
            Err(HistoryError::TooManyCommits { bound, .. }) => return Ok(Since::TooMany { bound }),
            Err(error) => return Err(error),
        };
        // Once a commit of the line holds `from`, all later ones do.
        let (mut without, mut with) = (0, line.len());
        while without < with {
            let middle = without + (with - without) / 2;
            if self.is_ancestor(from, line[middle])? { with = middle } else { without = middle + 1 }
        }
        Ok(Since::Commits(line[with..].to_vec()))
    }

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
