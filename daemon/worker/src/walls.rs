//! Is the process confined indeed? It tries, from inside, everything that it must not be able to do.
//!
//! The worker looks at this before it loads a model, at every start, and refuses to go on where a single thing works.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

/// Something that a model must not be able to do, and whether it is refused.
type Attempt = (&'static str, fn() -> bool);

const ATTEMPTS: &[Attempt] = &[
    ("connect over TCP", || is_refused(TcpStream::connect(("127.0.0.1", 9)))),
    ("listen on TCP", || is_refused(TcpListener::bind(("127.0.0.1", 0)))),
    ("open a UDP socket", || is_refused(UdpSocket::bind(("127.0.0.1", 0)))),
    ("connect to a local socket", || is_refused(UnixStream::connect("/run/docker.sock"))),
    ("open a file", || is_refused(File::open("/etc/passwd"))),
    ("open its own memory", || is_refused(File::open("/proc/self/mem"))),
    ("open the environment of a process", || is_refused(File::open("/proc/self/environ"))),
    ("list a folder", || is_refused(fs::read_dir("/"))),
    ("make a file", || is_refused(File::create("/tmp/ipr-model-was-here"))),
    ("remove a file", || is_refused(fs::remove_file("/tmp/ipr-model-was-here"))),
    ("start a program", || is_refused(Command::new("/bin/true").status())),
    ("read its environment", || std::env::vars_os().next().is_none()),
];

/// What the process can do and must not. Empty where it is confined.
pub fn breaches() -> Vec<&'static str> {
    ATTEMPTS.iter().filter(|(_, is_refused)| !is_refused()).map(|(name, _)| *name).collect()
}

/// Whether the model itself can be read.
pub fn can_read(model: &Path) -> bool {
    File::open(model).is_ok()
}

/// Refused by the kernel: that nobody listens, or that something is not there, is no wall.
fn is_refused<T>(attempt: std::io::Result<T>) -> bool {
    attempt.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::confinement::confine;

    /// In a thread of its own: what is taken away from it is taken away from nobody else.
    #[test]
    fn a_confined_thread_reads_the_model_and_nothing_else() {
        let model = tempfile::NamedTempFile::new().unwrap();
        let path = model.path().to_owned();
        let (breaches, can_read_model, can_start_threads) = std::thread::spawn(move || {
            confine(&path).unwrap();
            (breaches(), can_read(&path), std::thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok()))
        })
        .join()
        .unwrap();
        // A test has an environment; the program is started without one and refuses to run with one.
        assert_eq!(breaches, ["read its environment"]);
        assert!(can_read_model, "the model is the one file that is left");
        assert!(can_start_threads, "llama.cpp computes with several threads");
    }

    #[test]
    fn without_walls_every_attempt_that_works_is_told() {
        let told = breaches();
        for attempt in ["connect over TCP", "open a UDP socket", "open a file", "list a folder", "start a program", "read its environment"] {
            assert!(told.contains(&attempt), "`{attempt}` is not among {told:?}");
        }
    }

    #[test]
    fn a_model_that_is_not_there_is_said_before_anything_is_taken_away() {
        let told = std::thread::spawn(|| confine(Path::new("/nowhere/model.gguf")).unwrap_err().to_string()).join().unwrap();
        assert_eq!(told, "the model's file cannot be opened");
    }
}
