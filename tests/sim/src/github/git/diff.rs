//! Which files differ between two trees, and how?

use std::collections::BTreeMap;

use super::{Git, GitError};

/// One file of a diff, in the words of GitHub's API.
#[derive(Clone, Debug)]
pub(crate) struct FileChange {
    pub(crate) path: String,
    pub(crate) previous_path: Option<String>,
    /// `added`, `removed`, `modified` or `renamed`.
    pub(crate) status: &'static str,
    pub(crate) sha: String,
    pub(crate) additions: u64,
    pub(crate) deletions: u64,
    pub(crate) patch: Option<String>,
}

const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

impl Git {
    /// The files that differ, with counts and, if asked, the hunks. No `from` means the empty tree.
    pub(crate) fn changes(&self, from: Option<&str>, to: &str, with_patch: bool) -> Result<Vec<FileChange>, GitError> {
        let from = from.unwrap_or(EMPTY_TREE);
        let output = self.bytes(&["diff-tree", "-r", "-M", "-z", "--no-abbrev", "--raw", "--numstat", from, to], b"")?;
        let text = String::from_utf8_lossy(&output);
        let mut changes = parse(&text)?;
        if with_patch {
            let mut patches = self.patches(from, to)?;
            for change in &mut changes {
                change.patch = patches.remove(&change.path);
            }
        }
        Ok(changes)
    }

    fn patches(&self, from: &str, to: &str) -> Result<BTreeMap<String, String>, GitError> {
        let output = self.bytes(&["-c", "core.quotePath=false", "diff-tree", "-r", "-M", "-p", from, to], b"")?;
        let text = String::from_utf8_lossy(&output);
        let mut patches = BTreeMap::new();
        for part in format!("\n{text}").split("\ndiff --git ").skip(1) {
            let path = ["\n+++ b/", "\n--- a/"].iter().find_map(|marker| part.split_once(marker));
            if let (Some((_, rest)), Some((_, hunks))) = (path, part.split_once("\n@@")) {
                let path = rest.lines().next().unwrap_or_default().trim_end_matches('\t');
                patches.insert(path.to_owned(), format!("@@{}", hunks.trim_end_matches('\n')));
            }
        }
        Ok(patches)
    }
}

/// Reads `--raw -z` rows and the `--numstat -z` rows that follow them.
fn parse(text: &str) -> Result<Vec<FileChange>, GitError> {
    let bad = || GitError::Answer { command: "diff-tree".into() };
    let mut fields = text.split('\0').filter(|field| !field.is_empty()).peekable();
    let mut changes = Vec::new();
    while let Some(row) = fields.next_if(|field| field.starts_with(':')) {
        let facts: Vec<&str> = row.split_whitespace().collect();
        let [_, _, old, new, letter] = facts.as_slice() else { return Err(bad()) };
        let first = fields.next().ok_or_else(bad)?.to_owned();
        let (path, previous_path) = if letter.starts_with('R') { (fields.next().ok_or_else(bad)?.to_owned(), Some(first)) } else { (first, None) };
        let status = match letter.as_bytes().first() {
            Some(b'A') => "added",
            Some(b'D') => "removed",
            Some(b'R') => "renamed",
            _ => "modified",
        };
        let sha = if status == "removed" { old } else { new };
        changes.push(FileChange { path, previous_path, status, sha: (*sha).to_owned(), additions: 0, deletions: 0, patch: None });
    }
    for change in &mut changes {
        let row = fields.next().ok_or_else(bad)?;
        let mut counts = row.split('\t');
        // Binary files say `-`.
        change.additions = counts.next().and_then(|count| count.parse().ok()).unwrap_or(0);
        change.deletions = counts.next().and_then(|count| count.parse().ok()).unwrap_or(0);
        if change.previous_path.is_some() {
            fields.next();
            fields.next();
        }
    }
    Ok(changes)
}
