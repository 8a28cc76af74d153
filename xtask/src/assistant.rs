//! How well does the assistant read? Runs the corpus and prints the figures.

use std::path::Path;

use crate::step::Step;

/// Builds and runs the program of `tests/assistant`; its output is the report.
pub(crate) fn evaluate(root: &Path, model: &[String]) -> anyhow::Result<()> {
    let program = ["run", "-p", "test-assistant", "--"];
    let arguments: Vec<&str> = program.into_iter().chain(model.iter().map(String::as_str)).collect();
    Step::cargo("assistant", &arguments).run(root)
}
