//! How does a question look? One at a time, at most five options at once, the default named.

use super::paint::{BOLD, DIM, paint, plain};

/// As many options as people compare at a glance.
const OPTIONS_MAX: usize = 5;
/// What shows the options behind those that are shown.
pub(crate) const MORE: &str = "more";

/// A question that is to be shown, and how many of its options were.
pub(crate) struct Shown<'q> {
    text: &'q str,
    hint: &'q str,
    options: &'q [(String, String)],
    default: Option<&'q str>,
    from: usize,
}

impl<'q> Shown<'q> {
    pub(crate) fn new(text: &'q str, hint: &'q str, options: &'q [(String, String)], default: Option<&'q str>) -> Self {
        Self { text, hint, options, default, from: 0 }
    }

    /// Whether a word asks for the options that follow. They are shown next.
    pub(crate) fn turns_page(&mut self, word: &str) -> bool {
        let turns = word.trim() == MORE && self.options.len() > OPTIONS_MAX;
        if turns {
            self.from = if self.from + OPTIONS_MAX < self.options.len() { self.from + OPTIONS_MAX } else { 0 };
        }
        turns
    }

    /// Question, options and prompt.
    pub(crate) fn render(&self) -> String {
        let hint = if self.hint.is_empty() { String::new() } else { paint(DIM, format!(" ({})", plain(self.hint))) };
        let mut text = format!("\n{}{hint}\n", paint(BOLD, plain(self.text)));
        for (place, (label, meaning)) in self.options.iter().enumerate().skip(self.from).take(OPTIONS_MAX) {
            let default = if self.default == Some(label) { " (default)" } else { "" };
            let meaning = if meaning.is_empty() { String::new() } else { format!(": {}", plain(meaning)) };
            text.push_str(&format!("  {}. {}{default}{meaning}\n", place + 1, plain(label)));
        }
        if self.options.len() > OPTIONS_MAX {
            text.push_str(&format!("  `{MORE}` shows others; there are {}.\n", self.options.len()));
        }
        match self.default.filter(|default| !self.options.iter().any(|(label, _)| label == default)) {
            Some(default) => text.push_str(&format!("[{}] > ", plain(default))),
            None => text.push_str("> "),
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_five_options_are_shown_at_once() {
        let options: Vec<(String, String)> = (1..=7).map(|number| (format!("t{number}"), "made\u{1b}[2J".to_owned())).collect();
        let mut shown = Shown::new("What?", "a name", &options, Some("t1"));
        let text = anstream::adapter::strip_str(&shown.render()).to_string();
        assert!(text.starts_with("\nWhat? (a name)\n  1. t1 (default): made\\u{1b}[2J\n") && !text.contains("t6"), "{text}");
        assert!(shown.turns_page("more") && !shown.turns_page("t6"));
        let text = anstream::adapter::strip_str(&shown.render()).to_string();
        assert!(text.contains("  6. t6") && text.contains("  7. t7") && !text.contains("t5"), "{text}");
        assert!(shown.turns_page("more") && shown.render().contains("1. t1"));
    }
}
