//! How is the built binary started, asked and ended? By its own process, which never outlives the test.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::binary;
use crate::configuration::Configuration;
use crate::log::Log;
use crate::metrics::Metrics;

/// Other tests build and run at the same time, so this is far more than a start takes.
const START_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a wait for the next line of the log may last before the daemon is asked again.
const GLANCE: Duration = Duration::from_millis(50);

/// The daemon of a story, running or not.
#[derive(Debug)]
pub struct Daemon {
    http: reqwest::Client,
    running: Mutex<Option<Running>>,
    /// The output of all processes so far, each after the other.
    logs: Mutex<Vec<Log>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    log: Log,
    port: u16,
}

/// A daemon that ended instead of starting.
#[derive(Debug)]
pub struct Refusal {
    pub status: ExitStatus,
    /// Everything it said.
    pub output: String,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut running) = self.lock().take() {
            // It may have ended by itself; there is nobody left to tell.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Daemon {
    pub(crate) fn new() -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(REQUEST_TIMEOUT).build().expect("a plain HTTP client can be made");
        Self { http, running: Mutex::new(None), logs: Mutex::new(Vec::new()) }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the daemon, waits until it does its work, and answers its port.
    pub(crate) async fn start(&self, configuration: &Configuration) -> u16 {
        assert!(self.lock().is_none(), "the daemon runs already");
        let (child, log) = self.spawn(configuration);
        let port = log.wait_for(START_TIMEOUT, listening_port).await;
        *self.lock() = Some(Running { child, log, port: port.unwrap_or_default() });
        let port = port.unwrap_or_else(|| panic!("the daemon did not say where it listens:\n{}", self.log()));
        if tokio::time::timeout(START_TIMEOUT, self.ready()).await.is_err() {
            panic!("the daemon does not get ready:\n{}", self.log());
        }
        port
    }

    /// Asks `/readyz` until it says yes, again after every line of the log.
    async fn ready(&self) {
        let log = self.lock().as_ref().expect("the daemon runs").log.clone();
        while !self.get("/readyz").await.is_some_and(|(status, _)| status == 200) {
            self.assert_alive();
            log.next_line(GLANCE).await;
        }
    }

    /// Starts the daemon where it has a reason not to start.
    pub(crate) async fn start_refused(&self, configuration: &Configuration) -> Refusal {
        let (mut child, log) = self.spawn(configuration);
        if !log.ended(START_TIMEOUT).await {
            // It is our own child; that it cannot be ended is no reason to hide why the test fails.
            let _ = child.kill();
        }
        let status = child.wait().expect("a child of ours can be waited for");
        Refusal { status, output: log.text() }
    }

    fn spawn(&self, configuration: &Configuration) -> (Child, Log) {
        let mut command = Command::new(binary::path());
        command.arg("serve").arg("--config").arg(configuration.file());
        command.env_clear().envs(configuration.variables()).env("RUST_LOG", "info,daemon_app=debug").env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{} cannot be run: {error}", binary::path().display()));
        let log = Log::new();
        log.follow(child.stdout.take().expect("its output is piped"));
        log.follow(child.stderr.take().expect("its output is piped"));
        self.logs.lock().unwrap_or_else(PoisonError::into_inner).push(log.clone());
        (child, log)
    }

    /// Ends the daemon as a crash does: at once and without a word (SIGKILL).
    pub fn kill(&self) {
        let mut running = self.lock().take().expect("the daemon runs");
        running.child.kill().expect("a child of ours can be killed");
        running.child.wait().expect("a child of ours can be waited for");
    }

    /// Asks the daemon to stop (SIGTERM) and waits until it did.
    pub async fn stop(&self) {
        let mut running = self.lock().take().expect("the daemon runs");
        let pid = Pid::from_child(&running.child);
        kill_process(pid, Signal::TERM).expect("a child of ours can be asked to stop");
        let ended = running.log.ended(STOP_TIMEOUT).await;
        if !ended {
            running.child.kill().expect("a child of ours can be killed");
        }
        let status = running.child.wait().expect("a child of ours can be waited for");
        assert!(ended, "the daemon did not stop within {STOP_TIMEOUT:?} of SIGTERM:\n{}", self.log());
        assert!(status.success(), "the daemon ended with {status} after SIGTERM:\n{}", self.log());
    }

    /// Everything that the daemon's processes wrote so far.
    pub fn log(&self) -> String {
        let logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        logs.iter().map(Log::text).collect::<Vec<_>>().join("\n--- the next process ---\n")
    }

    pub fn is_running(&self) -> bool {
        self.lock().is_some()
    }

    /// Where the daemon answers, without a slash at the end.
    pub fn url(&self) -> String {
        let port = self.lock().as_ref().expect("the daemon runs").port;
        format!("http://127.0.0.1:{port}")
    }

    /// Status and text of a page; `None` when no answer came.
    pub async fn get(&self, path: &str) -> Option<(u16, String)> {
        let answer = self.http.get(self.url() + path).send().await.ok()?;
        Some((answer.status().as_u16(), answer.text().await.ok()?))
    }

    /// Sends a webhook as GitHub would, and answers the status.
    pub async fn deliver(&self, event: &str, signature: &str, body: Vec<u8>) -> u16 {
        let request = self.http.post(self.url() + "/webhook").header("Content-Type", "application/json").header("X-GitHub-Event", event);
        let request = request.header("X-GitHub-Delivery", "0b5d1c3e-0000-4000-8000-000000000001").header("X-Hub-Signature-256", signature);
        let answer = request.body(body).send().await.expect("the daemon answers every webhook");
        answer.status().as_u16()
    }

    pub(crate) async fn metrics(&self) -> Metrics {
        self.assert_alive();
        self.get("/metrics").await.map(|(_, text)| Metrics::parse(&text)).unwrap_or_default()
    }

    fn assert_alive(&self) {
        let ended = self.lock().as_mut().expect("the daemon runs").child.try_wait().expect("a child of ours can be asked after");
        if let Some(status) = ended {
            panic!("the daemon ended by itself with {status}:\n{}", self.log());
        }
    }
}

/// The port in the line that says where the daemon listens.
fn listening_port(line: &str) -> Option<u16> {
    let (_, after) = line.split_once("127.0.0.1:").filter(|(before, _)| before.to_lowercase().contains("listen"))?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
