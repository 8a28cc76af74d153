//! Which menus, commands and arguments does a release have?
//!
//! Where the public command trees are at hand, they are the truth. They are not part of the repository: they are read from the
//! folder that `IPR_CONTRACT_DATA` names, or from `shared/data` beside the checkout. Elsewhere the tree is made of our tables.

mod own;
mod shared;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::version::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Directory,
    /// A menu that has commands and menus below.
    Path,
    Command,
    Argument,
}

impl NodeKind {
    /// As `/console/inspect` calls it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Directory => "dir",
            Self::Path => "path",
            Self::Command => "cmd",
            Self::Argument => "arg",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) children: BTreeMap<String, Node>,
    /// What the console says of the values, if it says anything.
    pub(crate) description: String,
}

impl Node {
    pub(crate) fn new(kind: NodeKind) -> Self {
        Self { kind, children: BTreeMap::new(), description: String::new() }
    }

    /// The node at a path such as `/ip/address` or `/ip/address/add`.
    pub(crate) fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(self, |node, part| node.children.get(part))
    }

    pub(crate) fn is_menu(&self) -> bool {
        matches!(self.kind, NodeKind::Directory | NodeKind::Path)
    }

    /// A command of this menu.
    pub(crate) fn command(&self, name: &str) -> Option<&Node> {
        self.children.get(name).filter(|node| node.kind == NodeKind::Command)
    }
}

/// The command tree of a release, and whether it is the public one.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) root: Node,
    pub(crate) is_shared: bool,
}

/// Loaded once a process and release.
pub(crate) fn of(version: Version) -> Arc<Tree> {
    static TREES: OnceLock<[OnceLock<Arc<Tree>>; Version::ALL.len()]> = OnceLock::new();
    let trees = TREES.get_or_init(Default::default);
    let load = || match shared::read(version) {
        Some(root) => Arc::new(Tree { root, is_shared: true }),
        None => Arc::new(Tree { root: own::tree(version), is_shared: false }),
    };
    trees[version as usize].get_or_init(load).clone()
}

#[cfg(test)]
mod tests;
