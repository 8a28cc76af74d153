//! How does one thing look that was examined?

use anstyle::Style;
use engine_api::{Check, CheckState};

use super::paint::{CYAN, GREEN, RED, YELLOW, paint, plain};

/// As wide as the longest word, so that what follows stands in a column.
const WORD_WIDTH: usize = 8;

/// Prints one line, and the next step below it.
pub(crate) fn print_check(check: &Check, about: &str) {
    let word = format!("{:<WORD_WIDTH$}", check.state.word());
    let text = plain(&format!("{about}: {}", check.text)).replace('\n', "\n         ");
    super::print(format_args!("{} {text}\n", paint(style(check.state), word)));
    if let Some(hint) = &check.hint {
        super::print(format_args!("         {}{}\n", paint(CYAN, "Hint: "), plain(hint)));
    }
}

fn style(state: CheckState) -> Style {
    match state {
        CheckState::Ok => GREEN,
        CheckState::Warning => YELLOW.bold(),
        CheckState::Problem => RED.bold(),
    }
}
