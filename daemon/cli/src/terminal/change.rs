//! How does a change of blueprints look? What it does, where each value comes from, and the lines that differ.

use core_config::Files;
use daemon_assistant::{Change, Notes, Source, Sourced};
use similar::{ChangeTag, TextDiff};

use super::paint::{BOLD, GREEN, RED, YELLOW, paint, plain};

const CELL_CHARACTERS_MAX: usize = 60;
const CONTEXT_LINES: usize = 3;

/// Prints a change with its table of values, what was assumed, and the difference to the files.
pub(crate) fn print_change(change: &Change, files: &Files) {
    super::print(format_args!("\n{}\n\n", paint(BOLD, plain(&change.summary))));
    super::print(table(&change.slots));
    super::print(notes(&change.notes));
    for (path, after) in &change.edits {
        let before = files.get(path).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        super::print(difference(path, &before, after.as_deref().unwrap_or_default()));
    }
}

fn table(slots: &[(String, Sourced<String>)]) -> String {
    let rows: Vec<[String; 3]> =
        slots.iter().map(|(name, slot)| [name.clone(), slot.value.clone(), source(&slot.source)].map(|text| cell(&text))).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (first, second) = (width(0), width(1));
    rows.iter().map(|[name, value, from]| format!("  {name:<first$}  {value:<second$}  {from}\n")).collect()
}

fn cell(text: &str) -> String {
    let text = plain(text).replace(['\n', '\t'], " ");
    if text.chars().count() <= CELL_CHARACTERS_MAX {
        return text;
    }
    text.chars().take(CELL_CHARACTERS_MAX).chain("...".chars()).collect()
}

fn source(source: &Source) -> String {
    match source {
        Source::Author { turn: 0, words, .. } => format!("the request: {words}"),
        Source::Author { turn, words, .. } => format!("answer {turn}: {words}"),
        Source::Repository { file, line } => format!("{file}:{line}"),
        Source::Default { rule } => rule.clone(),
    }
}

fn notes(notes: &Notes) -> String {
    let mut text: String = notes.assumptions.iter().map(|assumption| format!("{} {}\n", paint(YELLOW, "assumed:"), plain(assumption))).collect();
    if !notes.asides.is_empty() {
        let asides: Vec<&str> = notes.asides.iter().map(|aside| aside.words()).collect();
        text.push_str(&format!("{} {}\n", paint(YELLOW, "set aside unread:"), asides.join(", ")));
    }
    if !notes.unread.is_empty() {
        text.push_str(&format!("{} {}\n", paint(YELLOW, "words that were not used:"), plain(&notes.unread.join(", "))));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn difference(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut text = format!("\n{}\n", paint(BOLD, plain(path)));
    for (place, group) in diff.grouped_ops(CONTEXT_LINES).iter().enumerate() {
        if place > 0 {
            text.push_str("  ...\n");
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let line = plain(change.value().trim_end_matches('\n'));
            text.push_str(&match change.tag() {
                ChangeTag::Insert => paint(GREEN, format!("+ {line}")),
                ChangeTag::Delete => paint(RED, format!("- {line}")),
                ChangeTag::Equal => format!("  {line}").trim_end().to_owned(),
            });
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_stand_in_their_surroundings() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
        let after = before.replace("a\n", "A\n").replace("l\n", "l\u{1b}[2J\n");
        let text = difference("blueprints/x.yaml", before, &after);
        let expected = "\nblueprints/x.yaml\n- a\n+ A\n  b\n  c\n  d\n  ...\n  i\n  j\n  k\n- l\n+ l\\u{1b}[2J\n";
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), expected);
    }

    #[test]
    fn a_table_has_columns_and_long_values_end() {
        let slot = |value: &str| Sourced::new(value.to_owned(), Source::rule("a rule\u{7}"));
        let rows = [("name".to_owned(), slot("web")), ("specs.user".to_owned(), slot(&"x".repeat(80)))];
        let text = table(&rows);
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("  name        web ") && first.ends_with("  a rule\\u{7}"), "{text}");
        assert!(text.contains(&format!("{}...", "x".repeat(60))));
    }
}
