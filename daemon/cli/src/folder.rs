//! Which folder does a command work on, and what do its managed files say?

use std::path::{Path, PathBuf};

use core_config::{Files, Loaded};
use core_model::Diagnostic;
use daemon_history::read_folder;

use crate::{engines, failure::Failure};

const SETTINGS: &str = "ipr.yaml";
/// Folders above the one that is given.
const UPWARDS_MAX: usize = 64;

/// The folder with the nearest ipr.yaml: the one that is given, or one above it.
pub(crate) fn root(given: &Path) -> Result<PathBuf, Failure> {
    let full = std::path::absolute(given).map_err(|error| Failure::of("No such folder", error))?;
    if !full.is_dir() {
        return Err(Failure::new(Diagnostic::error("No such folder", format!("`{}` is no folder.", given.display()))));
    }
    let found = full.ancestors().take(UPWARDS_MAX).find(|folder| folder.join(SETTINGS).is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        let detail = format!("Neither `{}` nor a folder above it has an ipr.yaml.", given.display());
        Failure::new(Diagnostic::error("No managed repository", detail)).hint("let `ipr init` write one").command("ipr init")
    })
}

/// The managed files of a folder as they are on disk.
pub(crate) fn read(root: &Path) -> Result<Files, Failure> {
    read_folder(root).map_err(|error| Failure::of("Unreadable files", error))
}

/// Reads what the managed files of a folder say.
pub(crate) fn load(root: &Path) -> Result<Loaded, Failure> {
    Ok(core_config::load(&read(root)?, &engines::registry()))
}
