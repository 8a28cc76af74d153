//! What is in the checkout a person works in? For the command line: no network, no writes but records.

use std::{
    fs::{self, File, TryLockError},
    io::Read,
    ops::Deref,
    path::{Path, PathBuf},
};

use crate::{
    CommitId, History, HistoryError,
    files::{self, Account, Files, Place, Scope, SnapshotRefusal, join},
    history::open_options,
};

/// In git's own folder, where no commit can take it along.
const RUN_LOCK: &str = "ipr-run.lock";

/// A local repository, with or without a worktree.
#[derive(Clone)]
pub struct Repository {
    history: History,
    worktree: Option<PathBuf>,
}

/// Held while a run is carried out from a clone. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    /// Never read: the open file is the lock.
    _file: File,
}

/// The managed files as they are on disk, committed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorktreeSnapshot {
    pub files: Files,
    /// `None` before the first commit.
    pub head: Option<CommitId>,
    /// Whether the managed files differ from those of `head`. Bytes are compared: a checkout that converts line endings
    /// is dirty.
    pub dirty: bool,
}

impl Deref for Repository {
    type Target = History;

    fn deref(&self) -> &History {
        &self.history
    }
}

impl Repository {
    /// Opens the repository that `path` is in, looking upwards for it.
    pub fn open_local(path: &Path) -> Result<Self, HistoryError> {
        let options = gix::sec::trust::Mapping { full: open_options(), reduced: open_options() };
        let repository = gix::ThreadSafeRepository::discover_opts(path, Default::default(), options)
            .map_err(|error| HistoryError::Open { path: path.to_owned(), source: error.into() })?;
        let worktree = repository.work_dir().map(Path::to_owned);
        Ok(Self { history: History::new(repository), worktree })
    }

    /// The root of the worktree; `None` in a bare repository.
    pub fn worktree(&self) -> Option<&Path> {
        self.worktree.as_deref()
    }

    /// Takes the clone's lock on runs, whichever worktree of it this is. `None`: another process carries a run out.
    pub fn lock_runs(&self) -> Result<Option<RunLock>, HistoryError> {
        let path = self.local().common_dir().join(RUN_LOCK);
        // Somebody else's file can be locked without being written.
        let file = File::open(&path).or_else(|_| File::options().create(true).append(true).open(&path));
        let file = file.map_err(|source| HistoryError::Lock { path: path.clone(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(RunLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(HistoryError::Lock { path, source }),
        }
    }

    /// The managed files on disk, under the same rules as [`History::snapshot`]. Ignored files are read as well.
    pub fn worktree_snapshot(&self) -> Result<WorktreeSnapshot, HistoryError> {
        let root = self.worktree.as_deref().ok_or(HistoryError::NoWorktree)?;
        let files = read_folder(root)?;
        let head = self.head()?;
        let committed = head.map_or(Ok(Files::new()), |head| self.snapshot(head).map(|snapshot| snapshot.files));
        let dirty = match committed {
            Ok(committed) => committed != files,
            // What HEAD holds cannot be read under our rules, and the files on disk can: they differ.
            Err(HistoryError::Snapshot(_)) => true,
            Err(error) => return Err(error),
        };
        Ok(WorktreeSnapshot { files, head, dirty })
    }

    fn head(&self) -> Result<Option<CommitId>, HistoryError> {
        match self.resolve("HEAD") {
            Ok(id) => Ok(Some(id)),
            Err(HistoryError::Unknown { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The managed files of a folder on disk, in a repository or not, under the same rules as [`History::snapshot`].
pub fn read_folder(root: &Path) -> Result<Files, HistoryError> {
    let mut account = Account::new(files::MANAGED);
    let mut files = Files::new();
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((folder, on_disk)) = folders.pop() {
        let unreadable = |source| HistoryError::Read { path: on_disk.clone(), source };
        for entry in fs::read_dir(&on_disk).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let name = name.as_encoded_bytes();
            let place = if folder.is_empty() { Scope::Managed.place_in_root(name) } else { Place::Either };
            if place == Place::Outside {
                continue;
            }
            let path = join(&folder, name)?;
            account.enter(&path)?;
            // The type of the entry itself: a link is not followed.
            let kind = entry.file_type().map_err(unreadable)?;
            match place {
                _ if kind.is_symlink() => return Err(SnapshotRefusal::SymbolicLink { path }.into()),
                Place::File if kind.is_dir() => {
                    return Err(SnapshotRefusal::NotAFile { path }.into());
                }
                Place::Folder if kind.is_file() => {
                    return Err(SnapshotRefusal::NotAFolder { path }.into());
                }
                _ if kind.is_dir() => folders.push((path, entry.path())),
                _ if kind.is_file() => {
                    let content = read_file(&entry.path(), &path, &mut account)?;
                    files.insert(path, content);
                }
                _ => return Err(SnapshotRefusal::Special { path }.into()),
            }
        }
    }
    Ok(files)
}

/// Reads one byte more than allowed at most, so that a file that grows meanwhile is bounded too.
fn read_file(on_disk: &Path, path: &str, account: &mut Account) -> Result<Vec<u8>, HistoryError> {
    let unreadable = |source| HistoryError::Read { path: on_disk.to_owned(), source };
    let mut content = Vec::new();
    let file = fs::File::open(on_disk).map_err(unreadable)?;
    let stated_bytes = file.metadata().map_err(unreadable)?.len();
    file.take(account.file_bytes_max() + 1).read_to_end(&mut content).map_err(unreadable)?;
    account.hold(path, stated_bytes.max(content.len() as u64))?;
    Ok(content)
}
