//! Do we and others understand each other? Programs that other people wrote, as clients of our simulator and as BMCs for us.

mod clients;
mod ipmi_sim;
mod pyghmi;
mod same_bytes;

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use engine_api::contract::{Bench, HeldLease};
use engine_api::{Mutation, Repeat, WritePermit};
use test_guest::Missing;
use tokio::process::Command;

use crate::subject::SimSubject;

/// A program that is installed; the test is not run without it, and says so.
fn program(name: &str, package: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&folders).chain(["/usr/sbin".into(), "/sbin".into()]).map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        not_run(&format!("no `{name}`. Hint: apt-get install {package}"));
    }
    found
}

pub(crate) fn not_run(why: &str) {
    eprintln!("NOT RUN: {why}");
    assert!(std::env::var("CI").is_err(), "CI runs every test: {why}");
}

/// As [`not_run`], of what comes by pip: not every place that runs everything else can reach it.
pub(crate) fn not_tested(what: &str) {
    eprintln!("NOT TESTED: {what}. Hint: run .ci/install, and set IPR_TEST_PYTHON to ~/.cache/ipr/test-tools/bin/python");
}

/// What a program prints, which must succeed.
pub(crate) async fn printed(command: &mut Command) -> String {
    let output = command.kill_on_drop(true).output().await.unwrap();
    assert!(output.status.success(), "{command:?}: {}", shown(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// What a machine behind a BMC is made of, if it is all here.
pub(crate) fn there<T>(made: Result<T, Missing>) -> Option<T> {
    match made {
        Ok(made) => return Some(made),
        Err(missing @ Missing::Refused { .. }) => panic!("{missing}"),
        Err(missing @ Missing::Program { .. }) => not_run(&missing.to_string()),
        Err(missing) => not_tested(&format!("the engine on a machine behind a BMC of others: {missing}")),
    }
    None
}

fn shown(output: &Output) -> String {
    format!("{} {}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// ipmitool, logged in as the administrator that all BMCs of these tests have.
async fn ipmitool(port: u16, suite: u8, arguments: &[&str]) -> Option<String> {
    let program = program("ipmitool", "ipmitool")?;
    let mut command = Command::new(program);
    let suite = suite.to_string();
    command.args(["-I", "lanplus", "-H", "127.0.0.1", "-U", "admin", "-P", "password", "-N", "2", "-R", "3", "-C", &suite]);
    command.args(["-p", &port.to_string()]).args(arguments);
    Some(printed(&mut command).await)
}

/// What drivers demand for a change. Only the gate makes it; the subject lends its bench.
async fn permit(subject: &SimSubject) -> WritePermit {
    let bench = Bench::fresh(subject).await;
    let step = core_model::Hash::of_bytes(b"");
    let gate = bench.gate(&step, &bench.journal, &HeldLease);
    let mutation = Mutation {
        attempt: "change it".to_owned(),
        operation: "Change",
        key: String::new(),
        repeat: Repeat::Never,
        deadline: Duration::from_secs(5),
    };
    gate.mutate(mutation, |permit| async { Ok(permit) }).await.unwrap()
}
