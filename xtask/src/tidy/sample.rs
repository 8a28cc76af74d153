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

/// Stands before the name of a dependency that only the tests have.
const IN_TESTS: &str = "dev:";

/// A tree of these crates: folder, name, and the names it depends on; `dev:name` where only its tests do.
pub(crate) fn packages(packages: &[(&str, &str, &[&str])]) -> Tree {
    let packages = packages
        .iter()
        .map(|(folder, name, dependencies)| Package {
            name: (*name).to_owned(),
            folder: (*folder).to_owned(),
            dependencies: dependencies.iter().map(|name| name.trim_start_matches(IN_TESTS).to_owned()).collect(),
            shipped_dependencies: dependencies.iter().filter(|name| !name.starts_with(IN_TESTS)).map(|name| (*name).to_owned()).collect(),
        })
        .collect();
    Tree { packages, ..Tree::default() }
}

/// A tree with one foreign crate.
pub(crate) fn foreign_crate(name: &str, licence: Option<&str>) -> Tree {
    let foreign = ForeignCrate { name: name.to_owned(), version: "1.0.0".to_owned(), licence: licence.map(str::to_owned) };
    Tree { foreign_crates: vec![foreign], ..Tree::default() }
}
