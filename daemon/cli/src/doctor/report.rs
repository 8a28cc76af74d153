//! How is what was found told? A line for each thing, the next step below it, and a sum.

use engine_api::{Check, CheckState};
use serde::Serialize;
use serde_json::{Value, json};

use crate::terminal::{self, several};

/// One thing that was looked at, and what it belongs to.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    /// "target pve-main".
    about: String,
    #[serde(flatten)]
    check: Check,
}

impl Entry {
    pub(crate) fn new(about: impl Into<String>, check: Check) -> Self {
        Self { about: about.into(), check }
    }
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    entries: Vec<Entry>,
}

impl Report {
    pub(crate) fn push(&mut self, about: impl Into<String>, check: Check) {
        self.entries.push(Entry::new(about, check));
    }

    pub(crate) fn extend(&mut self, entries: Vec<Entry>) {
        self.entries.extend(entries);
    }

    pub(crate) fn count(&self, state: CheckState) -> usize {
        self.entries.iter().filter(|entry| entry.check.state == state).count()
    }

    pub(crate) fn has_problems(&self) -> bool {
        self.count(CheckState::Problem) > 0
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "checks": self.entries,
            "problems": self.count(CheckState::Problem),
            "warnings": self.count(CheckState::Warning),
        })
    }

    /// `with_details`: what is only good to know as well.
    pub(crate) fn print(&self, with_details: bool) {
        for Entry { about, check } in
            self.entries.iter().filter(|entry| with_details || !entry.check.is_detail || entry.check.state != CheckState::Ok)
        {
            terminal::print_check(check, about);
        }
        let sum = match (self.count(CheckState::Problem), self.count(CheckState::Warning)) {
            (0, 0) => "nothing is wrong".to_owned(),
            (problems, warnings) => format!("{}, {}", several(problems, "problem"), several(warnings, "warning")),
        };
        terminal::print(format_args!("\n{sum}\n"));
    }
}
