//! What does a commit say? Its files, loaded once, and shared.

use std::sync::Arc;

use core_config::{Files, Loaded};
use core_model::Diagnostic;
use daemon_history::{CommitId, HistoryError, SnapshotRefusal};

use crate::error::FlowError;
use crate::project::Project;

impl Project {
    /// The blueprints and settings of a commit. Loading is pure work, so it leaves the workers' threads alone. A commit with
    /// something in it that we do not read is one with a mistake: it is never taken for one that wants nothing.
    pub async fn load_commit(&self, commit: CommitId) -> Result<Arc<Loaded>, FlowError> {
        match self.mirror.run(move |history| history.snapshot(commit)).await? {
            Ok(snapshot) => self.load_files(snapshot.files).await,
            Err(HistoryError::Snapshot(refusal)) => Ok(Arc::new(refused(&refusal))),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn load_files(&self, files: Files) -> Result<Arc<Loaded>, FlowError> {
        let planning = self.planning.clone();
        Ok(self.mirror.run(move |_| Arc::new(planning.load(&files))).await?)
    }

    /// The newest commit of the default branch in the mirror.
    pub async fn default_tip(&self) -> Result<Option<CommitId>, FlowError> {
        let branch = self.default_branch.clone();
        Ok(self.mirror.run(move |history| history.tip(&branch)).await??)
    }
}

/// A commit of which nothing is read, and why.
pub(crate) fn refused(refusal: &SnapshotRefusal) -> Loaded {
    let mistake =
        Diagnostic::error("Files not readable", format!("Of `ipr.yaml`, `blueprints/`, `policies/` and `templates/` in this commit, {refusal}."))
            .because("Whatever cannot be read would look deleted, so nothing of the commit is planned.")
            .hint("take it out, or put a plain file in its place");
    Loaded { diagnostics: vec![mistake], ..Loaded::default() }
}
