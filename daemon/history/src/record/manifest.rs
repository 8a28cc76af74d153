//! What exactly is signed? A short text that anyone can read and recompute:
//!
//! ```text
//! ipr-record 1
//! environment prod
//! previous none
//! source 0123456789abcdef0123456789abcdef01234567
//! 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d  run.json
//! ```

use std::fmt::Write;

use core_model::EnvironmentId;
use sha2::{Digest, Sha256};

use crate::{
    CommitId,
    record::{RecordContent, RecordFiles},
};

pub(super) const MANIFEST: &str = "manifest";
pub(super) const SIGNATURE: &str = "signature";

const FORMAT: &str = "ipr-record 1";
const NONE: &str = "none";

/// The signed text as data. Files are in the order of their paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) environment: EnvironmentId,
    pub(super) previous: Option<CommitId>,
    pub(super) source: Option<CommitId>,
    /// Path and SHA-256.
    pub(super) files: Vec<(String, String)>,
}

impl Manifest {
    pub(super) fn of(content: &RecordContent) -> Self {
        Self { environment: content.environment.clone(), previous: content.previous, source: content.source, files: hashes(&content.files) }
    }

    pub(super) fn to_text(&self) -> String {
        let id = |id: Option<CommitId>| id.map_or(NONE.to_owned(), |id| id.to_string());
        let mut text = format!("{FORMAT}\nenvironment {}\nprevious {}\nsource {}\n", self.environment, id(self.previous), id(self.source));
        for (path, hash) in &self.files {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{hash}  {path}");
        }
        text
    }

    /// Only a text that [`Manifest::to_text`] would write again is one.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut lines = text.lines();
        if lines.next()? != FORMAT {
            return None;
        }
        let environment = lines.next()?.strip_prefix("environment ")?.parse().ok()?;
        let previous = parse_id(lines.next()?.strip_prefix("previous ")?)?;
        let source = parse_id(lines.next()?.strip_prefix("source ")?)?;
        let file = |line: &str| line.split_once("  ").map(|(hash, path)| (path.to_owned(), hash.to_owned()));
        let files = lines.map(file).collect::<Option<Vec<_>>>()?;
        let manifest = Self { environment, previous, source, files };
        (manifest.to_text() == text).then_some(manifest)
    }

    /// The parents that a commit with this manifest has.
    pub(super) fn parents(&self) -> Vec<CommitId> {
        self.previous.into_iter().chain(self.source).collect()
    }
}

/// `Some(None)` for the word none.
fn parse_id(text: &str) -> Option<Option<CommitId>> {
    if text == NONE { Some(None) } else { text.parse().ok().map(Some) }
}

pub(super) fn hashes(files: &RecordFiles) -> Vec<(String, String)> {
    files.iter().map(|(path, content)| (path.clone(), hex::encode(Sha256::digest(content)))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = "ipr-record 1\nenvironment prod\nprevious none\nsource 0123456789abcdef0123456789abcdef01234567\n\
        9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  run.json\n";

    #[test]
    fn the_text_is_as_documented() {
        let content = RecordContent {
            environment: "prod".parse().unwrap(),
            previous: None,
            source: Some("0123456789abcdef0123456789abcdef01234567".parse().unwrap()),
            files: RecordFiles::from([("run.json".to_owned(), b"test".to_vec())]),
        };
        let manifest = Manifest::of(&content);
        assert_eq!(manifest.to_text(), TEXT);
        assert_eq!(Manifest::parse(TEXT.as_bytes()), Some(manifest));
    }

    #[test]
    fn only_the_canonical_text_is_read() {
        for (from, to) in
            [("ipr-record 1", "ipr-record 2"), ("none", "None"), ("\nsource", "\r\nsource"), ("  run", " run"), ("run.json\n", "run.json")]
        {
            assert_eq!(Manifest::parse(TEXT.replace(from, to).as_bytes()), None, "{from:?} -> {to:?}");
        }
    }
}
