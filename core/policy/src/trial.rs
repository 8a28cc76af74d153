//! Do the rules say what their authors expect? Unit tests named `test_*`, and the lines that they reached.

use std::collections::BTreeSet;

use core_model::Span;
use regorus::Value;
use regorus::unstable::{Module, Ref, Rule};
use serde::{Deserialize, Serialize};

use crate::answer;
use crate::compile::Rules;
use crate::entry::{is_test_file, name_of, package_of, span_of};
use crate::judge::{Tell, value_at};

/// One unit test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// `main.test_ports`.
    pub name: String,
    #[serde(with = "crate::place")]
    pub at: Span,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// What the rules printed meanwhile, each with its place.
    pub printed: Vec<String>,
}

/// The lines of one file that some test reached, of those that can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub file: String,
    pub covered: BTreeSet<u32>,
    pub not_covered: BTreeSet<u32>,
}

/// All tests of a rule set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trials {
    pub trials: Vec<Trial>,
    /// Of the files that are no tests themselves.
    pub coverage: Vec<Coverage>,
}

impl Trials {
    pub fn failed(&self) -> usize {
        self.trials.iter().filter(|trial| trial.failure.is_some()).count()
    }

    /// How many of a hundred lines some test reached. `None` where no line can be.
    pub fn percent(&self) -> Option<usize> {
        let covered: usize = self.coverage.iter().map(|file| file.covered.len()).sum();
        let all = covered + self.coverage.iter().map(|file| file.not_covered.len()).sum::<usize>();
        (covered * 100).checked_div(all)
    }
}

impl Rules {
    /// Runs every rule named `test_*`. It passes when it is true.
    pub fn test(&self) -> Trials {
        self.test_telling(&mut |_, _| true)
    }

    /// `tell` hears of each test before it is run; once it answers no, no more are.
    pub(crate) fn test_telling(&self, tell: Tell<'_>) -> Trials {
        let mut engine = self.engine.clone();
        engine.set_enable_coverage(true);
        engine.set_gather_prints(true);
        let modules = engine.get_modules().clone();
        let mut trials: Vec<Trial> = Vec::new();
        let tests = modules.iter().flat_map(|module| module.policy.iter().map(move |rule| (module, rule)));
        for (module, rule) in tests.filter(|(_, rule)| name_of(rule).starts_with("test_")) {
            let (name, at) = (name_in(module, rule).join("."), span_of(rule));
            if !tell(&name, &at) {
                break;
            }
            trials.push(run(&mut engine, module, rule));
        }
        trials.sort_by(|left, right| left.at.cmp(&right.at));
        // It fails only on texts that are not there, and these were just run.
        let files = engine.get_coverage_report().map(|report| report.files).unwrap_or_default();
        let coverage = files
            .into_iter()
            .filter(|file| !is_test_file(&file.path))
            .map(|file| Coverage { file: file.path, covered: file.covered, not_covered: file.not_covered })
            .collect();
        Trials { trials, coverage }
    }
}

/// The package's components and the rule's name.
fn name_in(module: &Module, rule: &Rule) -> Vec<String> {
    package_of(module).into_iter().chain([name_of(rule).to_owned()]).collect()
}

fn run(engine: &mut regorus::Engine, module: &Ref<Module>, rule: &Ref<Rule>) -> Trial {
    let at = span_of(rule);
    let path = name_in(module, rule);
    let failure = match engine.eval_rule_in_module(module, rule, false) {
        Err(error) => Some(answer::diagnostic("Test breaks", &error, &at).detail),
        Ok(data) => match value_at(&data, &path) {
            Value::Bool(true) => None,
            Value::Undefined => Some("It is undefined: some line of it does not hold.".to_owned()),
            other => Some(format!("It is {other}, not true.")),
        },
    };
    let printed = engine.take_prints().unwrap_or_default();
    Trial { name: path.join("."), at, failure, printed }
}
