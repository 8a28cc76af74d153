//! Why did a command not do what it was asked? A message in five parts and the causes below it, or a list of mistakes.

use std::error::Error;

use core_model::Diagnostic;

use crate::config::Mistakes;

/// What ends a command with exit code 1.
#[derive(Debug)]
pub(crate) enum Failure {
    One(Box<Told>),
    /// Mistakes in a file that somebody wrote, each with its place.
    Mistakes(Mistakes),
}

/// One message, and what caused it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) message: Diagnostic,
    pub(crate) cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    pub(crate) fn new(message: Diagnostic) -> Self {
        Self::One(Box::new(Told { message, cause: None }))
    }

    /// A message whose detail is the error's own text; its causes follow.
    pub(crate) fn of(summary: &'static str, error: impl Error + Send + Sync + 'static) -> Self {
        let message = Diagnostic::error(summary, format!("{}.", sentence(&error.to_string())));
        Self::One(Box::new(Told { message, cause: Some(Box::new(error)) }))
    }

    /// For the log: the detail without its layout.
    pub(crate) fn in_one_line(&self) -> String {
        match self {
            Self::One(told) => told.message.detail.clone(),
            Self::Mistakes(mistakes) => format!("{} mistakes in a file", mistakes.diagnostics.len()),
        }
    }

    /// Adds the next step.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::One(told) = &mut self {
            told.message.hint = Some(hint.into());
        }
        self
    }

    /// Adds a line to copy.
    pub(crate) fn command(mut self, command: impl Into<String>) -> Self {
        if let Self::One(told) = &mut self {
            told.message.command = Some(command.into());
        }
        self
    }
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistakes(mistakes)
    }
}

/// With a capital at its start and no full stop at its end.
fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
