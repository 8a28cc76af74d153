//! What do virtual machines and containers have in common? Numbers, names, marks, nodes and pools; and the ways to find, read
//! and change one, which differ in a few words.

pub(crate) mod capacity;
pub(crate) mod claims;
pub(crate) mod edits;
pub(crate) mod find;
pub(crate) mod findings;
pub(crate) mod follow;
pub(crate) mod import;
pub(crate) mod names;
pub(crate) mod observe;
pub(crate) mod option;
pub(crate) mod pending;
pub(crate) mod permissions;
pub(crate) mod place;
pub(crate) mod places;
pub(crate) mod pool;
pub(crate) mod preflight;
pub(crate) mod protection;
pub(crate) mod readiness;
pub(crate) mod remarks;
pub(crate) mod remove;
pub(crate) mod settle;
pub(crate) mod size;
pub(crate) mod snapshot;
pub(crate) mod startup;
pub(crate) mod volumes;
pub(crate) mod wanted;
pub(crate) mod word;
pub(crate) mod words;

use core_model::resource_type::{ResourceType as _, TypeFacts};
use core_model::schema::{Field, field_at};
use serde_json::{Map, Value};

use crate::config::Config;
use crate::reader::Guest;
use crate::{container, machine};

/// Which sort of guest?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GuestKind {
    Machine,
    Container,
}

/// What a guest is, and what it would be if nobody had set anything.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) values: Map<String, Value>,
    pub(crate) defaults: Map<String, Value>,
}

impl GuestKind {
    /// The kind that a resource type stands for. Only types of guests are asked for.
    pub(crate) fn of_type(type_name: &str) -> Self {
        if type_name == Self::Container.facts().name { Self::Container } else { Self::Machine }
    }

    /// What people call one.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Container => "container",
        }
    }

    /// The word in paths of the API and in lists of guests.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Machine => "qemu",
            Self::Container => "lxc",
        }
    }

    /// The option that holds its name.
    pub(crate) fn name_option(self) -> &'static str {
        match self {
            Self::Machine => "name",
            Self::Container => "hostname",
        }
    }

    /// What a storage must take to hold its disks.
    pub(crate) fn content(self) -> &'static str {
        match self {
            Self::Machine => "images",
            Self::Container => "rootdir",
        }
    }

    pub(crate) fn facts(self) -> &'static TypeFacts {
        match self {
            Self::Machine => machine::Compute.facts(),
            Self::Container => container::Container.facts(),
        }
    }

    /// The field that rules over a path.
    pub(crate) fn field_of(self, path: &str) -> Option<&'static Field> {
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        let fields = if root == "metadata" { self.facts().metadata } else { self.facts().specs };
        let segments: Vec<&str> = rest.split('.').collect();
        field_at(fields, &segments)
    }

    /// What the blueprint calls an option.
    pub(crate) fn field_word(self, option: &str) -> String {
        match self {
            Self::Machine => machine::form::WORDS.word_of(option),
            Self::Container => container::form::WORDS.word_of(option),
        }
    }

    /// A guest in the form of its table.
    pub(crate) fn see(self, guest: &Guest, config: &Config) -> Seen {
        match self {
            Self::Machine => machine::form::see(guest, config),
            Self::Container => container::form::see(guest, config),
        }
    }
}

/// Something that says where a guest is: its kind, its node and its number.
pub(crate) trait Located {
    fn kind(&self) -> GuestKind;
    fn node(&self) -> &str;
    fn vmid(&self) -> u32;

    /// Its place in the API.
    fn path(&self, rest: &str) -> String {
        format!("/nodes/{}/{}/{}{rest}", self.node(), self.kind().word(), self.vmid())
    }
}

/// A guest by its number and by its name: one for calls, one for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GuestRef {
    pub(crate) kind: GuestKind,
    pub(crate) node: String,
    pub(crate) vmid: u32,
    pub(crate) name: String,
}

impl Located for GuestRef {
    fn kind(&self) -> GuestKind {
        self.kind
    }

    fn node(&self) -> &str {
        &self.node
    }

    fn vmid(&self) -> u32 {
        self.vmid
    }
}

impl Located for Guest {
    fn kind(&self) -> GuestKind {
        self.kind
    }

    fn node(&self) -> &str {
        &self.node
    }

    fn vmid(&self) -> u32 {
        self.vmid
    }
}
