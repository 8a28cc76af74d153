//! What changes in one field? Lines of a diff: before in red, after in green, and of long texts only what differs.

use core_model::plan::FieldChange;
use core_model::schema::Effect;
use serde_json::Value;
use similar::{DiffTag, TextDiff};

use super::markdown::{capped, visible};
use super::value::{self, Facts};

const PATH_LENGTH_MAX: usize = 80;
const VALUE_LENGTH_MAX: usize = 200;
const VALUE_LINES_MAX: usize = 40;
/// Texts longer than this are compared word by word, and shown without what they share.
const WORD_DIFF_FROM: usize = 60;
/// Texts longer than this are not compared word by word: only what they begin and end with is left out.
const WORD_DIFF_UP_TO: usize = 4096;
const LINES_COMPARED_MAX: usize = 500;
/// How much of what two texts share is kept beside a difference.
const CONTEXT_LENGTH: usize = 12;

/// `specs.env.DEBUG` as `env.DEBUG`: most of what people set is in `specs`.
pub(crate) fn name(path: &str) -> String {
    capped(&visible(path.strip_prefix("specs.").unwrap_or(path)), PATH_LENGTH_MAX)
}

/// The lines of one change, each with its sign. `width` aligns the names of a step's fields.
pub(crate) fn lines(change: &FieldChange, facts: Facts, width: usize) -> Vec<String> {
    let name = name(&change.path);
    let shown = |value: &Value| if value.is_null() { Vec::new() } else { value::lines(value, facts) };
    let (before, after) = (shown(&change.before), shown(&change.after));
    let note = note(change);
    match (before.as_slice(), after.as_slice()) {
        ([], []) => vec![format!("      {name:width$}  no longer set{note}")],
        ([], [one]) => vec![format!("+     {name:width$}  {}{note}", capped(one, VALUE_LENGTH_MAX))],
        ([one], []) => vec![format!("-     {name:width$}  {}{note}", capped(one, VALUE_LENGTH_MAX))],
        ([old], [new]) => {
            let (old, new) = differing(old, new);
            vec![format!("-     {name:width$}  {old}"), format!("+     {name:width$}  {new}{note}")]
        }
        (old, new) => {
            let mut lines = vec![format!("      {name}{note}")];
            lines.extend(block(old, new));
            lines
        }
    }
}

fn note(change: &FieldChange) -> String {
    let mut notes = Vec::new();
    if change.effect == Effect::Replace && !change.before.is_null() {
        notes.push("forces the replacement");
    }
    if change.unset {
        notes.push("no longer in the blueprint");
    }
    if let (Some(old), Some(new)) = (value::fingerprint_key(&change.before), value::fingerprint_key(&change.after))
        && old != new
    {
        notes.push("another fingerprint key: the secret may be the same");
    }
    if notes.is_empty() { String::new() } else { format!("   # {}", notes.join("; ")) }
}

