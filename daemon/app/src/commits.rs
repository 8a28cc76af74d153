//! What does a commit say? Its files, loaded once, and shared.

use std::sync::Arc;

use core_config::{Files, Loaded};
use daemon_history::CommitId;

use crate::error::FlowError;
use crate::project::Project;

impl Project {
    /// The blueprints and settings of a commit. Loading is pure work, so it leaves the workers' threads alone.
    pub async fn load_commit(&self, commit: CommitId) -> Result<Arc<Loaded>, FlowError> {
        let snapshot = self.mirror.run(move |history| history.snapshot(commit)).await??;
        self.load_files(snapshot.files).await
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
