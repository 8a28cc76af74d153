//! How does a test talk to the worker? As the daemon does, line by line, and with nothing inherited.

use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use daemon_worker_protocol::{Ask, FromWorker, Message, Role, line, read_line};
use serde_json::Value;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ipr-model");

/// A worker that runs. It ends with the test.
pub(crate) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Worker {
    pub(crate) fn start(model: &Path) -> Self {
        Self::start_with(model, &[])
    }

    pub(crate) fn start_with(model: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.arg(model).env_clear().envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    /// A worker that is ready, and the version that it tells.
    pub(crate) fn ready(model: &Path) -> (Self, String) {
        let mut worker = Self::start(model);
        match worker.hear() {
            FromWorker::Ready { version } => (worker, version),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub(crate) fn hear(&mut self) -> FromWorker {
        serde_json::from_str(&read_line(&mut self.output).unwrap().expect("the worker says something")).unwrap()
    }

    pub(crate) fn ask(&mut self, ask: &Ask) -> FromWorker {
        self.say(&line(ask).unwrap());
        self.hear()
    }

    /// Closes its input and waits for its end.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.input = None;
        self.child.wait().unwrap()
    }
}

pub(crate) fn ask(text: &str, schema: Value) -> Ask {
    let message = |role, content: &str| Message { role, content: content.to_owned() };
    Ask {
        number: 7,
        messages: vec![message(Role::System, "Say which command is meant."), message(Role::User, text)],
        schema,
        tokens_max: 6_000,
        thought_tokens_max: 100,
        milliseconds: 60_000,
    }
}
