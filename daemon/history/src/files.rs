//! Which files may a snapshot hold, and how many? One set of rules for trees in git and folders on disk.

use std::collections::{BTreeMap, BTreeSet};

/// Files by their path from the root, with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A snapshot we refuse to take, because of one path or because there is too much of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotRefusal {
    #[error("`{path}` is a symbolic link; only plain files are read")]
    SymbolicLink { path: String },
    #[error("`{path}` is a submodule or a nested repository; only plain files are read")]
    Submodule { path: String },
    #[error("`{path}` is neither a plain file nor a folder")]
    Special { path: String },
    #[error("`{path}` is a file, where a folder is expected")]
    NotAFolder { path: String },
    #[error("`{path}` is a folder, where a file is expected")]
    NotAFile { path: String },
    #[error("the name of `{path}` is not UTF-8")]
    NotUtf8 { path: String },
    #[error("`{path}` has a name that is not allowed")]
    BadName { path: String },
    #[error("`{path}` is more than {bound} folders deep")]
    TooDeep { path: String, bound: usize },
    #[error("there are more than {bound} files and folders")]
    TooManyFiles { bound: usize },
    #[error("`{path}` has {size_bytes} bytes; a file may have {bound_bytes}")]
    FileTooLarge { path: String, size_bytes: u64, bound_bytes: u64 },
    #[error("the files have more than {bound_bytes} bytes together")]
    TooLarge { bound_bytes: u64 },
}

/// How much a snapshot may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Files and folders together, so that a tree of empty folders ends as well.
    pub(crate) entries: usize,
    pub(crate) folders_deep: usize,
    pub(crate) file_bytes: u64,
    pub(crate) total_bytes: u64,
}

/// What people write: small texts.
pub(crate) const MANAGED: Bounds = Bounds { entries: 10_000, folders_deep: 32, file_bytes: 1 << 20, total_bytes: 64 << 20 };
/// What we write: a plan may be larger than any file in it.
pub(crate) const RECORD: Bounds = Bounds { entries: 40_000, folders_deep: 4, file_bytes: 16 << 20, total_bytes: 128 << 20 };

/// What targets say of themselves stands in this folder of a record, in one of its own for each target.
pub const ARTEFACTS_FOLDER: &str = "artefacts";

const MANAGED_FILE: &str = "ipr.yaml";
const MANAGED_FOLDERS: [&str; 3] = ["blueprints", "policies", "templates"];

/// Which part of a tree is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `ipr.yaml`, `blueprints/`, `policies/` and `templates/`; everything else is not ours and never looked at.
    Managed,
    /// `artefacts/` of a record.
    Artefacts,
    /// A record without its artefacts, which can be large.
    Record,
    Whole,
}

/// What a name in the root of a tree is to a [`Scope`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    File,
    Folder,
    Either,
    Outside,
}

impl Scope {
    pub(crate) fn place_in_root(self, name: &[u8]) -> Place {
        match self {
            Self::Whole => Place::Either,
            Self::Record if name != ARTEFACTS_FOLDER.as_bytes() => Place::Either,
            Self::Managed if name == MANAGED_FILE.as_bytes() => Place::File,
            Self::Managed if MANAGED_FOLDERS.iter().any(|folder| folder.as_bytes() == name) => Place::Folder,
            Self::Artefacts if name == ARTEFACTS_FOLDER.as_bytes() => Place::Folder,
            Self::Managed | Self::Artefacts | Self::Record => Place::Outside,
        }
    }
}

/// `folder/name`, when the name is one we accept.
pub(crate) fn join(folder: &str, name: &[u8]) -> Result<String, SnapshotRefusal> {
    let shown = |name: &str| {
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    };
    let name = std::str::from_utf8(name).map_err(|_| SnapshotRefusal::NotUtf8 { path: shown(&String::from_utf8_lossy(name)) })?;
    // A crafted tree can hold names that no file system has; nobody may meet them further on.
    if matches!(name, "" | "." | "..") || name.contains(['/', '\\']) || name.contains(char::is_control) {
        return Err(SnapshotRefusal::BadName { path: shown(name).escape_debug().to_string() });
    }
    if name.eq_ignore_ascii_case(".git") {
        return Err(SnapshotRefusal::Submodule { path: shown(name) });
    }
    Ok(shown(name))
}

