//! What goes into a record before it is a commit? The caller's files and parents; then the same, signed.

use std::collections::BTreeSet;

use core_model::EnvironmentId;

use crate::{
    CommitId, HistoryError,
    files::{self, Account, Files},
    record::{
        RECORDS_BRANCH_PREFIX, RecordError, RecordKey,
        manifest::{MANIFEST, Manifest, SIGNATURE},
    },
};

/// The files of a record by path. Their content belongs to the caller.
pub type RecordFiles = Files;

const PATH_BYTES_MAX: usize = 255;

/// What one record says, without its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordContent {
    pub environment: EnvironmentId,
    /// The record before this one; `None` for an environment's first.
    pub previous: Option<CommitId>,
    /// The commit whose blueprints this record is about.
    pub source: Option<CommitId>,
    pub files: RecordFiles,
}

/// A signed record that is not a commit yet. Whoever makes the commit, here or through GitHub, writes exactly these files
/// and the parents that [`RecordDraft::parents`] lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordDraft {
    pub environment: EnvironmentId,
    pub previous: Option<CommitId>,
    pub source: Option<CommitId>,
    /// The content's files, `manifest` and `signature`.
    pub files: RecordFiles,
    pub message: String,
}

impl RecordContent {
    /// Signs the content, if [`crate::History::verify_record`] would read it back: at most 16 MiB a file, 128 MiB together,
    /// four folders deep. Paths are made of ASCII letters, digits, `.`, `-`, `_` and `/`.
    pub fn sign(mut self, key: &RecordKey, message: impl Into<String>) -> Result<RecordDraft, RecordError> {
        if let Some(path) = self.files.keys().find(|path| !is_record_path(path)) {
            return Err(RecordError::Path { path: path.escape_debug().to_string() });
        }
        check_size(&self.files)?;
        let manifest = Manifest::of(&self).to_text();
        let signature = key.sign(manifest.as_bytes()).map_err(|source| RecordError::Sign { source })?;
        self.files.insert(MANIFEST.to_owned(), manifest.into_bytes());
        self.files.insert(SIGNATURE.to_owned(), signature.into_bytes());
        Ok(RecordDraft { environment: self.environment, previous: self.previous, source: self.source, files: self.files, message: message.into() })
    }
}

impl RecordDraft {
    /// The parents of the commit, in order.
    pub fn parents(&self) -> Vec<CommitId> {
        self.previous.into_iter().chain(self.source).collect()
    }
}

/// The branch that holds an environment's records, without `refs/heads/`.
pub fn records_branch(environment: &EnvironmentId) -> String {
    format!("{RECORDS_BRANCH_PREFIX}{environment}")
}

fn check_size(files: &RecordFiles) -> Result<(), RecordError> {
    let mut account = Account::new(files::RECORD);
    let mut folders = BTreeSet::new();
    let refused = |refusal| RecordError::History(HistoryError::Snapshot(refusal));
    for (path, content) in files {
        let inner = path.match_indices('/').map(|(end, _)| &path[..end]).filter(|folder| folders.insert(*folder));
        inner.chain([path.as_str()]).try_for_each(|entry| account.enter(entry)).map_err(refused)?;
        account.hold(path, content.len() as u64).map_err(refused)?;
    }
    Ok(())
}

/// Such a path is one line of the manifest and one file in the tree, and no other path reads like it.
pub(super) fn is_record_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_name = |name: &str| !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain);
    path.len() <= PATH_BYTES_MAX && path != MANIFEST && path != SIGNATURE && path.split('/').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_path_is_one_plain_line() {
        for good in ["run.json", "state/shop/web-01.json", "a_b/C.d"] {
            assert!(is_record_path(good), "{good}");
        }
        for bad in ["", "manifest", "signature", "/a", "a/", "a//b", "../a", "a/.git", ".a", "a\nb", "a b", "\u{e9}"] {
            assert!(!is_record_path(bad), "{bad:?}");
        }
    }
}
