//! What is going on right now? One line that is overwritten, on a terminal only.

use std::io::{IsTerminal, Write};

use super::plain;

const LINE_LENGTH_MAX: usize = 100;

/// A line that says what is being done. It is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    is_shown: bool,
}

impl Progress {
    /// On standard error, if that is a terminal; otherwise nothing is ever written.
    pub(crate) fn new() -> Self {
        Self { is_shown: std::io::stderr().is_terminal() }
    }

    pub(crate) fn say(&self, what: &str) {
        if self.is_shown {
            let what: String = plain(what).chars().take(LINE_LENGTH_MAX).collect();
            self.write(&format!("\r\u{1b}[K{what} ..."));
        }
    }

    fn write(&self, text: &str) {
        let mut stderr = std::io::stderr();
        // Progress that cannot be shown is no reason to fail.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            self.write("\r\u{1b}[K");
        }
    }
}
