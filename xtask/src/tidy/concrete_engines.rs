//! Who knows a concrete engine by name? In the daemon only the binary does, and no engine knows another.

use super::tree::{Package, Tree};
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "concrete-engines", keeps: "only the binary `ipr` names concrete engines; no engine knows another, or the planner", check };

const INTERFACE: &str = "engine-api";
/// How certificates of targets are believed.
const TLS: &str = "engine-tls";
/// How a target's HTTPS interface is spoken to.
const HTTP: &str = "engine-http";
const BINARY: &str = "ipr";
/// The engine without a target. The executor's tests run on it, as a development dependency.
const FAKE: (&str, &str) = ("daemon-executor", "engine-fake");
/// What an engine may know of ours.
const KNOWN_TO_ENGINES: &[&str] = &["core-model", INTERFACE, TLS, HTTP];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        for other in tree.packages.iter().filter(|other| package.depends_on(&other.name)) {
            if let Some(reason) = refusal(package, other) {
                findings.push(Finding::new(
                    format!("{}/Cargo.toml", package.folder),
                    format!("`{}` depends on `{}`: {reason}", package.name, other.name),
                ));
            }
        }
    }
    findings
}

fn refusal(package: &Package, other: &Package) -> Option<&'static str> {
    let other_is_concrete = other.layer() == "engines" && other.name != INTERFACE;
    match package.layer() {
        "daemon" if other_is_concrete && package.name != BINARY && (package.name.as_str(), other.name.as_str()) != FAKE => {
            Some("the daemon speaks to engines through the interface")
        }
        "engines" if !KNOWN_TO_ENGINES.contains(&other.name.as_str()) && !is_for_tests(package, other) => {
            Some("an engine knows the model, the interface, TLS and HTTP, nothing else of ours")
        }
        _ => None,
    }
}

/// The tests of an engine plan real blueprints, and play against a simulator.
fn is_for_tests(package: &Package, other: &Package) -> bool {
    package.tests_with(&other.name) && (other.layer() == "core" || other.is_simulator())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    const DOCKER: (&str, &str, &[&str]) = ("engines/docker", "engine-docker", &["bollard", "engine-api"]);
    const API: (&str, &str, &[&str]) = ("engines/api", "engine-api", &["core-model"]);
    const MODEL: (&str, &str, &[&str]) = ("core/model", "core-model", &[]);

    #[test]
    fn the_binary_and_the_tests_may_name_an_engine() {
        let binary = ("daemon/cli", "ipr", &["engine-docker", "engine-api"][..]);
        let bench = ("tests/bench", "test-bench", &["engine-docker"][..]);
        let app = ("daemon/app", "daemon-app", &["engine-api"][..]);
        assert_eq!(check(&sample::packages(&[MODEL, API, DOCKER, binary, bench, app])), []);
    }

    #[test]
    fn another_crate_of_the_daemon_may_not() {
        let app = ("daemon/app", "daemon-app", &["engine-docker"][..]);
        assert_eq!(check(&sample::packages(&[API, DOCKER, app])).len(), 1);
    }

    #[test]
    fn an_engine_knows_neither_its_neighbour_nor_the_planner() {
        let fake = ("engines/fake", "engine-fake", &["engine-docker", "core-planner"][..]);
        let planner = ("core/planner", "core-planner", &[][..]);
        assert_eq!(check(&sample::packages(&[API, DOCKER, planner, fake])).len(), 2);
    }

    #[test]
    fn the_tests_of_an_engine_may_plan_and_play() {
        let planner = ("core/planner", "core-planner", &[][..]);
        let simulator = ("tests/sim-new", "test-sim-new", &[][..]);
        let engine = ("engines/new", "engine-new", &["engine-api", "dev:core-planner", "dev:test-sim-new"][..]);
        assert_eq!(check(&sample::packages(&[API, planner, simulator, engine])), []);
        let neighbour = ("engines/new", "engine-new", &["dev:engine-docker"][..]);
        assert_eq!(check(&sample::packages(&[API, DOCKER, neighbour])).len(), 1);
    }
}
