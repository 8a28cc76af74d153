//! Where does a mirror live on disk? In a directory that appears by one rename, once it is complete.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use core_model::Secret;

use super::{fetch::fetch, remote::Remote};
use crate::{History, HistoryError, history::open_options};

/// A file of ours in each mirror. Only a directory that holds it, or an empty one, is ever replaced.
const MARKER: &str = "ipr-mirror";
const MARKER_TEXT: &str = "A mirror made by ipr. It can be deleted; it is cloned again when it is needed.\n";

/// Every fetch leaves a pack, and gix does not put them together. From here on it is quicker to clone again.
const PACKS_SCATTERED: usize = 1_000;

/// A mirror that is there already.
pub(super) struct Found {
    pub(super) history: History,
    /// It works, but is in so many packs that it should be cloned again.
    pub(super) is_scattered: bool,
}

/// The mirror in `directory`, or `None` when one is to be cloned. A broken mirror of ours counts as none.
pub(super) fn open(directory: &Path) -> Result<Option<Found>, HistoryError> {
    let ours = directory.join(MARKER).is_file();
    if !ours {
        return if is_missing_or_empty(directory)? { Ok(None) } else { Err(HistoryError::NotAMirror { path: directory.to_owned() }) };
    }
    let failed = |source| HistoryError::MirrorDirectory { path: directory.to_owned(), source };
    remove_locks(directory).map_err(failed)?;
    match History::open(directory) {
        Ok(history) => Ok(Some(Found { history, is_scattered: is_scattered(directory).map_err(failed)? })),
        Err(error) => {
            tracing::warn!(directory = %directory.display(), %error, "the mirror is broken and is cloned again");
            Ok(None)
        }
    }
}

/// A process that was killed leaves its lock files, which would stop every later fetch. The mirror is ours alone, and we
/// are not fetching yet: whatever is locked, nobody holds it.
fn remove_locks(directory: &Path) -> io::Result<()> {
    let mut folders = vec![directory.join("refs")];
    for name in ["HEAD.lock", "packed-refs.lock", "config.lock"] {
        remove_lock(&directory.join(name))?;
    }
    while let Some(folder) = folders.pop() {
        for entry in entries(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|extension| extension == "lock") {
                remove_lock(&entry.path())?;
            }
        }
    }
    Ok(())
}

fn remove_lock(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result.inspect(|()| tracing::warn!(path = %path.display(), "removed a lock that a killed process left")),
    }
}

fn is_scattered(directory: &Path) -> io::Result<bool> {
    let packs = entries(&directory.join("objects/pack"))?;
    Ok(packs.filter_map(Result::ok).filter(|entry| entry.path().extension().is_some_and(|extension| extension == "pack")).count() > PACKS_SCATTERED)
}

/// What is in a folder; nothing when it is missing, as in a broken mirror.
fn entries(folder: &Path) -> io::Result<impl Iterator<Item = io::Result<fs::DirEntry>> + use<>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(Some(entries).into_iter().flatten()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None.into_iter().flatten()),
        Err(error) => Err(error),
    }
}

/// Clones beside the directory, then renames.
pub(super) fn clone(directory: &Path, remote: &Remote, token: Option<&Secret>, interrupt: &AtomicBool) -> Result<History, HistoryError> {
    let partial = partial(directory)?;
    let failed = |source| HistoryError::MirrorDirectory { path: directory.to_owned(), source };
    remove(&partial).map_err(failed)?;
    fs::create_dir_all(&partial).map_err(failed)?;
    let repository = gix::ThreadSafeRepository::init_opts(&partial, gix::create::Kind::Bare, Default::default(), open_options())
        .map_err(|error| HistoryError::Open { path: partial.clone(), source: error.into() })?;
    fetch(&repository.to_thread_local(), remote, token, interrupt)?;
    drop(repository);
    fs::write(partial.join(MARKER), MARKER_TEXT).map_err(failed)?;
    remove(directory).map_err(failed)?;
    fs::rename(&partial, directory).map_err(failed)?;
    History::open(directory)
}

/// Always the same name, so that clones that were cut off do not pile up.
fn partial(directory: &Path) -> Result<PathBuf, HistoryError> {
    let unnamed = || io::Error::new(io::ErrorKind::InvalidInput, "the directory has no name of its own");
    let name = directory.file_name().ok_or_else(|| HistoryError::MirrorDirectory { path: directory.to_owned(), source: unnamed() })?;
    let mut partial = name.to_owned();
    partial.push(".partial");
    Ok(directory.with_file_name(partial))
}

fn is_missing_or_empty(directory: &Path) -> Result<bool, HistoryError> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(source) => Err(HistoryError::MirrorDirectory { path: directory.to_owned(), source }),
    }
}

fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
