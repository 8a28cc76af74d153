//! Does the person at the terminal want that?

use std::io::{BufRead, IsTerminal, Write};

/// Whether somebody types just this answer. `None` where nobody can be asked.
pub(crate) fn ask(question: &str, expected: &str) -> Option<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return None;
    }
    let mut stderr = anstream::stderr();
    let mut answer = String::new();
    let asked =
        write!(stderr, "{question} Type `{expected}` to go on: ").and_then(|()| stderr.flush()).and_then(|()| stdin.lock().read_line(&mut answer));
    Some(asked.is_ok() && answer.trim() == expected)
}
