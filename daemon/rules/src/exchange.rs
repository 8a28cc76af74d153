//! What was said until the process ended? Its input is written, its output read and its last words kept, all at once and within a time.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, ExitStatus};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use core_policy::Said;

use crate::bounds::{LAST_WORDS_BYTES_MAX, LINE_BYTES_MAX};

/// Lines that wait to be taken.
const QUEUE: usize = 16;

/// How a process ended.
#[derive(Debug)]
pub(crate) struct Ending {
    /// None where it was ended, because it did not answer in time.
    pub(crate) status: Option<ExitStatus>,
    /// The beginning of what it said on standard error.
    pub(crate) last_words: String,
}

/// Gives a process its question, and everything that it says to `take`, until it ends. Its three pipes must be ours.
pub(crate) fn exchange(mut child: Child, question: &[u8], timeout: Duration, take: &mut dyn FnMut(Said)) -> io::Result<Ending> {
    let missing = || io::Error::other("the process has no pipes");
    let (mut input, output) = (child.stdin.take().ok_or_else(missing)?, child.stdout.take().ok_or_else(missing)?);
    let errors = child.stderr.take().ok_or_else(missing)?;
    let until = Instant::now() + timeout;
    thread::scope(|scope| {
        // A process that ends early reads no more; how it ended says why.
        scope.spawn(move || _ = input.write_all(question));
        let last_words = scope.spawn(move || {
            let mut words = Vec::new();
            let _ = errors.take(LAST_WORDS_BYTES_MAX).read_to_end(&mut words);
            String::from_utf8_lossy(&words).into_owned()
        });
        let (sender, receiver) = mpsc::sync_channel(QUEUE);
        scope.spawn(move || read_lines(output, &sender));
        let in_time = loop {
            match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(said) => take(said),
                Err(RecvTimeoutError::Disconnected) => break true,
                Err(RecvTimeoutError::Timeout) => break false,
            }
        };
        drop(receiver);
        if !in_time {
            child.kill()?;
        }
        // Nobody listens any more. A process that would go on all the same ends by its own bound on processor time.
        let status = child.wait()?;
        Ok(Ending { status: in_time.then_some(status), last_words: last_words.join().unwrap_or_default() })
    })
}

/// Reads until the process says no more, nobody takes it any more, or it says what nobody understands.
fn read_lines(output: ChildStdout, sender: &SyncSender<Said>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let Ok(1..) = output.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) else { return };
        let Ok(said) = serde_json::from_slice(&line) else { return };
        if sender.send(said).is_err() {
            return;
        }
    }
}
