//! What does a rule set say about one document? Every rule is asked by itself, with its own allowance of work.

use core_model::{Diagnostic, Span};
use regorus::{Engine, Value};

use crate::answer;
use crate::compile::Rules;
use crate::entry::Entry;
use crate::places::Places;
use crate::verdict::{Finding, Verdict};

impl Rules {
    /// Judges a document of [`document`](crate::document).
    ///
    /// It never fails: a rule that does not end, breaks or answers in another shape is a fault of the verdict, and a verdict with a
    /// fault permits nothing.
    pub fn judge(&self, document: &serde_json::Value, places: Places<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        if self.is_empty() {
            return verdict;
        }
        let mut engine = self.engine.clone();
        engine.set_input(Value::from(document.clone()));
        for entry in &self.entries {
            match ask(&mut engine, entry, places) {
                Ok(findings) => verdict.findings.extend(findings),
                Err(diagnostic) => verdict.faults.push(diagnostic.render(self.sources())),
            }
        }
        verdict.findings.sort();
        verdict.findings.dedup();
        verdict.faults.sort();
        verdict.faults.dedup();
        verdict
    }
}

fn ask(engine: &mut Engine, entry: &Entry, places: Places<'_>) -> Result<Vec<Finding>, Box<Diagnostic>> {
    let data = engine
        .eval_rule_in_module(&entry.module, &entry.rule, false)
        .map_err(|error| Box::new(named(entry, answer::diagnostic("Rule breaks", &error, &entry.span))))?;
    answer::findings(entry, value_at(&data, &entry.path), places)
}

/// The value at a path of the data, or undefined.
pub(crate) fn value_at<'a>(data: &'a Value, path: &[String]) -> &'a Value {
    let below = |value: &'a Value, name: &String| value.as_object().ok().and_then(|fields| fields.get(&Value::from(name.as_str())));
    path.iter().try_fold(data, below).unwrap_or(&Value::Undefined)
}

/// Names the rule that was asked, where the message is about a place that it led to.
fn named(entry: &Entry, mut diagnostic: Diagnostic) -> Diagnostic {
    let Span { file, line, .. } = &entry.span;
    diagnostic.detail = format!("{} The rule that was asked is `{}`, {file}:{line}.", diagnostic.detail, entry.name());
    diagnostic
}
