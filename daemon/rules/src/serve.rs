//! What does the process of the rules do? It bounds itself, reads one question, answers it, and ends.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use core_policy::{Hearing, Said};

use crate::bounds;

/// Answers the question on standard input. A process calls it before it does anything else, and ends with what it answers.
pub fn serve() -> ExitCode {
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever asked reads the last words; nobody is left to tell when they cannot be written.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> io::Result<()> {
    bounds::set().map_err(|error| io::Error::other(format!("the process of the rules cannot bound itself: {error}")))?;
    let hearing = question()?;
    let mut output = io::stdout().lock();
    let mut written = Ok(());
    hearing.answer(&mut |said| {
        written = write_line(&mut output, said);
        written.is_ok()
    });
    written
}

fn question() -> io::Result<Hearing> {
    let mut text = Vec::new();
    io::stdin().lock().take(bounds::QUESTION_BYTES_MAX).read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(io::Error::from)
}

/// Standard output goes out line by line, so that whoever listens knows which rule is asked.
fn write_line(output: &mut impl Write, said: &Said) -> io::Result<()> {
    let mut line = serde_json::to_vec(said)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
