//! What does an author need to know? Messages in five parts: summary, detail, why, hint, command.

use std::fmt::Write as _;

use crate::source::{Sources, Span, Via};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A message to the author of a blueprint, policy or command. All of them are collected; none stops the search for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Two to five constant words; what is wrong, without names.
    pub summary: &'static str,
    /// Full sentences with the names.
    pub detail: String,
    /// Only where the reason follows from the product's design.
    pub why: Option<String>,
    /// The next step.
    pub hint: Option<String>,
    /// Alone on its line, ready to copy.
    pub command: Option<String>,
    pub span: Option<Span>,
    pub via: Vec<Via>,
}

impl Diagnostic {
    pub fn error(summary: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, summary, detail.into())
    }

    pub fn warning(summary: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, summary, detail.into())
    }

    pub fn note(summary: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Note, summary, detail.into())
    }

    fn new(severity: Severity, summary: &'static str, detail: String) -> Self {
        Self { severity, summary, detail, why: None, hint: None, command: None, span: None, via: Vec::new() }
    }

    pub fn at(mut self, span: &Span) -> Self {
        self.span = Some(span.clone());
        self
    }

    /// Positions a message at a value, with the way the value came there.
    pub fn at_origin(mut self, origin: &crate::source::Origin) -> Self {
        self.span = Some(origin.span.clone());
        self.via = origin.via().to_vec();
        self
    }

    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The message as plain text, with a snippet where the source is at hand. Ends with a line break.
    pub fn render(&self, sources: &Sources) -> String {
        let mut text = format!("{}: {}\n", self.severity.word(), self.summary);
        if let Some(span) = &self.span {
            let _ = writeln!(text, "  --> {span}");
            if let Some(line) = sources.line(span) {
                let number = span.line.to_string();
                let gutter = " ".repeat(number.len());
                let indent: String = line.chars().take(span.column as usize - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
                let _ = writeln!(text, "{gutter} |\n{number} | {}\n{gutter} | {indent}^", line.trim_end());
            }
        }
        for via in &self.via {
            let _ = writeln!(text, "  {} {}", via.what, via.at);
        }
        text.push_str(&self.body());
        text
    }

    /// Detail, why, hint and command, a line each.
    pub fn body(&self) -> String {
        let mut text = format!("{}\n", self.detail);
        if let Some(why) = &self.why {
            let _ = writeln!(text, "{why}");
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "Hint: {hint}");
        }
        if let Some(command) = &self.command {
            let _ = writeln!(text, "    {command}");
        }
        text
    }
}

/// Sorts by position, so that the same mistakes give the same text on every machine.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|left, right| {
        (left.severity, &left.span, left.summary, &left.detail).cmp(&(right.severity, &right.span, right.summary, &right.detail))
    });
}

/// The candidate nearest to `wrong`, if it is near enough to be what was meant.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(wrong, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one.
fn edit_distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().take(64).collect(), right.chars().take(64).collect());
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    for (index, row) in rows.iter_mut().enumerate() {
        row[0] = index;
    }
    for (index, cell) in rows[0].iter_mut().enumerate() {
        *cell = index;
    }
    for i in 1..=left.len() {
        for j in 1..=right.len() {
            let substituted = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = substituted.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_five_parts_and_a_snippet() {
        let mut sources = Sources::default();
        sources.insert("blueprints/web.yaml", "a: 1\ntemplate: vm-smal\n");
        let diagnostic = Diagnostic::error("Unknown template", "The template `vm-smal` does not exist at this commit.")
            .at(&Span::new("blueprints/web.yaml", 2, 11))
            .hint("did you mean `vm-small`?")
            .command("ipr validate");
        assert_eq!(
            diagnostic.render(&sources),
            "error: Unknown template\n  --> blueprints/web.yaml:2:11\n  |\n2 | template: vm-smal\n  |           ^\n\
             The template `vm-smal` does not exist at this commit.\nHint: did you mean `vm-small`?\n    ipr validate\n"
        );
    }

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("iamge", ["image", "env"]), Some("image"));
        assert_eq!(nearest("zzz", ["image", "env"]), None);
    }
}
