//! Are these bytes a text that can be read as YAML? Everything that a parser might quietly stop at is refused here.

use std::sync::Arc;

use core_model::{Diagnostic, Span};

use crate::limits::FILE_BYTES_MAX;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file, or why it is none.
pub(crate) fn checked<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    if bytes.len() > FILE_BYTES_MAX {
        let detail = format!("`{file}` has {} bytes; a file may have {FILE_BYTES_MAX}.", bytes.len());
        return Err(Diagnostic::error("File too large", detail).hint("split it into several files").at(&Span::new(file.clone(), 1, 1)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (valid, _) = bytes.split_at(error.valid_up_to());
        let before = String::from_utf8_lossy(valid);
        Diagnostic::error("Not UTF-8 text", format!("Byte {} of `{file}` is not UTF-8.", error.valid_up_to() + 1))
            .hint("save the file as UTF-8")
            .at(&position(file, &before))
    })?;
    if text.starts_with(BYTE_ORDER_MARK) {
        let detail = format!("`{file}` starts with a byte order mark.");
        return Err(Diagnostic::error("Byte order mark", detail).hint("save the file as UTF-8 without BOM").at(&Span::new(file.clone(), 1, 1)));
    }
    match text.char_indices().find(|(offset, letter)| is_refused(text, *offset, *letter)) {
        None => Ok(text),
        Some((offset, letter)) => {
            let detail = format!("`{file}` holds the character U+{:04X}, which no editor shows.", u32::from(letter));
            Err(Diagnostic::error("Control character", detail).hint("remove it").at(&position(file, &text[..offset])))
        }
    }
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
