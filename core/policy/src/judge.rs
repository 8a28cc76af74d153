//! What does a rule set say about one document? Every rule is asked by itself, with its own allowance of work.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::thread;

use core_model::{Diagnostic, Span};
use regorus::{Engine, Value};
use serde::Deserialize as _;

use crate::compile::Rules;
use crate::entry::Entry;
use crate::limits::TEAMS_MAX;
use crate::places::Places;
use crate::verdict::{Effect, Finding, Verdict};
use crate::{answer, bounds};

/// More than this help no more; each has the document in its own form.
const THREADS_MAX: usize = 4;
/// Fewer rules are asked sooner than another thread is ready.
const RULES_OF_A_THREAD: usize = 8;

/// Hears the name of a rule, and where it is written. Answers whether to go on.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(&str, &Span) -> bool;

impl Rules {
    /// Judges a document of [`document`](crate::document), on several threads where there are many rules.
    ///
    /// It never fails: a rule that does not end, breaks or answers in another shape is a fault of the verdict, and a verdict with a
    /// fault permits nothing. How much memory a rule takes is not bounded here; who runs rules of others does it in a process of its
    /// own, by [`Question`](crate::Question).
    pub fn judge(&self, document: &serde_json::Value, places: Places<'_>) -> Verdict {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = (self.entries.len() / RULES_OF_A_THREAD).clamp(1, processors.min(THREADS_MAX));
        let asked = |first: usize| self.asked(document, self.entries.iter().skip(first).step_by(threads), &mut |_, _| true);
        let parts: Vec<Verdict> = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|first| scope.spawn(move || asked(first))).collect();
            let own = asked(0);
            let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            std::iter::once(own).chain(others).collect()
        });
        settled(parts).placed(places)
    }

    /// Judges without places. `tell` hears of each rule before it is asked; once it answers no, nothing more is.
    pub(crate) fn judge_one_by_one(&self, document: &serde_json::Value, tell: Tell<'_>) -> Verdict {
        settled(vec![self.asked(document, self.entries.iter(), tell)])
    }

    fn asked<'a>(&self, document: &serde_json::Value, entries: impl Iterator<Item = &'a Entry>, tell: Tell<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        let mut entries = entries.peekable();
        if entries.peek().is_none() {
            return verdict;
        }
        let mut engine = self.engine.clone();
        match Value::deserialize(document) {
            Ok(input) => engine.set_input(input),
            Err(error) => return Verdict::of_fault(format!("error: Plan not readable\nRules cannot read the plan: {error}.\n")),
        }
        for entry in entries {
            if !tell(&entry.name, &entry.span) {
                break;
            }
            match ask(&mut engine, entry) {
                Ok(findings) => verdict.findings.extend(findings),
                Err(diagnostic) => verdict.faults.push(diagnostic.render(self.sources())),
            }
        }
        verdict.findings.sort();
        verdict
    }
}

/// What all rules said together, within bounds.
fn settled(parts: Vec<Verdict>) -> Verdict {
    let mut all = Verdict::default();
    for part in parts {
        all.findings.extend(part.findings);
        all.faults.extend(part.faults);
    }
    all.findings.sort();
    all.findings.dedup();
    all.faults.extend(too_many_teams(&all.findings));
    all.faults.sort();
    all.faults.dedup();
    bounds::bounded(all)
}

fn ask(engine: &mut Engine, entry: &Entry) -> Result<Vec<Finding>, Box<Diagnostic>> {
    let data = engine
        .eval_rule_in_module(&entry.module, &entry.rule, false)
        .map_err(|error| Box::new(named(entry, answer::diagnostic("Rule breaks", &error, &entry.span))))?;
    answer::findings(entry, value_at(&data, &entry.path))
}

/// The value at a path of the data, or undefined.
pub(crate) fn value_at<'a>(data: &'a Value, path: &[String]) -> &'a Value {
    let below = |value: &'a Value, name: &String| value.as_object().ok().and_then(|fields| fields.get(&Value::from(name.as_str())));
    path.iter().try_fold(data, below).unwrap_or(&Value::Undefined)
}

/// Names the rule that was asked, where the message is about a place that it led to.
fn named(entry: &Entry, mut diagnostic: Diagnostic) -> Diagnostic {
    let Span { file, line, .. } = &entry.span;
    diagnostic.detail = format!("{} The rule that was asked is `{}`, {file}:{line}.", diagnostic.detail, entry.name);
    diagnostic
}

/// Nobody gathers so many approvals, and every one of them is asked of GitHub.
fn too_many_teams(findings: &[Finding]) -> Option<String> {
    let mut teams = BTreeSet::new();
    let first_too_many = findings
        .iter()
        .find(|finding| matches!(&finding.effect, Effect::NeedsApproval { team } if teams.insert(team.clone()) && teams.len() > TEAMS_MAX))?;
    let Finding { rule, written_at, .. } = first_too_many;
    let detail = format!("The rules ask for approvals of more than {TEAMS_MAX} teams; one of them is `{rule}`, {written_at}.");
    Some(Diagnostic::error("Too many teams", detail).hint("ask a team in which they all are").render(&core_model::Sources::default()))
}
