//! What is a file called? `local:iso/debian-13.iso` where its storage alone tells where it is, and
//! `pve1/local:iso/debian-13.iso` where its author names the node.

use std::fmt;

/// A file as blueprints, plans and records name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileName {
    pub(crate) node: Option<String>,
    pub(crate) storage: String,
    /// `iso`, `vztmpl` or `import`.
    pub(crate) content: String,
    pub(crate) file: String,
}

impl FileName {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (place, rest) = text.split_once(':')?;
        let (node, storage) = place.rsplit_once('/').map_or((None, place), |(node, storage)| (Some(node.to_owned()), storage));
        let (content, file) = rest.split_once('/')?;
        let is_whole = !storage.is_empty() && !file.is_empty() && node.as_deref() != Some("");
        is_whole.then(|| Self { node, storage: storage.to_owned(), content: content.to_owned(), file: file.to_owned() })
    }

    /// As Proxmox names it, on whatever node.
    pub(crate) fn volume(&self) -> String {
        format!("{}:{}/{}", self.storage, self.content, self.file)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(node) = &self.node {
            write!(formatter, "{node}/")?;
        }
        formatter.write_str(&self.volume())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for text in ["local:iso/a.iso", "pve1/local:import/a.qcow2"] {
            assert_eq!(FileName::parse(text).map(|name| name.to_string()).as_deref(), Some(text));
        }
        assert_eq!(FileName::parse("pve1/local:iso/a.iso").map(|name| name.volume()).as_deref(), Some("local:iso/a.iso"));
        for text in ["a.iso", "local:a.iso", ":iso/a", "local:iso/", "/local:iso/a"] {
            assert_eq!(FileName::parse(text), None, "{text}");
        }
    }
}
