//! What went wrong so far? Messages are collected, and nothing stops at the first one.

use std::collections::{BTreeSet, HashMap, HashSet};

use core_model::{Diagnostic, Name, Origin, Span, diagnostic};

#[derive(Debug, Default)]
pub(crate) struct Report {
    diagnostics: Vec<Told>,
    not_yet: Vec<Diagnostic>,
    /// The environment that is looked at; `None` while files are read.
    environment: Option<Name>,
    /// Scalars whose references could not be filled in. They were reported once; what later stages make of them is noise.
    failed: HashSet<Span>,
    /// The same, whatever the environment.
    failed_everywhere: HashSet<Span>,
}

#[derive(Debug)]
struct Told {
    diagnostic: Diagnostic,
    environment: Option<Name>,
}

impl Report {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(Told { diagnostic, environment: self.environment.clone() });
    }

    /// Something that the language knows and this version does not act on.
    pub(crate) fn not_yet(&mut self, detail: impl Into<String>, origin: &Origin) {
        let diagnostic = Diagnostic::error("Not supported yet", detail.into())
            .because("What is read and then ignored would promise what does not happen.")
            .hint("leave it out until a version supports it")
            .at_origin(origin);
        self.not_yet.push(diagnostic);
    }

    /// Adds what another report collected, in its order.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
        self.not_yet.extend(other.not_yet);
        self.failed.extend(other.failed);
        self.failed_everywhere.extend(other.failed_everywhere);
    }

    pub(crate) fn fail(&mut self, span: &Span) {
        self.failed.insert(span.clone());
    }

    pub(crate) fn fail_everywhere(&mut self, span: &Span) {
        self.failed_everywhere.insert(span.clone());
    }

    pub(crate) fn has_failed(&self, span: &Span) -> bool {
        self.failed.contains(span) || self.failed_everywhere.contains(span)
    }

    /// Adds what a later stage found, except about values that have failed before.
    pub(crate) fn extend(&mut self, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            if diagnostic.span.as_ref().is_none_or(|span| !self.has_failed(span)) {
                self.push(diagnostic);
            }
        }
    }

    /// Failures are remembered for one environment: the same value may be right in another.
    pub(crate) fn next_environment(&mut self, environment: &Name) {
        self.failed.clear();
        self.environment = Some(environment.clone());
    }

    /// What was found and what comes later, each in the order of position. A mistake of several environments is told once;
    /// one that is not there in all environments of its file names those it is in. `environments` gives those of a file.
    pub(crate) fn finish(self, environments: impl Fn(&str) -> BTreeSet<Name>) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let mut not_yet = self.not_yet;
        diagnostic::sort(&mut not_yet);
        not_yet.dedup();
        let mut diagnostics = merged(self.diagnostics, environments);
        diagnostic::sort(&mut diagnostics);
        (diagnostics, not_yet)
    }
}

fn merged(told: Vec<Told>, environments: impl Fn(&str) -> BTreeSet<Name>) -> Vec<Diagnostic> {
    let (mut all, mut found): (Vec<Diagnostic>, Vec<BTreeSet<Name>>) = (Vec::new(), Vec::new());
    let mut places: HashMap<(Option<Span>, String), Vec<usize>> = HashMap::new();
    for Told { diagnostic, environment } in told {
        let known = places.entry((diagnostic.span.clone(), diagnostic.detail.clone())).or_default();
        let place = match known.iter().find(|place| all[**place] == diagnostic) {
            Some(place) => *place,
            None => {
                known.push(all.len());
                all.push(diagnostic);
                found.push(BTreeSet::new());
                all.len() - 1
            }
        };
        found[place].extend(environment);
    }
    for (diagnostic, found) in all.iter_mut().zip(found) {
        let Some(span) = &diagnostic.span else { continue };
        let is_partial = !found.is_empty() && environments(&span.file).difference(&found).next().is_some();
        if is_partial && !found.iter().any(|name| diagnostic.detail.contains(&format!("`{name}`"))) {
            let names: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
            diagnostic.detail.push_str(&format!(" This is so in {} only.", names.join(", ")));
        }
    }
    all
}
