//! What if a worker is slow, broken or lying? This one plays the file that it is given as its model, line by line.
//!
//! `say TEXT` prints a line, `flood` more than a line may have, `wait` waits for a question, `hang` never goes on, and at the end of the
//! file it ends. `answer TEXT` waits and answers the question with the text; `walls` waits and answers with what it inherited.

use std::io::{BufRead, Write};

use daemon_worker_protocol::{Ask, FromWorker, LINE_BYTES_MAX, line, read_line};

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let script = std::fs::read_to_string(path).unwrap_or_default();
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    for step in script.lines() {
        let (verb, text) = step.split_once(' ').unwrap_or((step, ""));
        let said = match verb {
            "say" => format!("{text}\n"),
            "flood" => "x".repeat(2 * LINE_BYTES_MAX),
            "answer" => answer(&mut input, text.to_owned()),
            "walls" => answer(&mut input, format!("{} variables in {:?}", std::env::vars_os().count(), std::env::current_dir().unwrap_or_default())),
            "wait" => question(&mut input).map(|_| String::new()).unwrap_or_default(),
            // Its own input ends only with the process that started it.
            "hang" => std::iter::from_fn(|| question(&mut input)).map(|_| String::new()).collect(),
            _ => return,
        };
        if output.write_all(said.as_bytes()).and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}

fn question(input: &mut impl BufRead) -> Option<Ask> {
    read_line(input).ok().flatten().and_then(|text| serde_json::from_str(&text).ok())
}

fn answer(input: &mut impl BufRead, text: String) -> String {
    let number = question(input).map(|ask| ask.number).unwrap_or_default();
    line(&FromWorker::Said { number, text }).unwrap_or_default()
}
