//! Does every dependency of our crates point down? core <- engines <- daemon <- tests; `xtask` stands outside.

use super::tree::{Package, Tree};
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "layers", keeps: "dependencies run one way: core <- engines <- daemon <- tests, with xtask outside", check };

/// From the ground up. A crate may depend on its own layer and on those before it.
const LAYERS: &[&str] = &["core", "engines", "daemon", "tests"];
const OUTSIDE: &str = "xtask";

/// Edges that run back and are allowed, each with its reason and with what must stay true for it.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        from: "ipr",
        to: "test-sim",
        // `ipr demo` plays a whole pull request on one machine, and the simulator is its forge.
        // See docs/decisions/0004-the-demo-uses-the-simulator.md.
        holds_while: depends_on_none_of_ours,
    },
    Exception {
        from: "daemon-worker",
        to: "test-gguf",
        // Its tests load the smallest model there is, which the benchmarks load, too.
        // See docs/decisions/0040-the-worker-of-a-local-model.md.
        holds_while: depends_on_none_of_ours,
    },
];

struct Exception {
    from: &'static str,
    to: &'static str,
    holds_while: fn(&Package, &Tree) -> bool,
}

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        if height(package).is_none() && package.layer() != OUTSIDE {
            findings.push(Finding::new(&package.folder, format!("`{}` is in no layer; they are core, engines, daemon, tests", package.name)));
        }
        for needed in needed_of_ours(package, tree) {
            if !may_depend(package, needed) && !is_exception(package, needed, tree) && !is_played_target(package, needed, tree) {
                findings.push(Finding::new(
                    format!("{}/Cargo.toml", package.folder),
                    format!("`{}` depends on `{}`, which runs back", package.name, needed.name),
                ));
            }
        }
    }
    findings
}

fn may_depend(package: &Package, needed: &Package) -> bool {
    match (height(package), height(needed)) {
        (Some(own), Some(other)) => other <= own,
        _ => false,
    }
}

fn height(package: &Package) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == package.layer())
}

/// Every kind of edge counts: a test that reaches up needs the upper crate to be built first all the same.
fn needed_of_ours<'tree>(package: &'tree Package, tree: &'tree Tree) -> impl Iterator<Item = &'tree Package> {
    tree.packages.iter().filter(|other| package.depends_on(&other.name))
}

fn is_exception(package: &Package, needed: &Package, tree: &Tree) -> bool {
    EXCEPTIONS.iter().any(|exception| exception.from == package.name && exception.to == needed.name && (exception.holds_while)(needed, tree))
}

/// The tests of an engine may play against a simulator, which knows none of us. See docs/decisions/0015-engines-test-with-simulators.md.
fn is_played_target(package: &Package, needed: &Package, tree: &Tree) -> bool {
    package.layer() == "engines" && needed.is_simulator() && package.tests_with(&needed.name) && depends_on_none_of_ours(needed, tree)
}

fn depends_on_none_of_ours(package: &Package, tree: &Tree) -> bool {
    needed_of_ours(package, tree).next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    const MODEL: (&str, &str, &[&str]) = ("core/model", "core-model", &["serde"]);

    fn messages(packages: &[(&str, &str, &[&str])]) -> Vec<String> {
        let findings = check(&sample::packages(packages));
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_edge_down_or_within_a_layer_is_fine() {
        let engine = ("engines/api", "engine-api", &["core-model", "tokio"][..]);
        let store = ("daemon/store", "daemon-store", &["engine-api"][..]);
        let app = ("daemon/app", "daemon-app", &["daemon-store", "core-model"][..]);
        let scenarios = ("tests/scenarios", "test-scenarios", &["daemon-app"][..]);
        let xtask = ("xtask", "xtask", &["clap"][..]);
        assert_eq!(messages(&[MODEL, engine, store, app, scenarios, xtask]), [""; 0]);
    }

    #[test]
    fn an_edge_that_runs_back_is_found() {
        let app = ("daemon/app", "daemon-app", &[][..]);
        let engine = ("engines/api", "engine-api", &["daemon-app"][..]);
        assert_eq!(messages(&[app, engine]), ["`engine-api` depends on `daemon-app`, which runs back"]);
    }

    #[test]
    fn xtask_is_outside_in_both_directions() {
        assert_eq!(messages(&[MODEL, ("xtask", "xtask", &["core-model"])]).len(), 1);
        let planner = ("core/planner", "core-planner", &["xtask"][..]);
        assert_eq!(messages(&[("xtask", "xtask", &[]), planner]).len(), 1);
    }

    #[test]
    fn a_folder_that_is_no_layer_is_found() {
        assert_eq!(messages(&[("extras/x", "extra-x", &[])]).len(), 1);
    }

    #[test]
    fn the_demo_may_use_the_simulator_while_that_needs_none_of_ours() {
        let demo = ("daemon/cli", "ipr", &["test-sim"][..]);
        let alone = ("tests/sim", "test-sim", &["axum"][..]);
        assert_eq!(messages(&[demo, alone]), [""; 0]);
        let entangled = ("tests/sim", "test-sim", &["core-model"][..]);
        assert_eq!(messages(&[MODEL, demo, entangled]), ["`ipr` depends on `test-sim`, which runs back"]);
        let other = ("daemon/web", "daemon-web", &["test-sim"][..]);
        assert_eq!(messages(&[other, alone]).len(), 1);
    }

    #[test]
    fn the_tests_of_an_engine_may_play_against_a_simulator_that_needs_none_of_ours() {
        let alone = ("tests/sim-proxmox", "test-sim-proxmox", &["axum"][..]);
        let tested = ("engines/proxmox", "engine-proxmox", &["dev:test-sim-proxmox"][..]);
        assert_eq!(messages(&[tested, alone]), [""; 0]);
        let guest = ("tests/guest", "test-guest", &["tokio"][..]);
        assert_eq!(messages(&[("engines/ipmi", "engine-ipmi", &["dev:test-guest"][..]), guest]), [""; 0], "a real target counts as one");
        let shipped = ("engines/proxmox", "engine-proxmox", &["test-sim-proxmox"][..]);
        assert_eq!(messages(&[shipped, alone]).len(), 1);
        let entangled = ("tests/sim-proxmox", "test-sim-proxmox", &["core-model"][..]);
        assert_eq!(messages(&[MODEL, tested, entangled]).len(), 1);
        let daemon = ("daemon/web", "daemon-web", &["dev:test-sim-proxmox"][..]);
        assert_eq!(messages(&[daemon, alone]).len(), 1);
    }
}
