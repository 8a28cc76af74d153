//! What is known about one menu beyond the names of its arguments?

use super::kind::Kind;
use crate::version::Version;

/// How a menu holds its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Entries in no order that matters.
    List,
    /// Entries whose order matters: `move` and `place-before` exist.
    Ordered,
    /// Entries that come with the device: no `add` and no `remove`.
    Fixed,
    /// One set of values.
    Single,
}

/// A menu as one release has it.
#[derive(Clone, Debug)]
pub(crate) struct Menu {
    /// Such as `/ip/address`.
    pub(crate) path: String,
    pub(crate) shape: Shape,
    /// The fields that no two entries may share; empty if any two entries may be equal.
    pub(crate) key: Vec<String>,
    /// What is said of an entry whose key is taken.
    pub(crate) duplicate: String,
    pub(crate) fields: Vec<Field>,
    /// Entries are interfaces: they share names and identities with all others.
    pub(crate) is_interface: bool,
    /// Safe mode and undo cover changes here.
    pub(crate) is_undoable: bool,
    pub(crate) is_exported: bool,
    /// The first release whose menu has `unset`.
    pub(crate) unset_since: Option<Version>,
    pub(crate) seeds: Vec<Seed>,
    /// Commands besides those that the shape brings.
    pub(crate) commands: Vec<String>,
    pub(crate) versions: Versions,
}

/// An entry that a router has from the factory.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    pub(crate) values: Vec<(String, String)>,
    /// It cannot be changed or removed.
    pub(crate) is_builtin: bool,
    /// It is marked `default`.
    pub(crate) is_default: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// What an entry has if nobody set the field; `None` leaves it out.
    pub(crate) default: Option<String>,
    pub(crate) is_required: bool,
    /// Shown only to those with the policy `sensitive`.
    pub(crate) is_secret: bool,
    /// Never shown.
    pub(crate) is_hidden: bool,
    pub(crate) is_read_only: bool,
    pub(crate) versions: Versions,
}

/// The releases that have something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Versions {
    Range { since: Version, until: Version },
    Only(Vec<Version>),
}

impl Versions {
    pub(crate) const ALL: Versions = Versions::Range { since: Version::V7_15, until: Version::V7_24 };

    pub(crate) fn include(&self, version: Version) -> bool {
        match self {
            Self::Range { since, until } => (*since..=*until).contains(&version),
            Self::Only(versions) => versions.contains(&version),
        }
    }
}

impl Menu {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The menu as a release has it, or nothing.
    pub(crate) fn at(&self, version: Version) -> Option<Menu> {
        if !self.versions.include(version) {
            return None;
        }
        let mut menu = self.clone();
        menu.fields.retain(|field| field.versions.include(version));
        menu.unset_since = menu.unset_since.filter(|since| version >= *since);
        Some(menu)
    }

    pub(crate) fn has_comment(&self) -> bool {
        self.field("comment").is_some()
    }
}
