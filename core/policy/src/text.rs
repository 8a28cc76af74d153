//! Can this text be handed to the parser? What it is written in, and that reading it ends soon.

use core_model::{Diagnostic, Span};

use crate::limits::{FILE_BYTES_MAX, PARSE_WORK_MAX};

/// The text of a file, if a parser may read it.
pub(crate) fn checked<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Diagnostic>> {
    let refused = |detail: String, hint: &str| Err(Box::new(Diagnostic::error("Unreadable rules", detail).hint(hint).at(&Span::new(path, 1, 1))));
    if bytes.len() > FILE_BYTES_MAX {
        return refused(format!("`{path}` is larger than {} kB.", FILE_BYTES_MAX / 1024), "split it into several files");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return refused(format!("`{path}` is not UTF-8 text."), "save it as UTF-8");
    };
    match heavy_line(text) {
        None => Ok(text),
        Some(line) => {
            let detail = format!("`{path}` nests brackets too deeply.");
            Err(Box::new(Diagnostic::error("Unreadable rules", detail).hint("give the inner parts names of their own").at(&Span::new(path, line, 1))))
        }
    }
}

/// Whether a file may be of the older dialect, `deny[msg] { .. }`, in which many rules for conftest are published: it holds nothing
/// that only the newer one, `deny contains msg if { .. }`, has. A slip of the pen must not give a newer file another meaning.
pub(crate) fn may_be_v0(text: &str) -> bool {
    let code = Code::of(text);
    let has_word = |word: &str| code.words.iter().any(|known| known == word);
    let has_import =
        |name: &str| text.lines().any(|line| line.trim_start().strip_prefix("import ").is_some_and(|rest| rest.trim_start().starts_with(name)));
    !has_import("rego.v1") && (!has_word("if") || has_import("future.keywords"))
}

/// The first line at which reading the file would take too long, if there is one.
fn heavy_line(text: &str) -> Option<u32> {
    let mut depth = 0_u32;
    let mut work = 0_u64;
    for (line, mark) in Code::of(text).marks {
        match mark {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        work = work.saturating_add(1_u64.checked_shl(depth).unwrap_or(u64::MAX));
        if work > PARSE_WORK_MAX {
            return Some(line);
        }
    }
    None
}

/// A text without its comments and quoted parts.
struct Code {
    words: Vec<String>,
    /// Brackets and commas, with their lines.
    marks: Vec<(u32, char)>,
}

impl Code {
    fn of(text: &str) -> Self {
        let mut code = Self { words: Vec::new(), marks: Vec::new() };
        let mut letters = text.chars().peekable();
        let mut line = 1;
        let mut word = String::new();
        while let Some(letter) = letters.next() {
            if letter.is_alphanumeric() || letter == '_' {
                word.push(letter);
                continue;
            }
            if !word.is_empty() {
                code.words.push(std::mem::take(&mut word));
            }
            match letter {
                '\n' => line += 1,
                '#' => while letters.next_if(|next| *next != '\n').is_some() {},
                '`' => line += skip_until(&mut letters, '`', false),
                '"' => line += skip_until(&mut letters, '"', true),
                '[' | ']' | '{' | '}' | ',' => code.marks.push((line, letter)),
                _ => {}
            }
        }
        if !word.is_empty() {
            code.words.push(word);
        }
        code
    }
}

/// Skips a quoted part, and tells how many lines it has.
fn skip_until(letters: &mut impl Iterator<Item = char>, end: char, escapes: bool) -> u32 {
    let mut lines = 0;
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => lines += 1,
            '\\' if escapes => _ = letters.next(),
            letter if letter == end => break,
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_dialect_is_known_by_what_only_it_has() {
        for (text, expected) in [
            ("package main\ndeny[msg] { msg := \"if\" } # if", true),
            ("package main\nimport future.keywords.if\ndeny[msg] if { msg := \"a\" }", true),
            ("package main\ndeny contains msg if { msg := }", false),
            ("package main\nimport rego.v1\ndeny[msg] { true }", false),
        ] {
            assert_eq!(may_be_v0(text), expected, "{text}");
        }
    }

    #[test]
    fn brackets_that_the_parser_would_choke_on_are_refused_with_their_line() {
        let deep = format!("package main\n\nx := {}1{}", "[".repeat(30), "]".repeat(30));
        let diagnostic = checked("policies/a.rego", deep.as_bytes()).expect_err("refused");
        assert_eq!(diagnostic.span, Some(Span::new("policies/a.rego", 3, 1)));
        let quoted = format!("package main\nx := \"{0}\" # {0}\ny := `{0}`", "[".repeat(30));
        assert!(checked("policies/a.rego", quoted.as_bytes()).is_ok());
        assert!(checked("policies/a.rego", &[0xff]).is_err());
    }
}
