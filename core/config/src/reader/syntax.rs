//! What does the parser stumble over? Its errors in the words of the author, above all for references without quotes.

use core_model::Span;
use granit_parser::{ErrorKind, Marker, ScalarStyle, ScanError};

use super::Reader;
use crate::limits::DEPTH_MAX;
use crate::text::bounded;

impl Reader<'_> {
    /// `{ip: ${env.ip}}`: in a flow map the `{` ends the scalar, so that a lone `$` is left.
    pub(super) fn unquoted_reference(&mut self, text: &str, style: ScalarStyle, span: &granit_parser::Span, at: &Span) {
        let next = span.end.byte_offset().and_then(|end| self.text.as_bytes().get(end));
        if style == ScalarStyle::Plain && text.ends_with('$') && next == Some(&b'{') {
            self.flow_reference_at(at);
        }
    }

    fn flow_reference_at(&mut self, at: &Span) {
        if !self.flow_reference {
            self.flow_reference = true;
            let detail = "Inside `{ }` and `[ ]` YAML takes the `{` of `${` for the start of a map.".to_owned();
            self.refuse("Reference needs quotes", detail, "quote it: \"${...}\"", at);
        }
    }

    pub(super) fn invalid(&mut self, error: &ScanError) {
        let marker = error.marker();
        let at = self.at(*marker);
        if self.flow_reference {
            return;
        }
        if let Some(column) = self.reference_before(marker) {
            return self.flow_reference_at(&Span::new(self.file.clone(), at.line, column));
        }
        match error.kind() {
            ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabInPlainScalar => {
                let at = self.tab_after(marker).unwrap_or(at);
                self.refuse("Tab in indentation", "A tab stands where YAML wants spaces.".to_owned(), "indent with spaces", &at);
            }
            ErrorKind::DirectiveDisallowed => {
                self.refuse("Directive refused", "A line that starts with `%` changes how the file is read.".to_owned(), "remove the line", &at);
            }
            ErrorKind::RecursionLimitExceeded => {
                self.refuse("Nested too deep", format!("Maps and lists nest deeper than {DEPTH_MAX} levels here."), "flatten them", &at);
            }
            kind => {
                self.refuse("Invalid YAML", format!("The parser says: {kind}."), hint_for(kind), &at);
            }
        }
    }

    /// The first tab that indents a line, from the line of the marker on: the parser names the end of the text before it.
    fn tab_after(&self, marker: &Marker) -> Option<Span> {
        let lines = self.text.lines().enumerate().skip(marker.line().saturating_sub(1));
        let is_indented_by_tab = |line: &str| line.trim_start_matches(' ').starts_with('\t');
        let (number, line) = lines.take(TAB_SEARCH_LINES_MAX).find(|(_, line)| is_indented_by_tab(line))?;
        Some(Span::new(self.file.clone(), bounded(number + 1), bounded(line.len() - line.trim_start_matches(' ').len() + 1)))
    }

    /// The column of the last unquoted `${` of the line, where that may be what the parser stumbles over.
    fn reference_before(&self, marker: &Marker) -> Option<u32> {
        let line = self.text.lines().nth(marker.line().checked_sub(1)?)?;
        let before: String = line.chars().take(marker.col() + 2).collect();
        let start = before.rfind("${")?;
        let is_quoted = before[..start].matches(['"', '\'']).count() % 2 == 1;
        let in_flow = before[..start].contains(['{', '[']);
        (in_flow && !is_quoted).then(|| bounded(before[..start].chars().count() + 1))
    }
}

const TAB_SEARCH_LINES_MAX: usize = 100;

fn hint_for(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnclosedFlowCollection { .. } | ErrorKind::MismatchedFlowCollectionEnd { .. } | ErrorKind::MisplacedFlowCollectionEnd => {
            "every `{` needs its `}`, and every `[` its `]`"
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => "close the quote",
        ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::ExpectedBlockMappingKey => {
            "lines of one map or list start in the same column"
        }
        _ => "quote texts that hold `: ` or ` #`, or start with one of `{ [ & * ! | > % @`",
    }
}
