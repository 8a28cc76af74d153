//! What did the guest write to its serial console? Each run of it connects to a socket of the test's.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) const FROM_DISK: &str = "started from the disk";
pub(crate) const FROM_NETWORK: &str = "started from the network";
/// More lines than this are a loop; later ones are dropped.
const LINES_MAX: usize = 10_000;
/// Far more than it takes, even without the help of the processor and beside other tests.
const START_MAX: Duration = Duration::from_secs(100);

/// Where the guest was started from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    Disk,
    Network,
}

#[derive(Debug)]
pub(crate) struct Console {
    lines: watch::Receiver<Vec<String>>,
    listening: JoinHandle<()>,
}

impl Drop for Console {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Console {
    pub(crate) fn listen(socket: &Path) -> Self {
        let listener = UnixListener::bind(socket).expect("the test's folder is its own");
        let (sender, lines) = watch::channel(Vec::new());
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(follow(stream, sender.clone()));
            }
        });
        Self { lines, listening }
    }

    pub(crate) fn text(&self) -> String {
        self.lines.borrow().join("\n")
    }

    pub(crate) fn starts(&self) -> Vec<Start> {
        starts(&self.lines.borrow())
    }

    pub(crate) async fn wait_for_starts(&self, count: usize) -> Vec<Start> {
        let mut lines = self.lines.clone();
        let waited = tokio::time::timeout(START_MAX, lines.wait_for(|lines| starts(lines).len() >= count)).await;
        if !waited.is_ok_and(|lines| lines.is_ok()) {
            panic!("the guest was not started {count} times. Its console:\n{}", self.text());
        }
        self.starts()
    }
}

fn starts(lines: &[String]) -> Vec<Start> {
    let of_line = |line: &String| match () {
        () if line.contains(FROM_DISK) => Some(Start::Disk),
        () if line.contains(FROM_NETWORK) => Some(Start::Network),
        () => None,
    };
    lines.iter().filter_map(of_line).collect()
}

async fn follow(stream: UnixStream, lines: watch::Sender<Vec<String>>) {
    let mut read = BufReader::new(stream).split(b'\n');
    while let Ok(Some(line)) = read.next_segment().await {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        lines.send_if_modified(|lines| {
            let has_room = lines.len() < LINES_MAX;
            if has_room {
                lines.push(line);
            }
            has_room
        });
    }
}
