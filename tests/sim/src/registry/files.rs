//! Which files are in an image? Folders, files and links, packed the same way each time.

use std::collections::BTreeMap;
use std::io;

use tar::{Builder, EntryType, Header};

const FOLDER_MODE: u32 = 0o755;

/// The files of one layer, by path from the root without a slash at its start. All belong to root.
#[derive(Clone, Debug, Default)]
pub struct Files {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug)]
enum Entry {
    Folder { mode: u32 },
    File { mode: u32, content: Vec<u8> },
    Link { to: String },
}

impl Files {
    #[must_use]
    pub fn folder(self, path: &str, mode: u32) -> Self {
        self.with(path, Entry::Folder { mode })
    }

    #[must_use]
    pub fn file(self, path: &str, mode: u32, content: impl Into<Vec<u8>>) -> Self {
        self.with(path, Entry::File { mode, content: content.into() })
    }

    /// A symbolic link.
    #[must_use]
    pub fn link(self, path: &str, to: &str) -> Self {
        self.with(path, Entry::Link { to: to.to_owned() })
    }

    /// Adds an entry and the folders above it. The map's order puts a folder before what is in it.
    fn with(mut self, path: &str, entry: Entry) -> Self {
        for (end, _) in path.match_indices('/') {
            self.entries.entry(path[..end].to_owned()).or_insert(Entry::Folder { mode: FOLDER_MODE });
        }
        self.entries.insert(path.to_owned(), entry);
        self
    }

    /// A tar archive without any time in it: equal files give equal bytes, and so the same digest.
    pub(super) fn pack(&self) -> io::Result<Vec<u8>> {
        let mut archive = Builder::new(Vec::new());
        for (path, entry) in &self.entries {
            match entry {
                Entry::Folder { mode } => archive.append_data(&mut header(EntryType::Directory, *mode, 0), format!("{path}/"), io::empty())?,
                Entry::File { mode, content } => {
                    archive.append_data(&mut header(EntryType::Regular, *mode, content.len() as u64), path, content.as_slice())?;
                }
                Entry::Link { to } => archive.append_link(&mut header(EntryType::Symlink, 0o777, 0), path, to)?,
            }
        }
        archive.into_inner()
    }
}

fn header(kind: EntryType, mode: u32, size_bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size_bytes);
    header
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn folders_come_before_what_is_in_them_and_are_made_where_they_are_missing() {
        let files = Files::default().file("etc/nginx/nginx.conf", 0o644, "x").link("bin/sh", "busybox").folder("etc", 0o700);
        let packed = files.pack().unwrap();
        let mut archive = tar::Archive::new(packed.as_slice());
        let entries = archive.entries().unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.path().unwrap().display().to_string(), entry.header().mode().unwrap())
        });
        let expected = [("bin/", 0o755), ("bin/sh", 0o777), ("etc/", 0o700), ("etc/nginx/", 0o755), ("etc/nginx/nginx.conf", 0o644)];
        assert_eq!(entries.collect::<Vec<_>>(), expected.map(|(path, mode)| (path.to_owned(), mode)));
        assert_eq!(files.pack().unwrap(), packed, "the same bytes each time");
    }
}
