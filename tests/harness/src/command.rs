//! How is a command of `ipr` run beside the daemon? With the daemon's own configuration, as its host's administrator does.

use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::binary;
use crate::configuration::Configuration;

/// Far more than any of the commands takes.
const END_TIMEOUT: Duration = Duration::from_secs(120);

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A command that runs.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    pub(crate) fn start(configuration: &Configuration, arguments: &[&str]) -> Self {
        let mut command = Command::new(binary::path());
        let folder = configuration.folder();
        // Not in its folder: the daemon's own ipr.yaml there is no repository's.
        command.args(arguments).current_dir("/").env_clear().envs(configuration.variables());
        command.env("IPR_CONFIG", configuration.file()).env("HOME", folder).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command.spawn().unwrap_or_else(|error| panic!("{} cannot be run: {error}", binary::path().display())))
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        kill_process(Pid::from_child(&self.0), Signal::INT).expect("a child of ours can be interrupted");
    }

    /// As a crash does.
    pub async fn kill(mut self) {
        self.0.kill().expect("a child of ours can be killed");
        self.ended().await;
    }

    pub async fn ended(self) -> Ended {
        let waited = tokio::task::spawn_blocking(move || self.0.wait_with_output());
        let Output { status, stdout, stderr } = tokio::time::timeout(END_TIMEOUT, waited)
            .await
            .expect("the command ends")
            .expect("nobody panics while it is waited for")
            .expect("a child of ours can be waited for");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what it prints is text");
        Ended { code: status.code(), out: text(stdout), err: text(stderr) }
    }
}
