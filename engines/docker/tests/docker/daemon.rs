//! Where is a Docker daemon for these tests? The one that is named, else a private one that ends with its last user.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// A daemon that answers.
pub(crate) struct Daemon {
    pub(crate) endpoint: String,
    _private: Option<Private>,
}

/// A daemon of our own: its process, its folder, and the lock that keeps other test processes from starting one beside it
/// (two daemons would share the bridge `docker0`).
struct Private {
    process: Child,
    folder: tempfile::TempDir,
    _alone: File,
}

static SHARED: Mutex<Weak<Daemon>> = Mutex::new(Weak::new());

const START_MAX: Duration = Duration::from_secs(60);

/// `None` when there is no daemon and none can be started. That is said loudly, and is a failure in CI.
pub(crate) fn daemon() -> Option<Arc<Daemon>> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(daemon) = shared.upgrade() {
        return Some(daemon);
    }
    let daemon = match std::env::var("IPR_TEST_DOCKER") {
        Ok(endpoint) => Daemon { endpoint, _private: None },
        Err(_) => match start() {
            Ok(daemon) => daemon,
            Err(why) => {
                eprintln!("NOT RUN: no Docker daemon: {why}. Hint: IPR_TEST_DOCKER=unix:///var/run/docker.sock");
                assert!(std::env::var("CI").is_err(), "CI runs every test, and there is no Docker daemon: {why}");
                return None;
            }
        },
    };
    let daemon = Arc::new(daemon);
    *shared = Arc::downgrade(&daemon);
    Some(daemon)
}

fn start() -> Result<Daemon, String> {
    let alone = File::create(std::env::temp_dir().join("ipr-test-docker.lock")).map_err(|error| format!("the lock cannot be made: {error}"))?;
    alone.lock().map_err(|error| format!("the lock cannot be taken: {error}"))?;
    let folder = tempfile::Builder::new().prefix("ipr-docker-").tempdir().map_err(|error| format!("no folder: {error}"))?;
    let at = |name: &str| folder.path().join(name);
    let endpoint = format!("unix://{}", at("docker.sock").display());
    let log = File::create(at("dockerd.log")).map_err(|error| format!("no log: {error}"))?;
    let process = Command::new("dockerd")
        .arg("--data-root")
        .arg(at("data"))
        .arg("--exec-root")
        .arg(at("exec"))
        .arg("--pidfile")
        .arg(at("docker.pid"))
        .args(["--host", &endpoint])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|error| format!("dockerd cannot be started: {error}"))?;
    let mut private = Private { process, folder, _alone: alone };
    private.await_answer()?;
    Ok(Daemon { endpoint, _private: Some(private) })
}

impl Private {
    /// Until the daemon listens, its socket cannot be connected to.
    fn await_answer(&mut self) -> Result<(), String> {
        let (socket, deadline) = (self.folder.path().join("docker.sock"), Instant::now() + START_MAX);
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(format!("dockerd ended with {status}: {}", last_line(&self.folder.path().join("dockerd.log"))));
            }
            if Instant::now() > deadline {
                return Err("dockerd does not answer".to_owned());
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // SIGTERM lets it end its own children; the standard library knows only SIGKILL.
        let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
        let _ = self.process.wait();
    }
}

fn last_line(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default().lines().last().unwrap_or("no log").to_owned()
}
