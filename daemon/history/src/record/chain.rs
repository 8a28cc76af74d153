//! Which records does an environment have, and does the branch still lead back to the one we saw last?

use core_model::EnvironmentId;

use crate::{
    CommitId, History,
    error::Attempted,
    history::commit_info,
    record::{
        RecordError,
        content::records_branch,
        manifest::{MANIFEST, Manifest},
    },
    snapshot::commit_tree,
};

/// Records between two looks of a daemon; more than this and something else is wrong.
const RECORDS_WALKED_MAX: usize = 10_000;

impl History {
    /// The newest record of an environment, or `None` when it has none.
    pub fn record_tip(&self, environment: &EnvironmentId) -> Result<Option<CommitId>, RecordError> {
        Ok(self.tip(&records_branch(environment))?)
    }

    /// The newest `limit` records of an environment, newest first. They are not verified. The chain ends at a commit that is no
    /// record: what was restored goes on from there, and what is below it was given up.
    pub fn record_chain(&self, environment: &EnvironmentId, limit: usize) -> Result<Vec<CommitId>, RecordError> {
        let repository = self.local();
        let mut records = Vec::new();
        let mut next = self.record_tip(environment)?;
        while let Some(record) = next.filter(|_| records.len() < limit) {
            records.push(record);
            next = match previous_record(&repository, record) {
                Ok(previous) => previous,
                Err(RecordError::History(error)) => return Err(error.into()),
                Err(_) => None,
            };
        }
        Ok(records)
    }

    /// A commit and those along first parents below it, records or not: where a record that verifies is looked for.
    pub fn commits_below(&self, tip: Option<CommitId>, limit: usize) -> Result<Vec<CommitId>, RecordError> {
        let repository = self.local();
        let mut commits = Vec::new();
        let mut next = tip;
        while let Some(commit) = next.filter(|_| commits.len() < limit) {
            commits.push(commit);
            next = commit_info(&repository, commit)?.parents.first().copied();
        }
        Ok(commits)
    }

    /// Whether `last_seen` is `tip` or one of the records before it. Source commits do not count.
    pub fn descends_from(&self, tip: CommitId, last_seen: CommitId) -> Result<bool, RecordError> {
        let repository = self.local();
        let mut next = Some(tip);
        for _ in 0..RECORDS_WALKED_MAX {
            match next {
                Some(record) if record == last_seen => return Ok(true),
                Some(record) => next = previous_record(&repository, record)?,
                None => return Ok(false),
            }
        }
        Err(RecordError::TooManyRecords { tip, bound: RECORDS_WALKED_MAX })
    }
}

/// The record before this one, as its manifest says and its first parent confirms.
fn previous_record(repository: &gix::Repository, commit: CommitId) -> Result<Option<CommitId>, RecordError> {
    let reading = || format!("read the manifest of the record {commit}");
    let tree = commit_tree(repository, commit)?;
    let tree = repository.find_tree(tree.object()).attempted(reading)?;
    let entry = tree.find_entry(MANIFEST).ok_or(RecordError::Missing { commit, file: MANIFEST })?;
    let malformed = || RecordError::Malformed { commit, file: MANIFEST };
    let size_bytes = repository.find_header(entry.object_id()).attempted(reading)?.size();
    if size_bytes > crate::files::RECORD.file_bytes {
        return Err(malformed());
    }
    let blob = entry.object().attempted(reading)?;
    let manifest = Manifest::parse(&blob.data).ok_or_else(malformed)?;
    if commit_info(repository, commit)?.parents != manifest.parents() {
        return Err(RecordError::OtherParents { commit });
    }
    Ok(manifest.previous)
}
