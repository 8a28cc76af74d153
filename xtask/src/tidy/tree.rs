//! What is in the tree? The text of every file that git knows of, and the crates that cargo knows of.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use super::rust_source::RustSource;

mod packages;

pub(crate) use packages::{ForeignCrate, Package};

/// Everything the rules look at.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
    pub(crate) packages: Vec<Package>,
    pub(crate) foreign_crates: Vec<ForeignCrate>,
}

/// A text file, by its path from the root with `/` between folders.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Tree {
    /// Reads the working tree: tracked files and new ones that git does not ignore.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Tree> {
        let (packages, foreign_crates) = packages::read(root)?;
        Ok(Tree { files: read_files(root)?, packages, foreign_crates })
    }

    /// The Rust files with their text split into code, comments and literals.
    pub(crate) fn rust_files(&self) -> impl Iterator<Item = (&File, RustSource)> {
        self.files.iter().filter(|file| file.is_rust()).map(|file| (file, RustSource::split(&file.text)))
    }
}

impl File {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// `path:line` for a byte position in a text with the lines of this file.
    pub(crate) fn place(&self, text: &str, position: usize) -> String {
        let line = text[..position].matches('\n').count() + 1;
        format!("{}:{line}", self.path)
    }
}

fn read_files(root: &Path) -> anyhow::Result<Vec<File>> {
    let output = Command::new("git")
        // The clone may belong to another user, as in a container; git would refuse to list it.
        .args(["-c", "safe.directory=*"])
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("start `git ls-files`")?;
    if !output.status.success() {
        bail!("`git ls-files` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let listing = String::from_utf8(output.stdout).context("read the list of files as UTF-8")?;
    let mut files = Vec::new();
    for path in listing.split('\0').filter(|path| !path.is_empty()) {
        let on_disk = root.join(path);
        // A file that is deleted and not yet committed, or a link: nothing of ours to read.
        if !on_disk.is_file() || on_disk.is_symlink() {
            continue;
        }
        let bytes = std::fs::read(&on_disk).with_context(|| format!("read {path}"))?;
        // What is not UTF-8 is an image or an archive; no rule speaks of those.
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}
