//! Where does octocrab live? In `daemon-github` alone: it is the slowest crate to compile, so it stays a leaf.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "octocrab-home", keeps: "`daemon-github` is the only crate with octocrab in it", check };

const HOME: &str = "daemon-github";

fn check(tree: &Tree) -> Vec<Finding> {
    tree.packages
        .iter()
        .filter(|package| package.name != HOME && package.depends_on("octocrab"))
        .map(|package| {
            Finding::new(format!("{}/Cargo.toml", package.folder), format!("`{}` depends on `octocrab`; ask `{HOME}` instead", package.name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn octocrab_at_home_is_fine() {
        assert_eq!(check(&sample::packages(&[("daemon/github", HOME, &["octocrab"])])), []);
    }

    #[test]
    fn octocrab_elsewhere_is_found() {
        let tree = sample::packages(&[("daemon/app", "daemon-app", &["octocrab"])]);
        assert_eq!(check(&tree).len(), 1);
    }
}
