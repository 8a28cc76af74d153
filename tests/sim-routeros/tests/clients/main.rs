//! Do clients that others wrote take the simulator for a router?
//!
//! librouteros, RouterOS-api and Ansible's community.routeros are run as programs against it; none of their code is here. The
//! Python that has them is named by `IPR_TEST_PYTHON`, or is `python3`. Where one is missing that is said, and its test proves
//! nothing:
//!
//! ```text
//! python3 -m venv clients && clients/bin/pip install librouteros==4.2.2 RouterOS-api==0.21.0 ansible-core==2.19.14 ansible==12.3.0
//! ```

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use test_sim_routeros::{ClockSource, Router, RouterOptions, Version};

fn python() -> PathBuf {
    std::env::var_os("IPR_TEST_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from)
}

/// Whether the Python has a module; said aloud if it has not.
fn has(module: &str) -> bool {
    let found = Command::new(python()).args(["-c", &format!("import {module}")]).output();
    let is_there = found.is_ok_and(|output| output.status.success());
    if !is_there {
        eprintln!("SKIPPED: {} has no {module}; set IPR_TEST_PYTHON to a Python with the packages named in this file's head", python().display());
    }
    is_there
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name)
}

fn assert_success(output: &Output) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    text
}

async fn router(version: Version) -> Router {
    let options = RouterOptions { version, clock: ClockSource::Simulated, ..RouterOptions::default() };
    Router::start(options).await.expect("a router")
}

/// Runs a program beside the router, which needs this thread meanwhile.
async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("the program starts")
}

async fn run_script(router: &Router, name: &str) -> String {
    let mut command = Command::new(python());
    command.arg(file(name)).arg(router.api_address().port().to_string()).arg(router.version().as_str());
    assert_success(&run(command).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn librouteros() {
    if !has("librouteros") {
        return;
    }
    for version in Version::ALL {
        let router = router(version).await;
        run_script(&router, "librouteros_client.py").await;
        router.assert_honest();
        assert_eq!(router.column("/system/identity", "name"), ["by-librouteros"], "{version}");
        // The dead-man switch of librouteros' own is left armed by the script.
        router.advance_s(60);
        assert_eq!((router.column("/system/identity", "name"), router.reboots()), (vec!["MikroTik".to_owned()], 1), "{version}");
        router.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routeros_api() {
    if !has("routeros_api") {
        return;
    }
    for version in Version::ALL {
        let router = router(version).await;
        run_script(&router, "routeros_api_client.py").await;
        router.assert_honest();
        router.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn community_routeros() {
    if !has("librouteros") || !has("ansible") || !has("ansible_collections.community.routeros") {
        return;
    }
    // Each task is a program of its own, which takes its time: the newest release stands for all.
    let version = Version::V7_24;
    let router = router(version).await;
    let scratch = tempfile::tempdir().expect("a folder");
    let play = || {
        let mut command = Command::new(python());
        let arguments = format!("router_port={} ansible_python_interpreter={}", router.api_address().port(), python().display());
        command.args(["-m", "ansible", "playbook", "-i", "localhost,", "-e", &arguments]).arg(file("site.yml"));
        command
            .env("ANSIBLE_LOCAL_TEMP", scratch.path())
            .env("ANSIBLE_HOME", scratch.path())
            .env("ANSIBLE_NOCOLOR", "1")
            .env("ANSIBLE_PIPELINING", "1");
        run(command)
    };
    let first = assert_success(&play().await);
    assert!(first.contains("failed=0"), "{first}");
    router.assert_honest();
    router.forget_calls();
    let second = assert_success(&play().await);
    assert!(second.contains("changed=0"), "a second run changes nothing:\n{second}");
    let writes: Vec<_> = router.writes();
    assert!(writes.is_empty(), "{version}: {writes:?}");
    router.stop().await;
}
