//! What went wrong so far? Messages are collected, and nothing stops at the first one.

use std::collections::HashSet;

use core_model::{Diagnostic, Origin, Span};

#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) not_yet: Vec<Diagnostic>,
    /// Scalars whose references could not be filled in. They were reported once; what later stages make of them is noise.
    failed: HashSet<Span>,
}

impl Report {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Something that the language knows and this version does not act on.
    pub(crate) fn not_yet(&mut self, detail: impl Into<String>, origin: &Origin) {
        let diagnostic = Diagnostic::error("Not supported yet", detail.into())
            .because("A setting that is read and then ignored would promise what does not happen.")
            .hint("leave it out until a version supports it")
            .at_origin(origin);
        self.not_yet.push(diagnostic);
    }

    pub(crate) fn fail(&mut self, span: &Span) {
        self.failed.insert(span.clone());
    }

    pub(crate) fn has_failed(&self, span: &Span) -> bool {
        self.failed.contains(span)
    }

    /// Adds what a later stage found, except about values that have failed before.
    pub(crate) fn extend(&mut self, diagnostics: Vec<Diagnostic>) {
        let failed = &self.failed;
        let heard = diagnostics.into_iter().filter(|diagnostic| diagnostic.span.as_ref().is_none_or(|span| !failed.contains(span)));
        self.diagnostics.extend(heard);
    }

    /// Failures are remembered for one environment: the same value may be right in another.
    pub(crate) fn next_environment(&mut self) {
        self.failed.clear();
    }
}
