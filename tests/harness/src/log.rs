//! What did a process say? Its output, line by line, kept to be searched, waited for and printed when a test fails.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::watch;

/// More lines than this from one process are a loop, not a log; later ones are dropped.
const LINES_MAX: usize = 50_000;

#[derive(Debug, Default)]
struct Written {
    lines: Vec<String>,
    /// Streams that are still open.
    open: usize,
}

/// The output of one process.
#[derive(Clone, Debug)]
pub(crate) struct Log(Arc<watch::Sender<Written>>);

impl Log {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Written::default())))
    }

    /// Reads a stream to its end, on a thread of its own: output must flow even while the test is busy.
    pub(crate) fn follow(&self, stream: impl Read + Send + 'static) {
        let log = self.0.clone();
        log.send_modify(|written| written.open += 1);
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                log.send_modify(|written| {
                    if written.lines.len() < LINES_MAX {
                        written.lines.push(line);
                    }
                });
            }
            log.send_modify(|written| written.open -= 1);
        });
    }

    pub(crate) fn text(&self) -> String {
        self.0.borrow().lines.join("\n")
    }

    /// Waits for a line from which `find` makes something. `None`: the streams ended or the time is over.
    pub(crate) async fn wait_for<T>(&self, within: Duration, mut find: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let mut log = self.0.subscribe();
        let mut next = 0;
        let search = async {
            loop {
                {
                    let written = log.borrow_and_update();
                    let found = written.lines.iter().skip(next).find_map(|line| find(line));
                    if found.is_some() || written.open == 0 {
                        return found;
                    }
                    next = written.lines.len();
                }
                log.changed().await.ok()?;
            }
        };
        tokio::time::timeout(within, search).await.ok().flatten()
    }

    /// Waits until the process says something more, but no longer than this.
    pub(crate) async fn next_line(&self, within: Duration) {
        let mut log = self.0.subscribe();
        // Whoever waits looks again in either case.
        let _ = tokio::time::timeout(within, log.changed()).await;
    }

    /// Waits until the process closed its streams, which it does when it ends. False: the time is over.
    pub(crate) async fn ended(&self, within: Duration) -> bool {
        let mut log = self.0.subscribe();
        tokio::time::timeout(within, log.wait_for(|written| written.open == 0)).await.is_ok()
    }
}
