//! How fast is it? Runs the benchmarks of `tests/bench` in release mode.

use std::path::Path;

use crate::step::Step;

/// Builds and runs the benchmark program; its output is the report.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    Step::cargo("benchmarks", &["run", "--release", "-p", "test-bench"]).run(root)
}
