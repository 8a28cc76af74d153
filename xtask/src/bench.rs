//! How fast is it? Runs the benchmarks of `tests/bench` in release mode.

use std::path::Path;

use crate::step::Step;

/// Builds and runs the benchmark program, or one part of it; its output is the report.
pub(crate) fn run(root: &Path, part: Option<&str>) -> anyhow::Result<()> {
    let arguments = ["run", "--release", "-p", "test-bench", "--"];
    let arguments: Vec<&str> = arguments.into_iter().chain(part).collect();
    Step::cargo("benchmarks", &arguments).run(root)
}
