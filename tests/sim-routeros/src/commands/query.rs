//! Which rows does a query want?
//!
//! The words of a query work on a stack: `?name`, `?-name`, `?name=x`, `?<name=x` and `?>name=x` push a truth, `?#` takes
//! operations: `|`, `&`, `!`, `.` and a number for a copy. Every truth on the stack at the end must hold.

use super::Row;
use crate::trap::Trap;
use crate::values::boolean;

enum Word {
    Has(String),
    Lacks(String),
    Equals(String, String),
    Less(String, String),
    More(String, String),
    Operations(String),
}

pub(crate) struct Query {
    words: Vec<Word>,
}

impl Query {
    /// From the words without their `?`.
    pub(crate) fn parse(words: &[String]) -> Result<Self, Trap> {
        let words = words.iter().map(|word| parse(word)).collect::<Option<Vec<_>>>();
        let query = Self { words: words.ok_or_else(|| Trap::failure("bad query"))? };
        match query.run(&Vec::new()) {
            Some(_) => Ok(query),
            None => Err(Trap::failure("bad query")),
        }
    }

    pub(crate) fn matches(&self, row: &Row) -> bool {
        self.run(row).unwrap_or_default()
    }

    /// Nothing if an operation finds too few truths on the stack.
    fn run(&self, row: &Row) -> Option<bool> {
        let value = |name: &str| row.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let mut stack: Vec<bool> = Vec::new();
        for word in &self.words {
            match word {
                Word::Has(name) => stack.push(value(name).is_some()),
                Word::Lacks(name) => stack.push(value(name).is_none()),
                Word::Equals(name, text) => stack.push(value(name).is_some_and(|value| is_equal(value, text))),
                Word::Less(name, text) => stack.push(value(name).is_some_and(|value| order(value, text).is_lt())),
                Word::More(name, text) => stack.push(value(name).is_some_and(|value| order(value, text).is_gt())),
                Word::Operations(operations) => operate(&mut stack, operations)?,
            }
        }
        Some(stack.into_iter().all(|truth| truth))
    }
}

fn parse(word: &str) -> Option<Word> {
    if let Some(operations) = word.strip_prefix('#') {
        return Some(Word::Operations(operations.to_owned()));
    }
    if let Some(name) = word.strip_prefix('-') {
        return Some(Word::Lacks(name.to_owned()));
    }
    let pair = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    if let Some(rest) = word.strip_prefix('<') {
        return pair(rest).map(|(name, value)| Word::Less(name, value));
    }
    if let Some(rest) = word.strip_prefix('>') {
        return pair(rest).map(|(name, value)| Word::More(name, value));
    }
    // `?=name=x` is the same as `?name=x`.
    let word = word.strip_prefix('=').unwrap_or(word);
    match pair(word) {
        Some((name, value)) => Some(Word::Equals(name, value)),
        None => Some(Word::Has(word.to_owned())),
    }
}

fn operate(stack: &mut Vec<bool>, operations: &str) -> Option<()> {
    let mut rest = operations;
    while let Some(operation) = rest.chars().next() {
        if operation.is_ascii_digit() {
            let digits = rest.chars().take_while(char::is_ascii_digit).count();
            let depth: usize = rest[..digits].parse().ok()?;
            let copied = *stack.get(stack.len().checked_sub(depth + 1)?)?;
            stack.push(copied);
            rest = &rest[digits..];
            continue;
        }
        match operation {
            '!' => {
                let truth = stack.pop()?;
                stack.push(!truth);
            }
            '|' => {
                let (right, left) = (stack.pop()?, stack.pop()?);
                stack.push(left || right);
            }
            '&' => {
                let (right, left) = (stack.pop()?, stack.pop()?);
                stack.push(left && right);
            }
            '.' => {}
            _ => return None,
        }
        rest = &rest[operation.len_utf8()..];
    }
    Some(())
}

/// A truth can be asked for in either way of writing.
fn is_equal(value: &str, text: &str) -> bool {
    value == text || (matches!(value, "true" | "false") && boolean(value) == boolean(text))
}

/// Numbers as numbers, all else as text.
fn order(left: &str, right: &str) -> std::cmp::Ordering {
    match (left.parse::<i64>(), right.parse::<i64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(words: &[&str]) -> Option<bool> {
        let row: Row =
            vec![("type".to_owned(), "ether".to_owned()), ("mtu".to_owned(), "1500".to_owned()), ("disabled".to_owned(), "true".to_owned())];
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Query::parse(&words).ok().map(|query| query.matches(&row))
    }

    #[test]
    fn words_and_operations() {
        let table: &[(&[&str], bool)] = &[
            (&[], true),
            (&["type"], true),
            (&["-type"], false),
            (&["type=ether"], true),
            (&["=type=vlan"], false),
            (&["<mtu=9000"], true),
            (&[">mtu=9000"], false),
            (&["type=ether", "type=vlan", "#|"], true),
            (&["type=ether", "type=vlan", "#&"], false),
            (&["type=ether", "type=vlan"], false),
            (&["type=vlan", "#!"], true),
            (&["type=ether", "#0&"], true),
            (&["disabled=yes", "disabled=true"], true),
            (&["disabled=no"], false),
        ];
        for (words, expected) in table {
            assert_eq!(matches(words), Some(*expected), "{words:?}");
        }
    }

    #[test]
    fn an_operation_without_truths_is_refused() {
        for words in [["#|"], ["#!"], ["#7"], ["#x"]] {
            assert_eq!(matches(&words), None, "{words:?}");
        }
    }
}
