//! How does a record get onto its branch without GitHub? For environments marked `local: true`, by compare-and-swap.

use gix::{
    actor::Signature,
    object::tree::EntryKind,
    refs::{
        FullName,
        transaction::{PreviousValue, RefEdit},
    },
};

use crate::{
    CommitId, Repository,
    error::{Attempted, Cause},
    record::{RecordDraft, RecordError, content::records_branch},
};

const AUTHOR_NAME: &str = "ipr";
const AUTHOR_EMAIL: &str = "ipr@localhost";
/// Each try waits for the reference's lock file by itself; a lock that stays is left by a crash.
const LOCK_TRIES_MAX: usize = 10;

/// What became of a record that was to be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    Published(CommitId),
    /// Somebody else moved the branch first. Nothing was changed.
    Lost {
        tip: Option<CommitId>,
    },
}

impl Repository {
    /// Makes the draft a commit and moves the environment's branch to it, if the branch still is where `expected_tip` says.
    ///
    /// Only for local repositories: the branches of a mirror belong to its remote, and the next fetch would undo it.
    pub fn publish_local(&self, draft: &RecordDraft, expected_tip: Option<CommitId>) -> Result<Publication, RecordError> {
        let branch = records_branch(&draft.environment);
        let repository = self.local();
        let commit = write_commit(&repository, draft).attempted(|| format!("write a record for {branch}"))?;
        let name = FullName::try_from(format!("refs/heads/{branch}")).attempted(|| format!("name the branch {branch}"))?;
        let expected = match expected_tip {
            Some(tip) => PreviousValue::MustExistAndMatch(tip.object().into()),
            None => PreviousValue::MustNotExist,
        };
        let edit = RefEdit::update(name, commit.object(), expected, "ipr: record");
        let mut tries = 0;
        loop {
            let moved = move_branch(&repository, edit.clone()).attempted(|| format!("move {branch}"));
            let Err(source) = moved else {
                return Ok(Publication::Published(commit));
            };
            tries += 1;
            // gix reports a lost race and a busy lock alike, so we look for ourselves.
            match self.tip(&branch)? {
                tip if tip != expected_tip => return Ok(Publication::Lost { tip }),
                _ if tries < LOCK_TRIES_MAX => {}
                _ => return Err(RecordError::Locked { branch, source }),
            }
        }
    }
}

fn signature() -> Signature {
    Signature { name: AUTHOR_NAME.into(), email: AUTHOR_EMAIL.into(), time: gix::date::Time::now_utc() }
}

fn write_commit(repository: &gix::Repository, draft: &RecordDraft) -> Result<CommitId, Cause> {
    let mut tree = repository.empty_tree().edit()?;
    for (path, content) in &draft.files {
        tree.upsert(path.as_str(), EntryKind::Blob, repository.write_blob(content)?)?;
    }
    let tree = tree.write()?;
    let author = signature();
    let mut time = gix::date::parse::TimeBuf::default();
    let author = author.to_ref(&mut time);
    let parents = draft.parents().into_iter().map(CommitId::object);
    Ok(repository.new_commit_as(author, author, &draft.message, tree, parents)?.id.into())
}

fn move_branch(repository: &gix::Repository, edit: RefEdit) -> Result<(), Cause> {
    let committer = signature();
    let mut time = gix::date::parse::TimeBuf::default();
    repository.edit_references_as([edit], Some(committer.to_ref(&mut time)))?;
    Ok(())
}
