//! What do commits, trees, blobs and refs of a repository say?

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::{Git, GitError};

/// Who wrote or committed, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) time: Timestamp,
}

impl fmt::Display for Identity {
    /// The form of a commit's header line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |text: &str| text.replace(['<', '>', '\n', '\0'], "");
        write!(formatter, "{} <{}> {} +0000", plain(&self.name), plain(&self.email), self.time.as_second())
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) sha: String,
    pub(crate) tree: String,
    pub(crate) parents: Vec<String>,
    pub(crate) author: Identity,
    pub(crate) committer: Identity,
    pub(crate) message: String,
}

/// One row of a tree.
#[derive(Clone, Debug)]
pub(crate) struct TreeRow {
    pub(crate) mode: String,
    pub(crate) kind: String,
    pub(crate) sha: String,
    pub(crate) size: Option<u64>,
    pub(crate) path: String,
}

impl Git {
    /// All refs, by full name.
    pub(crate) fn refs(&self) -> Result<BTreeMap<String, String>, GitError> {
        let text = self.text(&["for-each-ref", "--format=%(objectname) %(refname)"])?;
        Ok(text.lines().filter_map(|line| line.split_once(' ')).map(|(sha, name)| (name.to_owned(), sha.to_owned())).collect())
    }

    /// The commits that `git log` lists for these arguments.
    pub(crate) fn log(&self, arguments: &[&str]) -> Result<Vec<Commit>, GitError> {
        let mut full = vec!["log", "-z", "--format=%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%cn%x1f%ce%x1f%ct%x1f%B"];
        full.extend_from_slice(arguments);
        full.push("--");
        let output = self.bytes(&full, b"")?;
        let text = String::from_utf8_lossy(&output);
        text.split('\0').filter(|record| !record.is_empty()).map(parse_commit).collect()
    }

    pub(crate) fn commit(&self, name: &str) -> Result<Commit, GitError> {
        let mut commits = self.log(&["-1", name])?;
        commits.pop().ok_or_else(|| GitError::Answer { command: format!("log {name}") })
    }

    /// The commit that a name means, if the repository has it.
    pub(crate) fn resolve_commit(&self, name: &str) -> Option<String> {
        if name.starts_with('-') {
            return None;
        }
        self.text(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).ok()
    }

    /// The kind of an object (`blob`, `tree`, `commit`, `tag`), if the repository has it.
    pub(crate) fn kind(&self, object: &str) -> Option<String> {
        if object.starts_with('-') {
            return None;
        }
        self.text(&["cat-file", "-t", object]).ok()
    }

    pub(crate) fn blob(&self, object: &str) -> Result<Vec<u8>, GitError> {
        self.bytes(&["cat-file", "blob", object], b"")
    }

    pub(crate) fn tree(&self, object: &str, recursive: bool) -> Result<Vec<TreeRow>, GitError> {
        let mut arguments = vec!["ls-tree", "-z", "--long"];
        if recursive {
            arguments.extend(["-r", "-t"]);
        }
        arguments.push(object);
        let output = self.bytes(&arguments, b"")?;
        let text = String::from_utf8_lossy(&output);
        text.split('\0').filter(|row| !row.is_empty()).map(parse_row).collect()
    }

    pub(crate) fn is_ancestor(&self, ancestor: &str, descendant: &str) -> Result<bool, GitError> {
        self.succeeds(&["merge-base", "--is-ancestor", ancestor, descendant])
    }

    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Result<String, GitError> {
        self.text(&["merge-base", one, other])
    }

    pub(crate) fn count(&self, range: &str) -> Result<u64, GitError> {
        let text = self.text(&["rev-list", "--count", range])?;
        text.parse().map_err(|_| GitError::Answer { command: "rev-list --count".into() })
    }
}

fn parse_commit(record: &str) -> Result<Commit, GitError> {
    let bad = || GitError::Answer { command: "log".into() };
    let fields: Vec<&str> = record.trim_start_matches('\n').splitn(10, '\u{1f}').collect();
    let [sha, tree, parents, name, email, time, committer_name, committer_email, committer_time, message] = fields.as_slice() else {
        return Err(bad());
    };
    let identity = |name: &str, email: &str, time: &str| {
        let time = time.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(bad)?;
        Ok(Identity { name: name.to_owned(), email: email.to_owned(), time })
    };
    Ok(Commit {
        sha: (*sha).to_owned(),
        tree: (*tree).to_owned(),
        parents: parents.split_whitespace().map(str::to_owned).collect(),
        author: identity(name, email, time)?,
        committer: identity(committer_name, committer_email, committer_time)?,
        message: message.trim_end_matches('\n').to_owned(),
    })
}

fn parse_row(row: &str) -> Result<TreeRow, GitError> {
    let bad = || GitError::Answer { command: "ls-tree".into() };
    let (facts, path) = row.split_once('\t').ok_or_else(bad)?;
    let mut facts = facts.split_whitespace();
    let mut next = || facts.next().map(str::to_owned).ok_or_else(bad);
    Ok(TreeRow { mode: next()?, kind: next()?, sha: next()?, size: next()?.parse().ok(), path: path.to_owned() })
}
