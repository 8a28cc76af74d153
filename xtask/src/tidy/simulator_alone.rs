//! Does the simulator share anything with us? It must not: shared types would make both sides wrong together.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "simulator-alone", keeps: "a simulator (tests/sim*) depends on no other crate of ours, so it cannot share our mistakes", check };

fn check(tree: &Tree) -> Vec<Finding> {
    let simulators = tree.packages.iter().filter(|package| package.is_simulator());
    simulators
        .flat_map(|simulator| {
            let ours = tree.packages.iter().filter(|other| simulator.depends_on(&other.name));
            ours.map(|other| Finding::new(format!("{}/Cargo.toml", simulator.folder), format!("the simulator depends on `{}`", other.name)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    const MODEL: (&str, &str, &[&str]) = ("core/model", "core-model", &[]);

    #[test]
    fn foreign_crates_are_fine() {
        let simulator = ("tests/sim", "test-sim", &["axum", "serde"][..]);
        assert_eq!(check(&sample::packages(&[MODEL, simulator])), []);
    }

    #[test]
    fn a_crate_of_ours_is_found() {
        for folder in ["tests/sim", "tests/sim-proxmox"] {
            let simulator = (folder, "test-sim", &["core-model"][..]);
            assert_eq!(check(&sample::packages(&[MODEL, simulator])).len(), 1);
        }
    }
}
