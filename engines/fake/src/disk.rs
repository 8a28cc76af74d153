//! Where is a fake target kept? In memory, or in a file that outlives every process.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::state::State;

/// The place of a target's state. Reading and writing block for a moment: the file is small and on this machine.
pub(crate) enum Disk {
    Memory(Mutex<Arc<State>>),
    File {
        path: PathBuf,
        /// A file lock is held by the process; this keeps its threads apart.
        turn: Mutex<()>,
    },
}

impl Disk {
    pub(crate) fn memory(state: State) -> Self {
        Self::Memory(Mutex::new(Arc::new(state)))
    }

    /// Makes the file if there is none; leaves it as it is otherwise.
    pub(crate) fn file(path: PathBuf, first: State) -> io::Result<Self> {
        let disk = Self::File { path, turn: Mutex::new(()) };
        if let Self::File { path, .. } = &disk {
            let _lock = lock_file(path)?;
            if !path.exists() {
                write(path, &first)?;
            }
        }
        Ok(disk)
    }

    /// Readers in memory share what they read.
    pub(crate) fn load(&self) -> io::Result<Arc<State>> {
        match self {
            Self::Memory(state) => Ok(Arc::clone(&guard(state))),
            // The file is replaced as a whole, so that a reader needs no lock.
            Self::File { path, .. } => read(path).map(Arc::new),
        }
    }

    /// Changes the state for every process at once. Nothing is written when `change` fails.
    pub(crate) fn edit<T, E: From<io::Error>>(&self, change: impl FnOnce(&mut State) -> Result<T, E>) -> Result<T, E> {
        match self {
            Self::Memory(state) => {
                let mut state = guard(state);
                let mut changed = State::clone(&state);
                let answer = change(&mut changed)?;
                *state = Arc::new(changed);
                Ok(answer)
            }
            Self::File { path, turn } => {
                let _turn = guard(turn);
                let _lock = lock_file(path)?;
                let mut state = read(path)?;
                let answer = change(&mut state)?;
                write(path, &state)?;
                Ok(answer)
            }
        }
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The system releases the lock of a process that is killed.
fn lock_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(beside(path, "lock"))?;
    file.lock()?;
    Ok(file)
}

fn read(path: &Path) -> io::Result<State> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// Writes a new file and puts it in the old one's place: a process that is killed leaves one or the other.
fn write(path: &Path, state: &State) -> io::Result<()> {
    let temporary = beside(path, "new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    serde_json::to_writer_pretty(&mut file, state)?;
    file.write_all(b"\n")?;
    fs::rename(temporary, path)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
