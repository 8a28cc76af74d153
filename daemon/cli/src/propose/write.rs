//! How do edits get into the working tree? Only under `blueprints/`, only over what was read, each file whole or not at all.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use core_config::Files;
use core_model::Diagnostic;
use daemon_assistant::Change;

use super::refused;
use crate::failure::Failure;

const FOLDER: &str = "blueprints";

/// Writes the edits. Returns a line for each file.
pub(super) fn write(root: &Path, read: &Files, change: &Change) -> Result<Vec<String>, Failure> {
    for path in change.edits.keys() {
        let place = place(root, path)?;
        if content(&place).map_err(failed)?.as_ref() != read.get(path) {
            return Err(moved(path));
        }
    }
    let mut lines = Vec::new();
    for (path, text) in &change.edits {
        let place = place(root, path)?;
        match text {
            Some(text) => put(&place, text).map_err(failed)?,
            None => fs::remove_file(&place).map_err(failed)?,
        }
        lines.push(format!("{} {path}", if text.is_some() { "wrote" } else { "removed" }));
    }
    Ok(lines)
}

/// Where a file is. The assistant edits nothing else; whoever writes makes sure.
fn place(root: &Path, path: &str) -> Result<PathBuf, Failure> {
    let parts: Vec<&str> = path.split('/').collect();
    let is_inside = parts.first() == Some(&FOLDER) && parts.len() > 1 && parts.iter().all(|part| !matches!(*part, "" | "." | ".."));
    if !is_inside {
        return Err(refused(&format!("`{path}` is not under {FOLDER}/, and nothing else is written.")));
    }
    let mut place = root.to_owned();
    for part in parts {
        place.push(part);
        // A link could lead out of the tree.
        if place.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(refused(&format!("`{path}` is reached over a symbolic link, and only plain files are written.")));
        }
    }
    Ok(place)
}

fn content(place: &Path) -> std::io::Result<Option<Vec<u8>>> {
    match fs::read(place) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Beside its place first, then in one step.
pub(crate) fn put(place: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = place.with_extension(format!("yaml.{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, place));
    if written.is_err() {
        // What is told is why it was not written.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn failed(error: std::io::Error) -> Failure {
    Failure::of("Cannot write", error).hint("see which files were changed").command("git status")
}

fn moved(path: &str) -> Failure {
    let detail = format!("`{path}` is no longer as it was read. Nothing was written.");
    Failure::new(Diagnostic::error("File changed meanwhile", detail)).hint("ask again")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_is_a_place() {
        let root = tempfile::tempdir().unwrap();
        for path in
            ["ipr.yaml", "blueprints", "policies/x.yaml", "blueprints/../ipr.yaml", "/etc/passwd", "blueprints//x.yaml", "./blueprints/x.yaml"]
        {
            assert!(place(root.path(), path).is_err(), "{path}");
        }
        assert_eq!(place(root.path(), "blueprints/a/b.yaml").unwrap(), root.path().join("blueprints/a/b.yaml"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), root.path().join("blueprints")).unwrap();
        assert!(place(root.path(), "blueprints/x.yaml").is_err());
    }
}
