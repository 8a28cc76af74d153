//! How do things look on a terminal? Colour where there is one, plain text everywhere else.
//!
//! Everything is written through `anstream`, which leaves colours out where nobody can see them (a pipe, a file,
//! `NO_COLOR`). Text that comes from outside cannot move the cursor: see [`plain`].

mod ask;
mod change;
mod check;
mod diagnostics;
mod lines;
mod number;
mod paint;
mod plan;
mod progress;
mod question;
mod value;
mod verdict;

use std::{error::Error, fmt::Display, io::Write};

pub(crate) use ask::ask;
pub(crate) use change::print_change;
pub(crate) use check::print_check;
pub(crate) use diagnostics::print_diagnostics;
pub(crate) use lines::{Line, Lines};
pub(crate) use number::several;
pub(crate) use paint::plain;
pub(crate) use plan::print_plan;
pub(crate) use progress::Progress;
pub(crate) use question::Shown;
pub(crate) use verdict::print_verdict;

use crate::failure::Failure;

/// Causes below the first one. A chain that is longer says nothing more.
const CAUSES_MAX: usize = 8;

/// Prints to standard output. Whoever reads may have seen enough (`ipr log | head`), which is no mistake of ours.
pub(crate) fn print(text: impl Display) {
    let _ = write!(anstream::stdout(), "{text}");
}

/// Prints to standard error.
pub(crate) fn tell(text: impl Display) {
    let _ = write!(anstream::stderr(), "{text}");
}

/// Prints why a command failed, to standard error.
pub(crate) fn print_failure(failure: &Failure) {
    match failure {
        Failure::Mistakes(mistakes) => print_diagnostics(&mistakes.diagnostics, &mistakes.sources),
        Failure::One(told) => {
            let mut message = told.message.clone();
            for cause in causes(told.cause.as_deref().and_then(|cause| cause.source())) {
                message.detail.push_str(&format!("\nBecause: {cause}"));
            }
            print_diagnostics(&[message], &core_model::Sources::default());
        }
    }
}

fn causes<'a>(first: Option<&'a (dyn Error + 'static)>) -> impl Iterator<Item = String> + 'a {
    std::iter::successors(first, |cause: &&'a (dyn Error + 'static)| (*cause).source()).take(CAUSES_MAX).map(|cause| plain(&cause.to_string()))
}
