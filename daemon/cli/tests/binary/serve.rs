//! The daemon as a process: it takes webhooks at once, refuses to start unsafely, and ends when it is told to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use insta::assert_snapshot;
use rustix::process::{Pid, Signal, kill_process};

use crate::fixture::Fixture;

/// A daemon that cannot reach GitHub: nothing listens on port 9 of this machine.
fn configured() -> Fixture {
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    let config = fixture.read("config/ipr/ipr.yaml").replace("127.0.0.1:8080", "127.0.0.1:0");
    fixture.write("config/ipr/ipr.yaml", &config.replace("github:\n", "github:\n  api: http://127.0.0.1:9\n  web: http://127.0.0.1:9\n"));
    fixture
}

struct Daemon {
    child: Child,
    address: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Daemon {
    fn start(fixture: &Fixture) -> Self {
        let mut command = fixture.command(["serve"]);
        let mut child = command.env("IPR_GITHUB_TOKEN", "ghp_x").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut daemon = Self { child, address: String::new(), log };
        let mut line = String::new();
        while !line.contains("serving") {
            line.clear();
            assert_ne!(daemon.log.read_line(&mut line).unwrap(), 0, "the daemon ended");
        }
        daemon.address = line.split_whitespace().find_map(|word| word.strip_prefix("listen=")).unwrap().to_owned();
        daemon
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Tells it to stop, and returns its exit code and the rest of its log.
    fn end(mut self) -> (Option<i32>, String) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

/// A test that fails leaves no daemon behind.
impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_lives_without_github_and_ends_when_told() {
    let fixture = configured();
    let daemon = Daemon::start(&fixture);
    assert!(daemon.get("/healthz").starts_with("HTTP/1.1 200 "));
    assert!(daemon.get("/readyz").starts_with("HTTP/1.1 503 "), "GitHub never answered");
    assert!(daemon.get("/").contains("<td>no run is open</td>"));
    let (code, log) = daemon.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped") && !log.contains("ghp_x"), "{log}");
    // The database was closed: the next daemon may have it.
    assert_eq!(Daemon::start(&fixture).end().0, Some(0));
}

#[test]
fn it_does_not_start_without_its_secrets() {
    let fixture = configured();
    fixture.write("config/ipr/webhook-secret", "It's a Secret to Everybody\n");
    let ended = fixture.ipr(["serve"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    let hints: Vec<&str> =
        ended.err.lines().filter(|line| line.starts_with("error") || line.contains("has no value") || line.contains("does not start")).collect();
    assert_snapshot!(hints.join("\n"), @r"
        error: Missing secret
        `github.token` has no value: the variable `IPR_GITHUB_TOKEN` is not set.
        error: Unsafe webhook secret
        The daemon does not start: the webhook secret is a sample that anybody can guess; make one with `openssl rand -hex 32`.
    ");
}

#[test]
fn one_database_serves_one_daemon() {
    let fixture = configured();
    let daemon = Daemon::start(&fixture);
    let mut second = fixture.command(["serve"]);
    let ended = fixture.ended(second.env("IPR_GITHUB_TOKEN", "ghp_x").output().unwrap());
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("another daemon is using it"), "{ended:?}");
    assert_eq!(daemon.end().0, Some(0));
}