/// Texts of several lines: what differs, with a line around it.
fn block(old: &[String], new: &[String]) -> Vec<String> {
    let shared = old.iter().zip(new).take_while(|(left, right)| left == right).count();
    let start = shared.saturating_sub(1);
    let part = |lines: &[String]| -> Vec<String> { lines[start..].iter().take(LINES_COMPARED_MAX).map(|line| visible(line)).collect() };
    let (old, new) = (part(old), part(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&old, &new);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(1).iter().enumerate() {
        let starts_late = group.first().is_some_and(|op| start + op.old_range().start + op.new_range().start > 0);
        if index > 0 || starts_late {
            lines.push("          …".to_owned());
        }
        for op in group {
            lines.extend(hunk(op.tag(), &old[op.old_range()], &new[op.new_range()]));
        }
    }
    shortened(lines)
}

fn hunk(tag: DiffTag, old: &[&str], new: &[&str]) -> Vec<String> {
    let line = |sign: char, text: &str| format!("{sign}         {}", capped(text, VALUE_LENGTH_MAX));
    if tag == DiffTag::Equal {
        return old.iter().map(|text| line(' ', text)).collect();
    }
    if let ([old], [new]) = (old, new) {
        let (old, new) = differing(old, new);
        return vec![line('-', &old), line('+', &new)];
    }
    old.iter().map(|text| line('-', text)).chain(new.iter().map(|text| line('+', text))).collect()
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(VALUE_LINES_MAX);
    if more > 1 {
        lines.truncate(VALUE_LINES_MAX);
        lines.push(format!("          … {more} more lines"));
    }
    lines
}

/// Two texts of one line, without the long parts that they share.
fn differing(old: &str, new: &str) -> (String, String) {
    let (old, new) = (visible(old), visible(new));
    let (shorter, longer) = (old.len().min(new.len()), old.len().max(new.len()));
    let (old, new) = if longer <= WORD_DIFF_FROM {
        (old, new)
    } else if longer <= WORD_DIFF_UP_TO && shorter > 0 {
        by_words(&old, &new)
    } else {
        by_ends(&old, &new)
    };
    (capped(&old, VALUE_LENGTH_MAX), capped(&new, VALUE_LENGTH_MAX))
}

fn by_words(old: &str, new: &str) -> (String, String) {
    let diff = TextDiff::from_words(old, new);
    let (mut left, mut right) = (String::new(), String::new());
    let count = diff.ops().len();
    for (index, op) in diff.ops().iter().enumerate() {
        let old_text: String = op.old_range().filter_map(|word| diff.old_slice(word)).collect();
        let new_text: String = op.new_range().filter_map(|word| diff.new_slice(word)).collect();
        if op.tag() == DiffTag::Equal {
            let shared = without_middle(&old_text, index == 0, index + 1 == count);
            left.push_str(&shared);
            right.push_str(&shared);
        } else if index == 0 && count == 1 {
            return by_ends(old, new);
        } else {
            left.push_str(&old_text);
            right.push_str(&new_text);
        }
    }
    (left, right)
}

/// What two texts share, shortened on the sides where no difference touches it.
fn without_middle(shared: &str, is_first: bool, is_last: bool) -> String {
    let length = shared.chars().count();
    let head: String = shared.chars().take(CONTEXT_LENGTH).collect();
    let tail: String = shared.chars().skip(length.saturating_sub(CONTEXT_LENGTH)).collect();
    match (is_first, is_last) {
        (true, true) => shared.to_owned(),
        (true, false) if length > CONTEXT_LENGTH + 1 => format!("…{tail}"),
        (false, true) if length > CONTEXT_LENGTH + 1 => format!("{head}…"),
        (false, false) if length > 2 * CONTEXT_LENGTH + 1 => format!("{head}…{tail}"),
        _ => shared.to_owned(),
    }
}

/// Very long texts, or texts without a shared word: only the shared beginning and end are left out.
fn by_ends(old: &str, new: &str) -> (String, String) {
    let front = old.chars().zip(new.chars()).take_while(|(left, right)| left == right).count();
    let rest = old.chars().count().min(new.chars().count()) - front;
    let back = old.chars().rev().zip(new.chars().rev()).take(rest).take_while(|(left, right)| left == right).count();
    let cut = |text: &str| {
        let letters: Vec<char> = text.chars().collect();
        let start = front.saturating_sub(CONTEXT_LENGTH);
        let end = (letters.len() - back + CONTEXT_LENGTH).min(letters.len());
        let middle: String = letters[start..end].iter().collect();
        format!("{}{middle}{}", if start > 0 { "…" } else { "" }, if end < letters.len() { "…" } else { "" })
    };
    (cut(old), cut(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_show_what_differs() {
        let front = "run --with a lot of arguments that never change and then ";
        let (old, new) = differing(&format!("{front}--level info --color always"), &format!("{front}--level debug --color always"));
        assert_eq!((old.as_str(), new.as_str()), ("…hen --level info --color alw…", "…hen --level debug --color alw…"));
    }

    #[test]
    fn a_difference_far_into_a_very_long_text_is_seen() {
        let front = "𝒶".repeat(9000);
        let (old, new) = differing(&format!("{front}1"), &format!("{front}2"));
        assert_ne!(old, new);
        assert!(old.ends_with('1') && old.chars().count() < 40, "{old}");
    }

    #[test]
    fn one_text_that_begins_with_the_other() {
        assert_eq!(by_ends("aaaa", "aaaaaa"), ("aaaa".to_owned(), "aaaaaa".to_owned()));
    }
}
