//! How does a commit get onto a branch on GitHub without a push, and who wins when two try?
//!
//! Tree, commit and reference are made through the Git Data API. No author is given, so GitHub signs the commit. The
//! branch moves by fast-forward only, and the new commit's first parent is the tip that the caller expects: when
//! somebody moved the branch on, the update is no fast-forward and is refused. That is the compare-and-swap.
//! What it cannot see is a branch that was forced back to an ancestor of the expected tip.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::GitHub;
use crate::error::{GitHubError, GitHubErrorKind};
use crate::ids::CommitSha;
use crate::names::RepositoryName;
use crate::references::ObjectBody;
use crate::transport::Call;

const FILES_MAX: usize = 20_000;
const BYTES_MAX: usize = 32 * 1024 * 1024;
const MOVES_MAX: u32 = 3;
/// How many commits others can have put on top of ours between our update and our look at it.
const ANCESTORS_MAX: u32 = 8;
const REGULAR_FILE: &str = "100644";

/// A commit to put on a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitDraft {
    /// Without `refs/heads/`: `ipr/records/prod`.
    pub branch: String,
    /// The first parent. `None` creates the branch.
    pub expected_tip: Option<CommitSha>,
    /// Further parents; GitHub must have them. With neither, it is a root commit.
    pub extra_parents: Vec<CommitSha>,
    /// The tree that the files are laid over. `None` makes them the whole tree: what is not among them is not in the commit.
    pub base_tree: Option<CommitSha>,
    /// Path to content; `None` takes a file out of the base tree.
    pub files: BTreeMap<String, Option<Vec<u8>>>,
    pub message: String,
}

/// What became of a draft. Only one of several racing drafts with the same expected tip is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishOutcome {
    /// The branch holds this commit.
    Published(CommitSha),
    /// Somebody else moved, made or removed the branch; it is at `tip` now.
    Lost { tip: Option<CommitSha> },
}

#[derive(Deserialize)]
struct CommitBody {
    parents: Vec<ObjectBody>,
}

impl GitHub {
    /// Makes the commit and moves the branch to it. After an error it is open whether the branch moved: read its tip.
    pub async fn publish_commit(&self, repository: &RepositoryName, draft: &CommitDraft) -> Result<PublishOutcome, GitHubError> {
        check_size(repository, draft)?;
        let mut tree = Vec::with_capacity(draft.files.len());
        for (path, content) in &draft.files {
            tree.push(match content {
                Some(content) => self.tree_entry(repository, path, content).await?,
                None => json!({"path": path, "mode": REGULAR_FILE, "type": "blob", "sha": null}),
            });
        }
        let body = match &draft.base_tree {
            Some(base) => json!({"base_tree": base, "tree": tree}),
            None => json!({"tree": tree}),
        };
        let tree = self.create_object(repository, "trees", body).await?;
        let parents: Vec<&CommitSha> = draft.expected_tip.iter().chain(&draft.extra_parents).collect();
        let commit = json!({"message": draft.message, "tree": tree, "parents": parents});
        let commit = self.create_object(repository, "commits", commit).await?;
        self.move_branch(repository, draft, commit).await
    }

    /// Text travels inside the tree; anything else needs a blob of its own.
    async fn tree_entry(&self, repository: &RepositoryName, path: &str, content: &[u8]) -> Result<Value, GitHubError> {
        let mut entry = json!({"path": path, "mode": REGULAR_FILE, "type": "blob"});
        match std::str::from_utf8(content) {
            Ok(text) if !text.contains('\0') => entry["content"] = json!(text),
            _ => {
                let blob = json!({"content": BASE64_STANDARD.encode(content), "encoding": "base64"});
                entry["sha"] = json!(self.create_object(repository, "blobs", blob).await?);
            }
        }
        Ok(entry)
    }

    /// Git objects are reached by nobody until a reference points to them, so making one twice is harmless.
    async fn create_object(&self, repository: &RepositoryName, kind: &str, body: Value) -> Result<CommitSha, GitHubError> {
        let url = self.repository_url(repository, &["git", kind]);
        let call = Call::post(url, body, format!("store git {kind} in {repository}"));
        let created: ObjectBody = self.json(call.repeatable()).await?;
        Ok(created.sha)
    }

    /// Moves the branch, and when the answer does not say what happened, asks the branch itself.
    async fn move_branch(&self, repository: &RepositoryName, draft: &CommitDraft, commit: CommitSha) -> Result<PublishOutcome, GitHubError> {
        let mut moves = 0;
        let mut may_be_buried = false;
        loop {
            moves += 1;
            let error = match self.update_branch(repository, draft, &commit).await {
                Ok(()) => return Ok(PublishOutcome::Published(commit)),
                Err(error) => error,
            };
            let refused = error.kind == GitHubErrorKind::Conflict;
            if !refused && !error.kind.is_ambiguous() {
                return Err(error);
            }
            may_be_buried |= !refused;
            tracing::debug!(%error, "looking whether the branch moved");
            let tip = self.reference(repository, &format!("heads/{}", draft.branch)).await?;
            if tip.as_ref() == Some(&commit) {
                return Ok(PublishOutcome::Published(commit));
            }
            if !refused && tip == draft.expected_tip {
                // It did not move. Setting it to the same commit again is safe, even if the first update is still under way.
                if moves < MOVES_MAX {
                    continue;
                }
                return Err(error);
            }
            if may_be_buried && self.is_buried(repository, tip.as_ref(), &commit).await? {
                return Ok(PublishOutcome::Published(commit));
            }
            return Ok(PublishOutcome::Lost { tip });
        }
    }

    async fn update_branch(&self, repository: &RepositoryName, draft: &CommitDraft, commit: &CommitSha) -> Result<(), GitHubError> {
        let branch = &draft.branch;
        if draft.expected_tip.is_none() {
            let body = json!({"ref": format!("refs/heads/{branch}"), "sha": commit});
            let attempted = format!("create the branch `{branch}` in {repository}");
            return self.send(Call::post(self.repository_url(repository, &["git", "refs"]), body, attempted)).await;
        }
        let mut segments = vec!["git", "refs", "heads"];
        segments.extend(branch.split('/'));
        let body = json!({"sha": commit, "force": false});
        let attempted = format!("move the branch `{branch}` of {repository}");
        self.send(Call::patch(self.repository_url(repository, &segments), body, attempted)).await
    }

    /// Whether `commit` is a near first-parent ancestor of `tip`: it was published, and others went on from it.
    async fn is_buried(&self, repository: &RepositoryName, tip: Option<&CommitSha>, commit: &CommitSha) -> Result<bool, GitHubError> {
        let mut above = tip.cloned();
        for _ in 0..ANCESTORS_MAX {
            let Some(sha) = above else {
                return Ok(false);
            };
            let url = self.repository_url(repository, &["git", "commits", sha.as_str()]);
            let body: CommitBody = self.json(Call::get(url, format!("read commit {sha} of {repository}"))).await?;
            above = body.parents.into_iter().next().map(|parent| parent.sha);
            if above.as_ref() == Some(commit) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn check_size(repository: &RepositoryName, draft: &CommitDraft) -> Result<(), GitHubError> {
    let bytes: usize = draft.files.iter().map(|(path, content)| path.len() + content.as_ref().map_or(0, Vec::len)).sum();
    if draft.files.len() > FILES_MAX || bytes > BYTES_MAX {
        let attempted = format!("publish a commit on `{}` of {repository}", draft.branch);
        return Err(GitHubError::new(&attempted, GitHubErrorKind::Rejected, "it has more than 20,000 files or 32 MiB"));
    }
    Ok(())
}
