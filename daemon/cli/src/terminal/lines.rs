//! What does somebody type? Lines with bounds, from a terminal or a pipe.

use std::io::{BufRead, IsTerminal, Write};

/// A longer line is no answer.
const LINE_BYTES_MAX: usize = 8 << 10;
/// All lines together.
const INPUT_BYTES_MAX: u64 = 1 << 20;

/// One line, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text(String),
    /// Completes the sentence "The answer ...".
    Unreadable(&'static str),
    /// The end of the input, or of what is read of it.
    End,
}

/// The lines of the standard input.
pub(crate) struct Lines {
    input: Box<dyn BufRead>,
    is_terminal: bool,
}

impl Lines {
    pub(crate) fn of_stdin() -> Self {
        let stdin = std::io::stdin();
        let is_terminal = stdin.is_terminal();
        Self::new(stdin.lock(), is_terminal)
    }

    fn new(input: impl BufRead + 'static, is_terminal: bool) -> Self {
        Self { input: Box::new(input.take(INPUT_BYTES_MAX)), is_terminal }
    }

    /// Asks for a line. Whoever pipes the answers sees them beside the questions.
    pub(crate) fn ask(&mut self, prompt: &str) -> Line {
        super::print(prompt);
        // Whoever does not see the prompt may answer all the same.
        let _ = anstream::stdout().flush();
        let line = self.read();
        if !self.is_terminal {
            match &line {
                Line::Text(text) => super::print(format_args!("{}\n", super::plain(text))),
                Line::Unreadable(_) | Line::End => super::print("\n"),
            }
        }
        line
    }

    fn read(&mut self) -> Line {
        let mut bytes = Vec::new();
        let mut is_long = false;
        loop {
            let Ok(buffer) = self.input.fill_buf() else { return Line::End };
            if buffer.is_empty() && bytes.is_empty() && !is_long {
                return Line::End;
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            is_long |= bytes.len() + piece.len() > LINE_BYTES_MAX;
            if !is_long {
                bytes.extend_from_slice(piece);
            }
            let is_last = end.is_some() || buffer.is_empty();
            let taken = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(taken);
            if is_last {
                break;
            }
        }
        match (is_long, String::from_utf8(bytes)) {
            (true, _) => Line::Unreadable("is too long"),
            (false, Err(_)) => Line::Unreadable("is not UTF-8"),
            (false, Ok(text)) => Line::Text(text.trim_end_matches('\r').to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn lines(input: impl AsRef<[u8]> + 'static) -> Vec<Line> {
        let mut lines = Lines::new(Cursor::new(input), true);
        std::iter::from_fn(|| Some(lines.read()).filter(|line| *line != Line::End)).collect()
    }

    #[test]
    fn lines_end_where_people_end_them() {
        let text = |text: &str| Line::Text(text.to_owned());
        assert_eq!(lines("a\r\n\nb"), [text("a"), text(""), text("b")]);
        assert_eq!(lines(""), []);
    }

    #[test]
    fn what_is_no_line_of_a_person_is_said_and_passed_over() {
        let long = format!("{}\nweb\n", "x".repeat(LINE_BYTES_MAX + 1));
        assert_eq!(lines(long), [Line::Unreadable("is too long"), Line::Text("web".to_owned())]);
        assert_eq!(lines(b"\xff\nweb"), [Line::Unreadable("is not UTF-8"), Line::Text("web".to_owned())]);
    }

    #[test]
    fn input_without_an_end_ends() {
        let mut endless = Lines::new(std::io::BufReader::new(std::io::repeat(b'x')), true);
        assert_eq!(endless.read(), Line::Unreadable("is too long"));
        assert_eq!(endless.read(), Line::End);
    }
}
