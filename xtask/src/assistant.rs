//! How well does the assistant read? Runs the corpus and prints the figures.

use std::path::Path;

use crate::step::Step;

/// Builds and runs the program of `tests/assistant`; its output is the report.
pub(crate) fn evaluate(root: &Path) -> anyhow::Result<()> {
    Step::cargo("assistant", &["run", "-p", "test-assistant"]).run(root)
}
