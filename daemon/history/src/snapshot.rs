//! Which managed files does a commit hold?

use crate::{
    CommitId, History, HistoryError, TreeId,
    error::Attempted,
    files::{self, Files, Scope},
    tree,
};

/// The managed files of one tree: `ipr.yaml`, `blueprints/`, `policies/` and `templates/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The whole tree that the files are from, with everything that is not managed. A tree made by a merge in memory is
    /// in no repository; its id still tells whether two merges came out alike.
    pub tree: TreeId,
    pub files: Files,
}

impl History {
    /// The managed files of a commit: at most 10,000 files and folders, 1 MiB a file, 64 MiB together. Symbolic links,
    /// submodules and names that are not UTF-8 are refused.
    pub fn snapshot(&self, commit: CommitId) -> Result<Snapshot, HistoryError> {
        let repository = self.local();
        let tree = commit_tree(&repository, commit)?;
        snapshot_of(&repository, tree)
    }

    /// Like [`History::snapshot`], for a tree that is known by its own id.
    pub fn snapshot_of_tree(&self, tree: TreeId) -> Result<Snapshot, HistoryError> {
        snapshot_of(&self.local(), tree)
    }

    /// The tree of a commit.
    pub fn tree(&self, commit: CommitId) -> Result<TreeId, HistoryError> {
        commit_tree(&self.local(), commit)
    }

    /// Whether anything that is managed differs between two commits. Nothing is loaded, so that there is an answer for what a
    /// snapshot refuses, too.
    pub fn is_changed(&self, before: CommitId, after: CommitId) -> Result<bool, HistoryError> {
        let repository = self.local();
        let managed = |commit| tree::managed(&repository, commit_tree(&repository, commit)?);
        Ok(managed(before)? != managed(after)?)
    }
}

pub(crate) fn commit_tree(repository: &gix::Repository, commit: CommitId) -> Result<TreeId, HistoryError> {
    let reading = || format!("read the commit {commit}");
    let id = repository.find_commit(commit.object()).attempted(reading)?.tree_id().attempted(reading)?.detach();
    Ok(id.into())
}

pub(crate) fn snapshot_of(repository: &gix::Repository, tree: TreeId) -> Result<Snapshot, HistoryError> {
    Ok(Snapshot { tree, files: tree::load(repository, tree, Scope::Managed, files::MANAGED)? })
}
