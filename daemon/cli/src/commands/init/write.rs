//! How is a file written that may hold a key, without ever replacing one?

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use core_model::Secret;

use crate::failure::Failure;

/// What was written and what was there already.
#[derive(Debug, Default)]
pub(super) struct Written {
    files: Vec<(PathBuf, bool)>,
}

impl Written {
    /// A file that everybody may read.
    pub(super) fn file(&mut self, path: &Path, text: &str) -> Result<bool, Failure> {
        self.create(path, text.as_bytes(), Audience::Everybody)
    }

    /// A file for its owner alone.
    pub(super) fn private_file(&mut self, path: &Path, text: &str) -> Result<bool, Failure> {
        self.create(path, text.as_bytes(), Audience::Owner)
    }

    /// A secret in a file for its owner alone. It is made only if there is none.
    pub(super) fn secret(&mut self, path: &Path, make: impl FnOnce() -> Result<Secret, Failure>) -> Result<(), Failure> {
        if path.exists() {
            self.files.push((path.to_owned(), false));
            return Ok(());
        }
        let secret = make()?;
        let text = Secret::new(format!("{}\n", secret.expose().trim_end()));
        self.create(path, text.expose().as_bytes(), Audience::Owner).map(|_| ())
    }

    /// A line for each file.
    pub(super) fn summary(&self) -> String {
        let line = |(path, is_new): &(PathBuf, bool)| format!("{} {}\n", if *is_new { "wrote" } else { "kept " }, path.display());
        self.files.iter().map(line).collect()
    }

    fn create(&mut self, path: &Path, content: &[u8], audience: Audience) -> Result<bool, Failure> {
        let failed = |error| Failure::of("Cannot write", error).hint(format!("the file is {}", path.display()));
        if let Some(folder) = path.parent() {
            make_folder(folder, audience).map_err(failed)?;
        }
        let is_new = match open_new(path, audience) {
            Ok(mut file) => file.write_all(content).and_then(|()| file.sync_all()).map(|()| true).map_err(failed)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
            Err(error) => return Err(failed(error)),
        };
        self.files.push((path.to_owned(), is_new));
        Ok(is_new)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    Everybody,
    Owner,
}

#[cfg(unix)]
fn open_new(path: &Path, audience: Audience) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mode = if audience == Audience::Owner { 0o600 } else { 0o644 };
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(unix)]
fn make_folder(path: &Path, audience: Audience) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let mode = if audience == Audience::Owner { 0o700 } else { 0o755 };
    fs::DirBuilder::new().recursive(true).mode(mode).create(path)
}

#[cfg(not(unix))]
fn open_new(path: &Path, _audience: Audience) -> std::io::Result<fs::File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path, _audience: Audience) -> std::io::Result<()> {
    fs::create_dir_all(path)
}
