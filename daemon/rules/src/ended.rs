//! Why did the process of the rules end before it had said everything? As a message that names the rule at which it was.

use std::io;
use std::os::unix::process::ExitStatusExt;

use core_model::{Diagnostic, Span};
use rustix::process::Signal;

use crate::bounds::{ANSWER_TIMEOUT, MEMORY_BYTES_MAX, PROCESSOR_S_MAX};
use crate::exchange::Ending;

/// What Rust's allocator and Rust's guard of the stack say as their last words.
const OUT_OF_MEMORY: &str = "memory allocation of";
const OUT_OF_STACK: &str = "has overflowed its stack";

/// Whether a process ended as it should; the message where it did not, about the rule that it was asking.
pub(crate) fn well(ending: io::Result<Ending>, asking: Option<(&str, &Span)>) -> Result<(), Box<Diagnostic>> {
    let ending = match ending {
        Ok(Ending { status: Some(status), .. }) if status.success() => return Ok(()),
        Ok(ending) => ending,
        Err(error) => return Err(not_run(&error)),
    };
    let (summary, what, hint) = cause(&ending);
    let subject =
        asking.map_or_else(|| "What the rules say at their start".to_owned(), |(rule, at)| format!("The rule `{rule}`, {}:{},", at.file, at.line));
    let detail = format!("{subject} {what}. No rule after it was asked.");
    let message = Diagnostic::error(summary, detail).because("Rules are asked in a process of their own, which ended here.").hint(hint);
    Err(Box::new(match asking {
        Some((_, at)) => message.at(at),
        None => message,
    }))
}

/// Summary, what the rule did, and what to do about it.
fn cause(ending: &Ending) -> (&'static str, String, &'static str) {
    let Ending { status, last_words } = ending;
    let signal = status.and_then(|status| status.signal());
    let time = || {
        let hint = "look at fewer combinations, and make no number of many digits";
        ("Rule takes too long", format!("takes more than {PROCESSOR_S_MAX} s of processor time"), hint)
    };
    let memory = || {
        let hint = "make shorter texts and lists: one that doubles with each line has no end";
        ("Rule takes too much memory", format!("takes more than {} MiB of memory", MEMORY_BYTES_MAX >> 20), hint)
    };
    match status {
        None => (
            "Rules not answered in time",
            format!("was not answered within {} s", ANSWER_TIMEOUT.as_secs()),
            "this machine may be busy; ask for the plan again, `/plan`",
        ),
        Some(_) if signal == Some(Signal::XCPU.as_raw()) => time(),
        Some(_) if last_words.contains(OUT_OF_MEMORY) => memory(),
        Some(_) if last_words.contains(OUT_OF_STACK) => {
            ("Rule nests too deeply", "nests values or calls too deeply".to_owned(), "take what it makes apart into rules of their own")
        }
        Some(status) => {
            let words = last_words.lines().next().unwrap_or_default();
            let said = if words.is_empty() { String::new() } else { format!(" and said `{words}`") };
            (
                "Rules not asked",
                format!("was not answered: its process ended with {status}{said}"),
                "if it does so again, it is a bug in ipr; please report it",
            )
        }
    }
}

fn not_run(error: &io::Error) -> Box<Diagnostic> {
    let detail = format!("The process in which rules are asked could not be started: {error}.");
    Box::new(Diagnostic::error("Rules not asked", detail).hint("this machine may be out of memory or of processes; ask for the plan again, `/plan`"))
}

/// It ended well, and before it had said everything.
pub(crate) fn unfinished() -> Box<Diagnostic> {
    let detail = "The process in which rules are asked ended without an answer.";
    Box::new(Diagnostic::error("Rules not asked", detail).hint("this is a bug in ipr; please report it"))
}

/// Rules that do not compile, which whoever asks has mostly said before.
pub(crate) fn broken(why: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("Rules do not compile", why))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::process::ExitStatus;

    use super::*;

    fn told(raw_status: Option<i32>, last_words: &str) -> String {
        let ending = Ending { status: raw_status.map(ExitStatus::from_raw), last_words: last_words.to_owned() };
        let at = Span::new("policies/a.rego", 3, 1);
        well(Ok(ending), Some(("main.deny", &at))).unwrap_err().render(&core_model::Sources::default())
    }

    #[test]
    fn every_end_names_the_rule_and_its_cause() {
        let aborted = Some(Signal::ABORT.as_raw());
        for (status, words, expected) in [
            (aborted, "memory allocation of 268435456 bytes failed\n", "takes more than 256 MiB of memory"),
            (Some(Signal::XCPU.as_raw()), "", "takes more than 60 s of processor time"),
            (None, "", "was not answered within 180 s"),
            (aborted, "\nthread 'main' has overflowed its stack\n", "nests values or calls too deeply"),
            (Some(Signal::KILL.as_raw()), "", "its process ended with signal: 9"),
            (Some(1 << 8), "it cannot bound itself\n", "exit status: 1 and said `it cannot bound itself`"),
        ] {
            let text = told(status, words);
            assert!(text.contains(expected) && text.contains("`main.deny`, policies/a.rego:3,"), "{text}");
        }
    }

    #[test]
    fn a_process_that_is_done_is_no_fault() {
        let done = Ending { status: Some(ExitStatus::from_raw(0)), last_words: String::new() };
        assert!(well(Ok(done), None).is_ok());
        assert!(well(Err(io::Error::other("no")), None).is_err());
    }
}