/// Counts what a snapshot holds so far and says when it is too much.
pub(crate) struct Account {
    bounds: Bounds,
    entries: usize,
    total_bytes: u64,
}

impl Account {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, entries: 0, total_bytes: 0 }
    }

    pub(crate) fn file_bytes_max(&self) -> u64 {
        self.bounds.file_bytes
    }

    /// One more file or folder.
    pub(crate) fn enter(&mut self, path: &str) -> Result<(), SnapshotRefusal> {
        self.entries += 1;
        if self.entries > self.bounds.entries {
            return Err(SnapshotRefusal::TooManyFiles { bound: self.bounds.entries });
        }
        if path.split('/').count() > self.bounds.folders_deep {
            return Err(SnapshotRefusal::TooDeep { path: path.to_owned(), bound: self.bounds.folders_deep });
        }
        Ok(())
    }

    /// The content of one more file, to be called before it is loaded.
    pub(crate) fn hold(&mut self, path: &str, size_bytes: u64) -> Result<(), SnapshotRefusal> {
        if size_bytes > self.bounds.file_bytes {
            return Err(SnapshotRefusal::FileTooLarge { path: path.to_owned(), size_bytes, bound_bytes: self.bounds.file_bytes });
        }
        self.total_bytes += size_bytes;
        if self.total_bytes > self.bounds.total_bytes {
            return Err(SnapshotRefusal::TooLarge { bound_bytes: self.bounds.total_bytes });
        }
        Ok(())
    }
}

/// The paths that were added, removed or changed between two sets, sorted.
pub fn changed_paths<T: PartialEq>(before: &BTreeMap<String, T>, after: &BTreeMap<String, T>) -> Vec<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_plain_names_are_joined() {
        assert_eq!(join("", b"ipr.yaml").unwrap(), "ipr.yaml");
        assert_eq!(join("blueprints", "caf\u{e9}.yaml".as_bytes()).unwrap(), "blueprints/caf\u{e9}.yaml");
        for name in [&b""[..], b".", b"..", b"a/b", b"a\\b", b"a\nb"] {
            assert!(matches!(join("blueprints", name), Err(SnapshotRefusal::BadName { .. })), "{name:?}");
        }
        assert!(matches!(join("blueprints", b".Git"), Err(SnapshotRefusal::Submodule { .. })));
        assert!(matches!(join("blueprints", b"\xff"), Err(SnapshotRefusal::NotUtf8 { .. })));
    }

    #[test]
    fn every_bound_is_named_when_it_is_passed() {
        let bounds = Bounds { entries: 2, folders_deep: 2, file_bytes: 10, total_bytes: 15 };
        let mut account = Account::new(bounds);
        account.enter("a/b").unwrap();
        assert_eq!(account.enter("a/b/c"), Err(SnapshotRefusal::TooDeep { path: "a/b/c".into(), bound: 2 }));
        assert_eq!(account.enter("a"), Err(SnapshotRefusal::TooManyFiles { bound: 2 }));
        account.hold("a", 10).unwrap();
        assert_eq!(account.hold("b", 11), Err(SnapshotRefusal::FileTooLarge { path: "b".into(), size_bytes: 11, bound_bytes: 10 }));
        assert_eq!(account.hold("b", 6), Err(SnapshotRefusal::TooLarge { bound_bytes: 15 }));
    }

    #[test]
    fn changed_paths_are_added_removed_and_changed_ones() {
        let before = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2), ("c".to_owned(), 3)]);
        let after = BTreeMap::from([("b".to_owned(), 2), ("c".to_owned(), 4), ("d".to_owned(), 5)]);
        assert_eq!(changed_paths(&before, &after), ["a", "c", "d"]);
    }
}
