//! How do files become a pull request, once? The branch is named after the request, so that whoever comes again finds what is there.

use std::collections::BTreeMap;

use core_config::Files;
use daemon_github::{CommitDraft, CommitSha, GitHubError, GitHubErrorKind, PublishOutcome, PullDraft, PullRequest};
use daemon_history::CommitId;

use super::PROVENANCE_LABEL;
use crate::error::FlowError;
use crate::project::Project;
use crate::records::parse_commit;

/// The new contents of files by their paths; `None` removes one.
pub(crate) type Edits = BTreeMap<String, Option<Vec<u8>>>;

/// A pull request to be.
pub(crate) struct Publication<'a> {
    pub branch: String,
    /// The commit of the default branch that the files were edited on.
    pub main: CommitId,
    pub edits: &'a Edits,
    /// The managed files with the edits.
    pub files: &'a Files,
    pub message: String,
    pub title: String,
    pub body: String,
}

/// What an earlier attempt at a proposal left on GitHub.
pub(crate) struct FoundProposal {
    pull: Option<PullRequest>,
    /// Where its branch is.
    tip: Option<CommitSha>,
}

impl Project {
    /// What is there of a proposal already.
    pub(crate) async fn look_for_proposal(&self, branch: &str) -> Result<FoundProposal, FlowError> {
        let name = format!("heads/{branch}");
        // That pull requests can be listed says that the repository can be read.
        let (pull, tip) = tokio::join!(self.pull_of_branch(branch), self.github.reference_if_seen(&self.repository, &name));
        Ok(FoundProposal { pull: pull?, tip: tip? })
    }

    /// Branch, commit, pull request and label, as far as they are not there.
    pub(crate) async fn publish_proposal(&self, publication: &Publication<'_>, found: FoundProposal) -> Result<PullRequest, FlowError> {
        let pull = match found.pull {
            Some(pull) => pull,
            None => {
                self.push_proposal(publication, found.tip).await?;
                self.open_proposal(publication).await?
            }
        };
        if !pull.labels.iter().any(|label| label == PROVENANCE_LABEL) {
            self.github.add_label(&self.repository, pull.number, PROVENANCE_LABEL).await?;
        }
        Ok(pull)
    }

    /// The pull request that a request led to before, open or not.
    async fn pull_of_branch(&self, branch: &str) -> Result<Option<PullRequest>, FlowError> {
        let pulls = self.github.pulls_of_branch(&self.repository, branch).await?;
        Ok(pulls.into_iter().filter(|pull| self.is_our_proposal(pull)).max_by_key(|pull| pull.number))
    }

    async fn push_proposal(&self, publication: &Publication<'_>, tip: Option<CommitSha>) -> Result<(), FlowError> {
        if let Some(tip) = &tip
            && self.holds(tip, publication.files).await?
        {
            return Ok(());
        }
        // A branch that holds something else was left by an attempt on an older default branch.
        let main = publication.main;
        let tree = self.mirror.run(move |history| history.tree(main)).await??;
        let draft = CommitDraft {
            branch: publication.branch.clone(),
            expected_tip: tip,
            extra_parents: vec![sha(&main.to_string())?],
            base_tree: Some(sha(&tree.to_string())?),
            files: publication.edits.clone(),
            message: publication.message.clone(),
        };
        self.push(&draft).await
    }

    /// Somebody who was faster is looked at anew by the same job.
    pub(crate) async fn push(&self, draft: &CommitDraft) -> Result<(), FlowError> {
        match self.github.publish_commit(&self.repository, draft).await? {
            PublishOutcome::Published(_) => Ok(()),
            PublishOutcome::Lost { .. } => Err(FlowError::BranchMoved { branch: draft.branch.clone() }),
        }
    }

    /// Whether a commit on GitHub has exactly these managed files.
    async fn holds(&self, commit: &CommitSha, files: &Files) -> Result<bool, FlowError> {
        self.mirror.fetch().await?;
        let commit = parse_commit(commit.as_str())?;
        Ok(self.mirror.run(move |history| history.snapshot(commit)).await?.is_ok_and(|snapshot| snapshot.files == *files))
    }

    async fn open_proposal(&self, publication: &Publication<'_>) -> Result<PullRequest, FlowError> {
        let draft = PullDraft {
            title: publication.title.clone(),
            head: publication.branch.clone(),
            base: self.default_branch.clone(),
            body: publication.body.clone(),
        };
        match self.github.open_pull(&self.repository, &draft).await {
            Ok(pull) => Ok(pull),
            // Another process was faster.
            Err(error @ GitHubError { kind: GitHubErrorKind::Conflict, .. }) => {
                self.pull_of_branch(&publication.branch).await?.ok_or(FlowError::GitHub(error))
            }
            Err(error) => Err(error.into()),
        }
    }
}

pub(crate) fn sha(text: &str) -> Result<CommitSha, FlowError> {
    text.parse().map_err(|_| FlowError::NotACommit(text.to_owned()))
}
