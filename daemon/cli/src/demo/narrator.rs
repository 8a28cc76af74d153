//! How is the story told? Numbered steps, what was said on the forge indented below them; colour where there is a terminal.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

use crate::terminal::plain;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const NUMBER: Style = AnsiColor::Cyan.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Tells the story to standard output.
#[derive(Debug, Default)]
pub(super) struct Narrator {
    steps: u32,
}

impl Narrator {
    pub(super) fn title(&self, text: &str) {
        anstream::println!("{BOLD}ipr demo{BOLD:#}  {text}");
    }

    /// Begins the next step.
    pub(super) fn step(&mut self, text: &str) {
        self.steps += 1;
        anstream::println!("\n{NUMBER}{:>2}{NUMBER:#}  {BOLD}{}{BOLD:#}", self.steps, plain(text));
    }

    /// Something about the step.
    pub(super) fn say(&self, text: &str) {
        anstream::println!("    {}", plain(text));
    }

    /// Something that went as it should.
    pub(super) fn good(&self, text: &str) {
        anstream::println!("    {GOOD}{}{GOOD:#}", plain(text));
    }

    /// What somebody wrote on the forge, as it is.
    pub(super) fn quote(&self, author: &str, markdown: &str) {
        anstream::println!("    {} comments:", plain(author));
        for line in without_remarks(markdown).trim_matches('\n').lines() {
            anstream::println!("    {DIM}|{DIM:#} {}", plain(line));
        }
    }

    /// What the daemon logged last, when something went wrong.
    pub(super) fn log_of_daemon(&self, lines: &[String]) {
        if !lines.is_empty() {
            anstream::eprintln!("\nThe daemon's last words:");
        }
        for line in lines {
            anstream::eprintln!("  {DIM}|{DIM:#} {}", plain(line));
        }
    }
}

/// Whether a person can press Enter.
pub(super) fn has_keyboard() -> bool {
    std::io::stdin().is_terminal()
}

/// Returns when a person pressed Enter; never where nobody can.
pub(super) async fn enter() {
    if !has_keyboard() {
        return std::future::pending().await;
    }
    let (sender, pressed) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait at its end for one that it knows.
    std::thread::spawn(move || {
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line).is_ok_and(|length| length > 0) {
            // Nobody waits any more when the demo has ended.
            let _ = sender.send(());
        }
    });
    if pressed.await.is_err() {
        // The end of input is no answer.
        std::future::pending().await
    }
}

/// The text without remarks for machines, which GitHub does not show either.
fn without_remarks(markdown: &str) -> String {
    let mut shown = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("<!--") {
        shown.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_for_machines_are_left_out() {
        assert_eq!(without_remarks("<!-- ipr:1 -->\n### Plan\n<!-- a -->b<!-- open"), "\n### Plan\nb");
    }
}
