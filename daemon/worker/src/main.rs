//! `ipr-model MODEL.gguf`: the worker of a local model. It confines itself, looks whether it is confined, loads the model, and answers.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use daemon_worker::speaker::Speaker;
use daemon_worker::{confinement, processor, walls};
use daemon_worker_protocol::{Ask, FromWorker, line, read_line};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(model), None) = (arguments.next().map(PathBuf::from), arguments.next()) else {
        eprintln!("ipr-model: write `ipr-model MODEL.gguf`; the daemon starts it where its configuration has a `model.file`");
        return ExitCode::FAILURE;
    };
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let speaker = match prepare(&model) {
        Ok(speaker) => speaker,
        Err(why) => {
            tell(&mut output, &FromWorker::Broken { why });
            return ExitCode::FAILURE;
        }
    };
    if !tell(&mut output, &FromWorker::Ready { version: speaker.version().to_owned() }) {
        return ExitCode::FAILURE;
    }
    talk(&speaker, &mut input, &mut output)
}

/// The walls come before the model: its file is somebody else's, and so are the bugs that it may know of.
fn prepare(model: &Path) -> Result<Speaker, String> {
    if let Some(why) = processor::missing() {
        return Err(why);
    }
    confinement::limit().and_then(|()| confinement::confine(model)).map_err(|error| match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    })?;
    let breaches = walls::breaches();
    if !breaches.is_empty() {
        return Err(format!("the process is not confined: it can {}", breaches.join(", ")));
    }
    Speaker::load(model)
}

/// Until the daemon closes our input, or says something that is no question.
fn talk(speaker: &Speaker, input: &mut impl BufRead, output: &mut impl Write) -> ExitCode {
    loop {
        let ask = match read_line(input) {
            Ok(None) => return ExitCode::SUCCESS,
            Ok(Some(text)) => serde_json::from_str::<Ask>(&text).ok(),
            Err(_) => None,
        };
        let Some(ask) = ask else { return ExitCode::FAILURE };
        let said = match speaker.answer(&ask) {
            Ok(text) => FromWorker::Said { number: ask.number, text },
            Err(why) => FromWorker::Declined { number: ask.number, why },
        };
        if !tell(output, &said) {
            return ExitCode::FAILURE;
        }
    }
}

/// Whether the daemon is still there to hear it.
fn tell(output: &mut impl Write, message: &FromWorker) -> bool {
    line(message).is_ok_and(|line| output.write_all(line.as_bytes()).and_then(|()| output.flush()).is_ok())
}
