//! How does a message to an author look?

use std::fmt::Write as _;

use anstyle::Style;
use core_model::{Diagnostic, Severity, Sources};

use super::paint::{BOLD, CYAN, DIM, RED, YELLOW, paint, plain};

/// Prints messages to standard error, with the lines they are about.
pub(crate) fn print_diagnostics(diagnostics: &[Diagnostic], sources: &Sources) {
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        anstream::eprint!("{gap}{}", render(diagnostic, sources));
    }
}

/// The plain message, with colours at its landmarks.
fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut painted = String::new();
    for (index, line) in plain(&diagnostic.render(sources)).lines().enumerate() {
        // Writing to a String cannot fail.
        let _ = match line.split_once(": ") {
            Some((severity, summary)) if index == 0 => {
                writeln!(painted, "{}{}", paint(colour(diagnostic.severity), format!("{severity}: ")), paint(BOLD, summary))
            }
            Some(("Hint", hint)) => writeln!(painted, "{}{hint}", paint(CYAN, "Hint: ")),
            _ if line.starts_with("  --> ") => writeln!(painted, "{}", paint(DIM, line)),
            _ => writeln!(painted, "{line}"),
        };
    }
    painted
}

fn colour(severity: Severity) -> Style {
    match severity {
        Severity::Error => RED.bold(),
        Severity::Warning => YELLOW.bold(),
        Severity::Note => CYAN.bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_it_is_the_plain_message() {
        let diagnostic = Diagnostic::error("Unknown key", "No key is called `a: b` here.").hint("did you mean `c`?").command("ipr validate");
        let painted = render(&diagnostic, &Sources::default());
        assert_ne!(painted, diagnostic.render(&Sources::default()));
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), diagnostic.render(&Sources::default()));
    }
}
