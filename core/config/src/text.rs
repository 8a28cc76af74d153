//! Are these bytes a text that can be read as YAML? Everything that a parser might quietly stop at is refused here.

use std::sync::Arc;

use core_model::{Diagnostic, Span};

use crate::limits::FILE_BYTES_MAX;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file, or why it is none.
pub(crate) fn checked<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Box<Diagnostic>> {
    let start = Span::new(file.clone(), 1, 1);
    if bytes.len() > FILE_BYTES_MAX {
        let detail = format!("`{file}` has {} bytes; a file may have {FILE_BYTES_MAX}.", bytes.len());
        return refused("File too large", detail, "split it into several files", &start);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let detail = format!("Byte {} of `{file}` is not UTF-8.", error.valid_up_to() + 1);
            return refused("Not UTF-8 text", detail, "save the file as UTF-8", &position(file, &before));
        }
    };
    if text.starts_with(BYTE_ORDER_MARK) {
        return refused("Byte order mark", format!("`{file}` starts with a byte order mark."), "save the file as UTF-8 without BOM", &start);
    }
    match text.char_indices().find(|(offset, letter)| is_refused(text, *offset, *letter)) {
        None => Ok(text),
        Some((offset, letter)) => {
            let detail = format!("`{file}` holds the character U+{:04X}, which no editor shows.", u32::from(letter));
            refused("Control character", detail, "remove it", &position(file, &text[..offset]))
        }
    }
}

fn refused<T>(summary: &'static str, detail: String, hint: &str, at: &Span) -> Result<T, Box<Diagnostic>> {
    Err(Box::new(Diagnostic::error(summary, detail).hint(hint).at(at)))
}

/// A NUL ends the file for some parsers, and a lone carriage return ends a line for some. Neither may hide text.
fn is_refused(text: &str, offset: usize, letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\r' => text.as_bytes().get(offset + 1) != Some(&b'\n'),
        BYTE_ORDER_MARK | '\u{2028}' | '\u{2029}' => true,
        _ => letter.is_control(),
    }
}

fn position(file: &Arc<str>, before: &str) -> Span {
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    Span::new(file.clone(), bounded(line), bounded(before[line_start..].chars().count() + 1))
}

/// Files are small, so that a line number always fits.
pub(crate) fn bounded(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
