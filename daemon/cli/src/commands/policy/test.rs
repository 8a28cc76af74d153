//! `ipr policy test`: do the rules pass their own tests?

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use core_policy::{Coverage, Trial, Trials};

use super::rules;
use crate::{commands::rules_process, config::Mistakes, failure::Failure, terminal};

/// Run the unit tests of the rules: every rule named `test_*`, best in files that end in `_test.rego`.
///
/// A test passes when it is true. Which lines of the rules some test reached is counted. The exit code is 1 if a test fails.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A folder of the managed repository.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// List the lines that no test reached.
    #[arg(long)]
    coverage: bool,
    /// Print what passed, too, and what rules printed.
    #[arg(long, short)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (files, _) = rules(&arguments.path)?;
    let tested = rules_process::process().test(&files);
    let trials = tested.map_err(|diagnostic| Mistakes { diagnostics: vec![*diagnostic], sources: core_policy::sources(&files) })?;
    for trial in trials.trials.iter().filter(|trial| arguments.verbose || trial.failure.is_some()) {
        terminal::print(terminal::plain(&told(trial)));
    }
    if arguments.coverage {
        trials.coverage.iter().filter(|file| !file.not_covered.is_empty()).for_each(|file| terminal::print(terminal::plain(&missed(file))));
    }
    terminal::print(summary(&trials));
    if trials.trials.is_empty() {
        terminal::tell("There are no tests: a test is a rule named `test_*`, best in a file that ends in `_test.rego`.\n");
    }
    Ok(if trials.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(trial: &Trial) -> String {
    let mut text = match &trial.failure {
        None => format!("passed  {}\n", trial.name),
        Some(why) => format!("FAILED  {}\n        {}\n        {why}\n", trial.name, trial.at),
    };
    trial.printed.iter().for_each(|line| text.push_str(&format!("        printed {line}\n")));
    text
}

/// `policies/a.rego: 3-5, 9`.
fn missed(file: &Coverage) -> String {
    format!("not reached in {}: {}\n", file.file, ranges(&file.not_covered))
}

fn ranges(lines: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let shown = |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    ranges.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn summary(trials: &Trials) -> String {
    let (all, failed) = (trials.trials.len(), trials.failed());
    let reached = trials.percent().map(|percent| format!(", {percent} % of the rules' lines reached")).unwrap_or_default();
    format!("{} passed, {failed} failed{reached}\n", all - failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_as_ranges() {
        assert_eq!(ranges(&[3, 4, 5, 9, 11, 12].into()), "3-5, 9, 11-12");
        assert_eq!(ranges(&BTreeSet::new()), "");
    }
}
