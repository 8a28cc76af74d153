//! What did the router write to its log?

use std::collections::VecDeque;

/// Lines kept, as with the factory's `memory-lines`.
const LINES_MAX: usize = 1000;

#[derive(Clone, Debug)]
pub(crate) struct LogLine {
    pub(crate) time_s: i64,
    pub(crate) topics: String,
    pub(crate) message: String,
}

#[derive(Debug, Default)]
pub(crate) struct Log {
    lines: VecDeque<LogLine>,
}

impl Log {
    pub(crate) fn write(&mut self, time_s: i64, topics: &str, message: impl Into<String>) {
        if self.lines.len() == LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(LogLine { time_s, topics: topics.to_owned(), message: message.into() });
    }

    pub(crate) fn clear(&mut self) {
        self.lines.clear();
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = &LogLine> {
        self.lines.iter()
    }
}
