//! Does `ipr demo` tell its whole story, and is nothing left of it? The built program, in a process of its own.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used)]

mod with_docker;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The demo, with a folder of its own for everything temporary.
fn demo(folder: &Path, docker: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipr"));
    command.args(["demo", "--once"]).env("DOCKER_HOST", docker).env("TMPDIR", folder).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// An address at which nothing listens.
fn no_docker(folder: &TempDir) -> String {
    format!("unix://{}", folder.path().join("absent/docker.sock").display())
}

fn assert_nothing_is_left_in(folder: &Path) {
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The story, if it came to its good end.
fn story(output: &Output) -> String {
    let story = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}\n{story}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    story
}

fn assert_in_order(story: &str, lines: &[&str]) {
    let mut rest = story;
    for line in lines {
        let Some((_, after)) = rest.split_once(line) else { panic!("`{line}` is missing, or not after what comes before it:\n{story}") };
        rest = after;
    }
}

#[test]
fn without_an_engine_the_story_is_played_on_a_fake_one_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let story = story(&demo(folder.path(), &no_docker(&folder)).output().unwrap());
    assert_in_order(
        &story,
        &[
            "a fake engine stands in for it",
            "Alice opens pull request #1",
            "### Plan for demo: 4 creates",
            "Alice merges #1",
            "### ✅ Applied to demo",
            "Alice opens pull request #2",
            "### Plan for demo: 1 replace",
            "One step, one field: cdn.origin specs.env.CONF.",
            "Alice reverts #2",
            "Alice reverts #1",
            "### Plan for demo: 3 deletes and 1 release",
            "cdn-cache is kept, because it holds data.",
            "ipr: applied #4 in demo",
            "ipr: first record of demo",
            "The daemon has ended.",
        ],
    );
    assert_nothing_is_left_in(folder.path());
}

#[test]
fn an_interrupted_demo_removes_what_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = demo(folder.path(), &no_docker(&folder)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("Alice merges #1")), "the demo gets that far");
    kill_process(Pid::from_raw(running.id().try_into().unwrap()).unwrap(), Signal::INT).unwrap();
    let rest: Vec<String> = lines.collect();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{rest:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("Interrupted"), "{output:?}");
    assert!(rest.iter().any(|line| line.contains("The daemon has ended.")), "{rest:?}");
    assert_nothing_is_left_in(folder.path());
}
