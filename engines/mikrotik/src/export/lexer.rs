//! Which words does each line of an export have? Lines that go on after a backslash, quotes, escapes, and brackets.

use super::ExportError;

/// More words than this are no line of an export.
const WORDS_MAX: usize = 1_000;
/// What a router writes in place of a section that it could not export.
const FAILURE: &str = "#error";
/// A word of the router in a comment is told up to here.
const FAILURE_CHARS: usize = 200;

/// One word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Plain(String),
    /// `name=value`.
    Named(String, String),
    /// What stands in `[ find default-name=ether1 ]`, with the word `find`.
    Bracket(Vec<Word>),
}

/// One line, with all that it goes on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) line: usize,
    pub(super) words: Vec<Word>,
}

/// Reads lines one by one.
pub(super) struct Lexer<'t> {
    rest: &'t str,
    line: usize,
    /// Lines in which the router says that it could not export something.
    pub(super) failures: Vec<(usize, String)>,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text.trim_start_matches('\u{feff}'), line: 1, failures: Vec::new() }
    }

    pub(super) fn next_command(&mut self) -> Result<Option<Command>, ExportError> {
        loop {
            self.blanks();
            match self.peek() {
                None => return Ok(None),
                Some('\n' | ';') => self.step(),
                Some('#') => self.comment(),
                Some(_) => break,
            }
        }
        let line = self.line;
        let words = self.words(None)?;
        Ok(Some(Command { line, words }))
    }

    fn error<T>(&self, what: &'static str) -> Result<T, ExportError> {
        Err(ExportError::Syntax { line: self.line, what })
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn step(&mut self) {
        if let Some(character) = self.peek() {
            self.rest = &self.rest[character.len_utf8()..];
            self.line += usize::from(character == '\n');
        }
    }

    /// Spaces, and the ends of lines that go on.
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r')) || self.goes_on() {
            self.step();
        }
    }

    /// Steps over a backslash at the end of a line, to the end of that line.
    fn goes_on(&mut self) -> bool {
        let end = self.rest.strip_prefix("\\\r\n").or_else(|| self.rest.strip_prefix("\\\n"));
        if let Some(after) = end {
            self.rest = &self.rest[self.rest.len() - after.len() - 1..];
        }
        end.is_some()
    }

    /// Inside of a word the next line's indentation is no part of it.
    fn goes_on_inside(&mut self) -> bool {
        let goes_on = self.goes_on();
        if goes_on {
            self.step();
            while matches!(self.peek(), Some(' ' | '\t')) {
                self.step();
            }
        }
        goes_on
    }

    fn comment(&mut self) {
        let comment = self.rest.lines().next().unwrap_or_default();
        if comment.starts_with(FAILURE) {
            self.failures.push((self.line, comment.trim_start_matches('#').chars().take(FAILURE_CHARS).collect()));
        }
        self.rest = &self.rest[comment.len()..];
    }

    /// The words up to the end of the line, or to the bracket that closes.
    fn words(&mut self, end: Option<char>) -> Result<Vec<Word>, ExportError> {
        let mut words = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some('\n' | ';') if end.is_none() => break,
                None | Some('\n' | ';') => return self.error("a `[` without `]`"),
                Some(']') if end == Some(']') => {
                    self.step();
                    break;
                }
                Some(']') => return self.error("a `]` without `[`"),
                Some('[') if end.is_some() => return self.error("a `[` inside of another, which no export has"),
                Some('[') => {
                    self.step();
                    words.push(Word::Bracket(self.words(Some(']'))?));
                }
                Some(_) => words.push(self.word()?),
            }
            if words.len() > WORDS_MAX {
                return self.error("more words than a line of an export has");
            }
        }
        Ok(words)
    }

    fn word(&mut self) -> Result<Word, ExportError> {
        let mut name = None;
        let mut text = Vec::new();
        // Blanks and `;` belong to what is inside of braces.
        let mut braces = 0_usize;
        let mut is_quoted = false;
        while let Some(character) = self.peek() {
            match character {
                '"' => {
                    self.step();
                    self.quoted(&mut text)?;
                    is_quoted = true;
                }
                '\n' => break,
                ' ' | '\t' | '\r' | ';' | '[' | ']' if braces == 0 => break,
                '\\' => {
                    if !self.goes_on_inside() {
                        self.escape(&mut text)?;
                    }
                }
                '=' if name.is_none() && !is_quoted && !text.is_empty() => {
                    self.step();
                    name = Some(as_text(&std::mem::take(&mut text)));
                }
                other => {
                    braces = if other == '{' { braces + 1 } else { braces.saturating_sub(usize::from(other == '}')) };
                    self.step();
                    push(&mut text, other);
                }
            }
        }
        let text = as_text(&text);
        Ok(name.map_or_else(|| Word::Plain(text.clone()), |name| Word::Named(name, text.clone())))
    }

    fn quoted(&mut self, text: &mut Vec<u8>) -> Result<(), ExportError> {
        loop {
            match self.peek() {
                None | Some('\n') => return self.error("a text in quotes that does not end"),
                Some('"') => {
                    self.step();
                    return Ok(());
                }
                Some('\\') => {
                    if !self.goes_on_inside() {
                        self.escape(text)?;
                    }
                }
                Some(other) => {
                    self.step();
                    push(text, other);
                }
            }
        }
    }

    /// A backslash and what it stands for. Capitals are digits of a byte, so that `\b` and `\BE` are told apart.
    fn escape(&mut self, text: &mut Vec<u8>) -> Result<(), ExportError> {
        self.step();
        let Some(character) = self.peek() else { return self.error("a backslash without anything after it") };
        let digits = self.rest.get(..2).filter(|digits| digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')));
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            self.step();
            text.push(byte);
        } else {
            text.push(match character {
                '"' | '\\' | '$' | '?' => character as u8,
                '_' => b' ',
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'a' => 0x07,
                'b' => 0x08,
                'v' => 0x0B,
                'f' => 0x0C,
                _ => return self.error("a backslash before a letter with which it means nothing"),
            });
        }
        self.step();
        Ok(())
    }
}

fn push(text: &mut Vec<u8>, character: char) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Comments may be in the code page of whoever typed them, as over the API.
fn as_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
