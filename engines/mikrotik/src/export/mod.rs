//! What does an export say? The text in which a router writes its configuration down, read as the rows that it would tell.
//!
//! An export is a script: sections by path, and lines that `add` or `set`. It is read and never run. A line that is neither is left
//! out with a word, because what was not understood must not look as if it were not there.

mod lexer;
mod line;

use std::collections::BTreeSet;

use lexer::Lexer;
use line::Meaning;

use crate::identity::Version;
use crate::snapshot::{SeenRow, Snapshot};
use crate::wire::Row;

/// The largest export: more than any router has flash for.
pub(crate) const BYTES_MAX: usize = 8 << 20;
/// Lines that are left out are told up to here, and then counted.
pub(crate) const LEFT_OUT_MAX: usize = 50;
/// What a router does not write down because it is so anyway, and what it is: where that is not what our types take for granted.
const UNSAID: &[(&str, &str, &str)] = &[("/interface/pppoe-client", "disabled", "yes")];
/// The head is within the first lines.
const HEAD_LINES: usize = 10;

/// Why a text is no export that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error("it is larger than {BYTES_MAX} bytes")]
    TooLarge,
    #[error("it is of RouterOS {0}, and version 7 is needed")]
    Version(String),
    #[error("it has no section such as `/ip address`, so that it is no export")]
    Nothing,
    #[error("line {line}: {what}")]
    Syntax { line: usize, what: &'static str },
}

/// An export that was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Export {
    pub(crate) snapshot: Snapshot,
    /// What was not understood or is missing, a sentence each.
    pub(crate) left_out: Vec<String>,
}

/// Reads an export. `menus` are those of which anything is made: what is odd in others is nobody's concern.
pub(crate) fn read(text: &str, menus: &BTreeSet<String>) -> Result<Export, ExportError> {
    if text.len() > BYTES_MAX {
        return Err(ExportError::TooLarge);
    }
    if let Some(version) = version(text).filter(|version| Version::parse(version).is_none_or(|version| version < Version::FIRST)) {
        return Err(ExportError::Version(version.to_owned()));
    }
    let mut reading = Reading { menus, menu: String::new(), export: Export::default(), rows: 0, left_out: 0 };
    let mut lexer = Lexer::new(text);
    while let Some(command) = lexer.next_command()? {
        let line = command.line;
        let meaning = line::meaning(command, &mut reading.menu);
        reading.take(line, meaning);
    }
    if reading.menu.is_empty() {
        return Err(ExportError::Nothing);
    }
    lexer.failures.into_iter().for_each(|(line, words)| reading.leave_out(line, &format!("the router could not export everything: {words}")));
    Ok(reading.finish())
}

/// The version in the head: `# 2026-01-05 09:00:00 by RouterOS 7.20`.
pub(crate) fn version(text: &str) -> Option<&str> {
    let mut head = text.lines().take(HEAD_LINES).take_while(|line| line.starts_with('#'));
    head.find_map(|line| line.split_once("by RouterOS ")).map(|(_, version)| version.trim())
}

/// What has been read so far.
struct Reading<'m> {
    menus: &'m BTreeSet<String>,
    /// The section, as `/ip/address`.
    menu: String,
    export: Export,
    rows: usize,
    left_out: usize,
}

impl Reading<'_> {
    fn take(&mut self, line: usize, meaning: Meaning) {
        match meaning {
            Meaning::Section => {}
            Meaning::Entry(row) => self.add(row, true),
            Meaning::Settings(row) => self.add(row, false),
            Meaning::Unclear(why) if self.menu.is_empty() || self.menus.contains(&self.menu) => self.leave_out(line, &why),
            Meaning::Unclear(_) => {}
        }
    }

    /// Several lines may set the values of one menu; every other line is a row of its own.
    fn add(&mut self, mut row: Row, is_entry: bool) {
        let rows = self.export.snapshot.menus.entry(self.menu.clone()).or_default();
        if is_entry {
            // The router tells no identities here, and rows are told apart by them.
            self.rows += 1;
            for (_, name, text) in UNSAID.iter().filter(|(menu, _, _)| *menu == self.menu) {
                row.entry((*name).to_owned()).or_insert_with(|| (*text).to_owned());
            }
            row.insert(".id".to_owned(), format!("*{:X}", self.rows));
            rows.push(SeenRow::new(row));
        } else if let Some(settings) = rows.iter_mut().find(|row| row.id.is_empty()) {
            settings.values.extend(row);
        } else {
            rows.push(SeenRow::new(row));
        }
    }

    fn leave_out(&mut self, line: usize, why: &str) {
        self.left_out += 1;
        if self.left_out <= LEFT_OUT_MAX {
            self.export.left_out.push(format!("line {line}: {why}"));
        }
    }

    fn finish(mut self) -> Export {
        let more = self.left_out.saturating_sub(LEFT_OUT_MAX);
        if more > 0 {
            self.export.left_out.push(format!("and {more} more lines"));
        }
        self.export
    }
}

#[cfg(test)]
mod tests;
