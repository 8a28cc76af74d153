//! What do the rules' tests look at? Small trees, written in a line each.

use super::tree::{File, ForeignCrate, Package, Tree};

/// A tree of one file.
pub(crate) fn file(path: &str, text: &str) -> Tree {
    files(&[(path, text)])
}

/// A tree of these files.
pub(crate) fn files(files: &[(&str, &str)]) -> Tree {
    let files = files.iter().map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
    Tree { files, ..Tree::default() }
}

/// A tree of these crates: folder, name, and the names it depends on.
pub(crate) fn packages(packages: &[(&str, &str, &[&str])]) -> Tree {
    let packages = packages
        .iter()
        .map(|(folder, name, dependencies)| Package {
            name: (*name).to_owned(),
            folder: (*folder).to_owned(),
            dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
        })
        .collect();
    Tree { packages, ..Tree::default() }
}

/// A tree with one foreign crate.
pub(crate) fn foreign_crate(name: &str, licence: Option<&str>) -> Tree {
    let foreign = ForeignCrate { name: name.to_owned(), version: "1.0.0".to_owned(), licence: licence.map(str::to_owned) };
    Tree { foreign_crates: vec![foreign], ..Tree::default() }
}
