//! What does continuous integration check, and in which order? Cheap and telling first, tests last.

mod one_tls_stack;

use std::path::Path;
use std::time::Instant;

use anyhow::bail;

use crate::step::{Step, cargo_has, heading};
use crate::tidy;

/// The worker of a local model, which nothing else compiles. `.ci/install` brings what it needs.
const WITH_MODEL: &str = "daemon-worker/llama";

const FORMAT: Step = Step::cargo("format", &["fmt", "--all", "--check"]);
const CLIPPY: Step = Step::cargo("clippy", &["clippy", "--workspace", "--all-targets", "--features", WITH_MODEL, "--locked", "--", "-D", "warnings"]);
const DOCUMENTATION: Step = Step::cargo("documentation", &["doc", "--workspace", "--no-deps", "--features", WITH_MODEL, "--locked"])
    .with_environment(&[("RUSTDOCFLAGS", "-D warnings")]);
const DENY: Step = Step::cargo("dependencies (cargo deny)", &["deny", "--workspace", "check"]);
const DOCUMENTATION_TESTS: Step = Step::cargo("documentation tests", &["test", "--doc", "--workspace", "--features", WITH_MODEL, "--locked"]);
const NEXTEST: Step = Step::cargo("tests (nextest)", &["nextest", "run", "--workspace", "--features", WITH_MODEL, "--locked", "--profile", "ci"]);
const CARGO_TEST: Step = Step::cargo("tests (cargo test)", &["test", "--workspace", "--all-targets", "--features", WITH_MODEL, "--locked"]);

/// Says that there is no Docker daemon and that this is accepted; `.ci/with-docker` sets it.
const WITHOUT_DOCKER: &str = "IPR_TESTS_WITHOUT_DOCKER";
/// The tests that need a Docker daemon: those of the engine that reach a target, and what is named with_docker*.
const NEEDS_DOCKER: &str = "(package(engine-docker) & kind(test)) + test(/(^|::)with_docker/)";
const NEEDS_NO_DOCKER: &str = "not ((package(engine-docker) & kind(test)) + test(/(^|::)with_docker/))";
const LIST_NOT_RUN: Step =
    Step::cargo("tests that need Docker: NOT RUN", &["nextest", "list", "--workspace", "--features", WITH_MODEL, "--locked", "-E", NEEDS_DOCKER]);
const NEXTEST_WITHOUT_DOCKER: Step = Step::cargo(
    "tests (nextest) without those that need Docker",
    &["nextest", "run", "--workspace", "--features", WITH_MODEL, "--locked", "--profile", "ci", "-E", NEEDS_NO_DOCKER],
);

/// Runs the checks in order and stops at the first that fails; then the tests, unless told not to.
pub(crate) fn run(root: &Path, without_tests: bool) -> anyhow::Result<()> {
    let started = Instant::now();
    FORMAT.run(root)?;
    heading("tidy");
    tidy::run(root)?;
    CLIPPY.run(root)?;
    DOCUMENTATION.run(root)?;
    heading("one TLS stack");
    one_tls_stack::run(root)?;
    deny(root)?;
    println!("\n=== all checks passed in {:.1} s", started.elapsed().as_secs_f64());
    if without_tests { Ok(()) } else { test(root) }
}

/// Runs the documentation tests and then every other test, whose summary is printed last.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    let has_nextest = cargo_has("nextest");
    let without_docker = std::env::var_os(WITHOUT_DOCKER).is_some();
    if without_docker && !has_nextest {
        bail!("leaving out the tests that need Docker takes cargo-nextest, which is not installed");
    }
    DOCUMENTATION_TESTS.run(root)?;
    match (has_nextest, without_docker) {
        (true, false) => NEXTEST.run_last(root),
        (true, true) => {
            LIST_NOT_RUN.run(root)?;
            NEXTEST_WITHOUT_DOCKER.run_last(root)
        }
        (false, _) => CARGO_TEST.run_last(root),
    }
}

/// `cargo deny` adds advisories to what tidy checks itself; not everybody has it.
fn deny(root: &Path) -> anyhow::Result<()> {
    if cargo_has("deny") {
        return DENY.run(root);
    }
    heading("dependencies (cargo deny): NOT RUN");
    println!("    cargo-deny is not installed, so security advisories were not checked.");
    println!("    Licences were checked by tidy. Hint: cargo install --locked cargo-deny");
    Ok(())
}
